/**
 * What a run does on its cluster, decided before anything is created: which scenarios, on which topics, and which are
 * left out for what reason.
 */
import { type SettingReadBack, type TradeOffMode, tradeOffModes } from '../../lib/measurement/types.ts';
import type { Plan, TopicPlan } from '../../lib/plan/types.ts';
import type { RunLengths } from '../run-lengths.ts';
import { retentionCheckIntervalMs } from '../target/settings.ts';
import type { TopicToCreate } from '../target/topics.ts';
import { longestCheckIntervalMs, type RetentionScale, scaleRetention } from './retention-scale.ts';

export interface Experiments {
  readonly tradeOff: {
    readonly topic: TopicPlan;
    readonly clusterTopic: (mode: TradeOffMode) => string;
    readonly lengths: NonNullable<RunLengths['tradeOff']>;
  } | null;
  readonly retention: {
    readonly topic: TopicPlan;
    readonly clusterTopic: string;
    readonly scale: RetentionScale;
  } | null;
  readonly catchUp: readonly {
    readonly topic: TopicPlan;
    readonly clusterTopic: string;
    readonly clusterGroups: readonly string[];
    readonly fillMs: number;
    readonly drainMaxMs: number;
  }[];
  /** Why a scenario is left out; one remark each. */
  readonly notes: readonly string[];
}

/** Short names for the modes: a topic's name has no room for `acks=all idempotent`. */
const modeNames: Readonly<Record<TradeOffMode, string>> = {
  'acks=0': 'acks0',
  'acks=1': 'acks1',
  'acks=all': 'acksall',
  'acks=all idempotent': 'idempotent',
};

/** A topic that an experiment writes to instead of the plan's own. */
export interface TopicCopy {
  readonly topic: TopicPlan;
  readonly clusterTopic: string;
  /** In words, such as `the retention copy of orders`. */
  readonly what: string;
  /** How the user does without it. */
  readonly leftOutBy: '--no-trade-off' | '--no-retention' | 'no --catch-up';
}

/** Every copy that a run of these lengths may create; whether retention can be shown is known only on the cluster. */
export function copiesOf(plan: Plan, prefix: string, lengths: RunLengths): readonly TopicCopy[] {
  const busiest = lengths.tradeOff === null ? null : busiestTopic(plan);
  const aged = lengths.retention ? agedTopic(plan) : undefined;
  const copies: TopicCopy[] = [];
  if (busiest !== null)
    for (const mode of tradeOffModes)
      copies.push({
        topic: busiest,
        clusterTopic: tradeOffName(prefix, mode, busiest),
        what: `the ${mode} copy of ${busiest.name}`,
        leftOutBy: '--no-trade-off',
      });
  if (aged !== undefined)
    copies.push({
      topic: aged,
      clusterTopic: retentionName(prefix, aged),
      what: `the retention copy of ${aged.name}`,
      leftOutBy: '--no-retention',
    });
  for (const { topic, clusterTopic } of planCatchUp(plan, prefix, lengths))
    copies.push({ topic, clusterTopic, what: `the catch-up copy of ${topic.name}`, leftOutBy: 'no --catch-up' });
  return copies;
}

/** `brokerSettings` as read back: how often the brokers delete decides whether retention can be shown in seconds. */
export function planExperiments(
  plan: Plan,
  prefix: string,
  lengths: RunLengths,
  brokerSettings: readonly SettingReadBack[],
): Experiments {
  if (lengths.limit !== undefined) return { tradeOff: null, retention: null, catchUp: [], notes: [] };
  const notes: string[] = [];
  const busiest = busiestTopic(plan);
  if (lengths.tradeOff === null) notes.push('the acks trade-off was left out: --no-trade-off');
  return {
    tradeOff:
      lengths.tradeOff === null || busiest === null
        ? null
        : {
            topic: busiest,
            clusterTopic: (mode) => tradeOffName(prefix, mode, busiest),
            lengths: lengths.tradeOff,
          },
    retention: planRetention(plan, prefix, lengths, retentionCheckIntervalMs(brokerSettings), notes),
    catchUp: planCatchUp(plan, prefix, lengths),
    notes,
  };
}

