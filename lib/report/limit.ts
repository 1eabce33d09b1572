/** What a search for a limit comes down to, in words; one place for all renderers. */
import { notSeenWords } from '../measurement/limit/seen.ts';
import type { LimitMeasurement, LimitPlace, LimitProbe } from '../measurement/limit/types.ts';
import { formatCount, formatDurationMs, formatPercent, formatRate } from '../units.ts';
import { type WorstLatency, worstLatency } from './summary.ts';

const placeNames: Readonly<Record<LimitPlace, string>> = {
  client: 'the load generator, so the cluster may take more',
  otherWork: 'something else on the machine, so the cluster may take more',
  brokerCpu: "the brokers' CPU",
  disk: "the brokers' disks",
  network: "the brokers' network",
  replication: 'replication',
  unknown: 'nothing that could be seen from here',
};

/** `41,200/s sustained and confirmed, 43,260/s not`. */
export function answerText({ answer }: LimitMeasurement): string {
  switch (answer.kind) {
    case 'none':
      return `none: not even ${formatRate(answer.belowPerSec)} was sustained`;
    case 'atOrAbove':
      return `at or above ${formatRate(answer.ratePerSec)}, the highest rate tried`;
    case 'rate':
      return `${formatRate(answer.ratePerSec)} sustained and confirmed, ${formatRate(answer.highPerSec)} not`;
    case 'unresolved':
      return [
        'not resolved',
        answer.lowPerSec === null ? 'no rate sustained yet' : `${formatRate(answer.lowPerSec)} sustained`,
        answer.highPerSec === null ? 'none failed' : `${formatRate(answer.highPerSec)} not`,
      ].join(', ');
  }
}

/** `limited by replication: 2 partitions had a replica out of sync; not seen from here, so not ruled out: disks`. */
export function causeText({ cause, probes }: LimitMeasurement): string {
  if (cause.place === null) return ['no rate failed, so nothing was at its limit', ...cause.evidence].join('; ');
  const words = [...cause.evidence, ...notSeenWords(probes)];
  return `limited by ${placeNames[cause.place]}${words.length === 0 ? '' : `: ${words.join('; ')}`}`;
}

/** `15 probes, 98 s of load, objectives: publish p99 <= 50 ms, ...`. */
export function conditionsText({ probes, loadMs, objectives }: LimitMeasurement): string {
  const { achievedRatio, publishP99Ms, endToEndP99Ms, lagMaxRecords } = objectives;
  const asked = [
    `${formatPercent(achievedRatio)} of the rate acknowledged`,
    'no errors',
    'lag not growing',
    ...(publishP99Ms === null ? [] : [`publish p99 <= ${formatDurationMs(publishP99Ms)}`]),
    ...(endToEndP99Ms === null ? [] : [`end to end p99 <= ${formatDurationMs(endToEndP99Ms)}`]),
    ...(lagMaxRecords === null ? [] : [`lag <= ${formatCount(lagMaxRecords)}`]),
  ];
  return `${probes.length} probes, ${formatDurationMs(Math.round(loadMs / 1000) * 1000)} of load; sustained means ${asked.join(', ')}`;
}

export function publishOf({ topics }: LimitProbe): WorstLatency | null {
  return worstLatency(topics.map(({ topic, publish }) => ({ name: topic, latency: publish })));
}

export function endToEndOf({ topics }: LimitProbe): WorstLatency | null {
  const groups = topics.flatMap((topic) => topic.groups);
  return worstLatency(groups.map(({ group, endToEnd }) => ({ name: group, latency: endToEnd })));
}

export function achievedPerSec({ topics }: LimitProbe): number {
  return topics.reduce((sum, topic) => sum + topic.achievedPerSec, 0);
}

/** `sustained`, or the first thing that was not held. */
export function probeOutcome({ sustained, misses }: LimitProbe): string {
  if (sustained) return 'sustained';
  const more = misses.length > 1 ? ` (and ${misses.length - 1} more)` : '';
  return `not sustained: ${misses[0] ?? 'no reason recorded'}${more}`;
}
