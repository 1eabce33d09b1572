/**
 * `topics.<name>.catchUp.<service>`: whether a group works off the backlog of an outage in time. Only where a run measured it;
 * otherwise the verdict notes that it is planned for.
 */
import type { CatchUpGroup, CatchUpMeasurement } from '../measurement/catch-up.ts';
import type { ConsumerRequirement, TopicRequirement } from '../requirements/types.ts';
import { formatCount, formatDurationMs, formatRate } from '../units.ts';
import { applyDoubts, type Doubt, lossRemark, runDoubts } from './doubts.ts';
import { type Answer, type Question, type Subject, undecided, upperMargin } from './question.ts';

type CatchUp = NonNullable<ConsumerRequirement['catchUp']>;

export function catchUpQuestions(subject: Subject): readonly Question[] {
  return subject.requirements.topics.flatMap((topic) => {
    const measured = measuredOf(subject, topic.name);
    if (measured === undefined) return [];
    return topic.consumers.flatMap(({ service, catchUp }) =>
      catchUp === null ? [] : [ask(subject, topic, { service, catchUp, measured })],
    );
  });
}

/** Of a topic; undefined when nobody measured it. */
export function measuredOf({ measurement }: Subject, topic: string): CatchUpMeasurement | undefined {
  return measurement.catchUp?.find((candidate) => candidate.topic === topic);
}

interface Asked {
  readonly service: string;
  readonly catchUp: CatchUp;
  readonly measured: CatchUpMeasurement;
}

function ask(subject: Subject, topic: TopicRequirement, asked: Asked): Question {
  const { service, catchUp } = asked;
  return {
    id: `topics.${topic.name}.catchUp.${service}`,
    requirement: `${service} caught up on ${topic.name} after ${formatDurationMs(catchUp.outageMs)}`,
    required: catchUp.withinMs,
    unit: 'ms',
    evidence: 'measured',
    target: subject.environment.target,
    answer: () => answer(subject, topic, asked),
  };
}

function answer(subject: Subject, topic: TopicRequirement, { service, catchUp, measured }: Asked): Answer {
  const plan = subject.plan.topics.find(({ name }) => name === topic.name);
  const planned = plan?.groups.find((group) => group.service === service);
  const group = measured.groups.find((candidate) => candidate.group === planned?.name);
  if (plan === undefined || planned === undefined || group === undefined)
    return undecided(`${service} did not read a backlog`);
  if (measured.backlogRecords === 0 || group.readPerSec === null) return undecided('nothing was read of a backlog');
  // More threads than partitions have nothing to do.
  const threads = Math.min(planned.statedThreads ?? planned.threads, plan.partitions);
  const takenPerSec = threads * planned.ratePerThread;
  const perSec = Math.min(group.readPerSec, takenPerSec);
  const sparePerSec = perSec - measured.averagePerSec;
  const found = sparePerSec > 0 ? (catchUp.outageMs * measured.averagePerSec) / sparePerSec : null;
  const isMet = found !== null && found <= catchUp.withinMs;
  const { outcome, reasons } = applyDoubts(isMet ? 'met' : 'notMet', doubts(subject, measured, group, takenPerSec));
  const rates = `read at ${formatRate(group.readPerSec)} of a backlog of ${formatCount(measured.backlogRecords)} records, ${formatCount(threads)} threads take ${formatRate(takenPerSec)} by the use case, ${formatRate(measured.averagePerSec)} arrive`;
  const end = found === null ? 'never caught up' : `caught up after ${formatDurationMs(Math.round(found))}`;
  return {
    found: found === null ? 'never' : found,
    margin: found === null ? null : upperMargin(catchUp.withinMs, found),
    outcome,
    reason: [...reasons, `${end}: ${rates}`].join('; ') + lossRemark(subject.measurement),
  };
}

/** A group that did not come to the end of the backlog had a rate all the same, and it counts unless it was the harness'. */
function doubts(
  subject: Subject,
  { generatorLimit }: CatchUpMeasurement,
  { drainedMs, readPerSec }: CatchUpGroup,
  takenPerSec: number,
): readonly Doubt[] {
  const isBelow = (readPerSec ?? 0) < takenPerSec;
  return [
    ...runDoubts(subject),
    ...(generatorLimit !== null && isBelow
      ? [{ against: 'notMet', reason: `the load generator was the limit: ${generatorLimit}` } as const]
      : []),
    ...(drainedMs === null ? [{ against: 'met', reason: 'the backlog measured was not drained' } as const] : []),
  ];
}