/** The plan's topics under the prefix, and the copies that the experiments write to. */
export function topicsToCreate(plan: Plan, prefix: string, experiments: Experiments): readonly TopicToCreate[] {
  const { tradeOff, retention, catchUp } = experiments;
  return [
    ...plan.topics.map((topic) => asPlanned(`${prefix}${topic.name}`, topic)),
    // As planned in everything: only acks and idempotence may differ between the modes.
    ...(tradeOff === null ? [] : tradeOffModes.map((mode) => asPlanned(tradeOff.clusterTopic(mode), tradeOff.topic))),
    ...(retention === null ? [] : [timeScaled(retention.clusterTopic, retention.topic, retention.scale)]),
    ...catchUp.map(({ topic, clusterTopic }) => asPlanned(clusterTopic, topic)),
  ];
}

/** The topic with the highest peak: where the settings matter most. */
function busiestTopic(plan: Plan): TopicPlan | null {
  return plan.topics.reduce<TopicPlan | null>(
    (busiest, topic) => (busiest === null || topic.load.peakPerSec > busiest.load.peakPerSec ? topic : busiest),
    null,
  );
}

/** The first topic that deletes records by age. */
function agedTopic(plan: Plan): TopicPlan | undefined {
  return plan.topics.find(({ config }) => config['cleanup.policy'] === 'delete' && Number(config['retention.ms']) > 0);
}

function tradeOffName(prefix: string, mode: TradeOffMode, { name }: TopicPlan): string {
  return `${prefix}${modeNames[mode]}-${name}`;
}

function retentionName(prefix: string, { name }: TopicPlan): string {
  return `${prefix}retention-${name}`;
}

/** Groups of their own: those of the load have read everything. */
function planCatchUp(plan: Plan, prefix: string, { catchUp }: RunLengths): Experiments['catchUp'] {
  if (catchUp === undefined) return [];
  const { topics, ...lengths } = catchUp;
  return plan.topics
    .filter(({ name }) => topics.includes(name))
    .map((topic) => ({
      topic,
      clusterTopic: `${prefix}catchUp-${topic.name}`,
      clusterGroups: topic.groups.map(({ name }) => `${prefix}catchUp-${name}`),
      ...lengths,
    }));
}

function planRetention(
  plan: Plan,
  prefix: string,
  lengths: RunLengths,
  checkIntervalMs: number | null,
  notes: string[],
): Experiments['retention'] {
  const topic = agedTopic(plan);
  const reason = ((): string | null => {
    if (!lengths.retention) return '--no-retention';
    if (topic === undefined) return 'no topic of the plan deletes records by age';
    if (checkIntervalMs === null) return 'the brokers did not tell their log.retention.check.interval.ms';
    if (checkIntervalMs > longestCheckIntervalMs) {
      return `the brokers look for expired segments every ${checkIntervalMs} ms (log.retention.check.interval.ms), a run of seconds needs ${longestCheckIntervalMs} ms or less`;
    }
    return null;
  })();
  if (topic === undefined || checkIntervalMs === null || reason !== null) {
    notes.push(`retention on disk was left out: ${reason}`);
    return null;
  }
  return {
    topic,
    clusterTopic: retentionName(prefix, topic),
    scale: scaleRetention(topic, checkIntervalMs),
  };
}

function asPlanned(name: string, { partitions, replicationFactor, config }: TopicPlan): TopicToCreate {
  return { name, partitions, replicationFactor, config };
}

function timeScaled(name: string, topic: TopicPlan, scale: RetentionScale): TopicToCreate {
  return {
    ...asPlanned(name, topic),
    partitions: scale.partitions,
    config: {
      ...topic.config,
      'retention.ms': scale.retentionMs,
      'segment.ms': scale.segmentMs,
      'segment.bytes': scale.segmentBytes,
    },
  };
}
