/** Settings of consumers, by Kafka's own names: one set for all groups of a topic, so for the most demanding of them. */
import type { Slo, TopicRequirement } from '../../requirements/types.ts';
import { kafkaFacts } from '../facts/kafka.ts';
import type { ConsumerConfig, GroupPlan, ProducerConfig, TopicLoad, Why } from '../types.ts';
import { neededMessageBytes, singleBatchBytes, wholeMebibytes } from './message-bytes.ts';

const defaultPartitionFetchBytes = kafkaFacts.maxPartitionFetchBytes.value ?? Number.NaN;
const defaultFetchBytes = kafkaFacts.fetchMaxBytes.value ?? Number.NaN;
const defaultFetchWaitMs = kafkaFacts.fetchMaxWaitMs.value ?? Number.NaN;
const defaultPollRecords = kafkaFacts.maxPollRecords.value ?? Number.NaN;
const defaultPollIntervalMs = kafkaFacts.maxPollIntervalMs.value ?? Number.NaN;

/** Share of the end to end p99 asked for that a broker may wait for more to arrive. */
const waitShareOfP99 = 10;
/** Fewer records are not worth a wait: each costs latency and saves hardly a request. */
const recordsWorthWaiting = 10;
/** Assumed: a fetch of records behind the page cache, across zones. */
const coldFetchMs = 100;
/** A poll's records are worked off in a third of `max.poll.interval.ms`, so that a slow one does not cost the membership. */
const pollShareOfInterval = 3;

const source = 'Apache Kafka documentation, consumer configuration';
const littlesLaw = `Little's law: what is under way = rate x time; ${source}`;

export interface ConsumerContext {
  readonly load: TopicLoad;
  readonly slo: Slo;
  readonly partitions: number;
  readonly groups: readonly GroupPlan[];
  readonly producer: ProducerConfig;
}

export function planConsumer(
  topic: TopicRequirement,
  context: ConsumerContext,
): { consumer: ConsumerConfig; why: readonly Why[] } {
  const { loss, duplicates } = topic.guarantee;
  const fetch = fetchSizes(topic, context);
  const poll = pollSizes(context.groups);
  const consumer: ConsumerConfig = {
    'isolation.level': duplicates === 'never' ? 'read_committed' : 'read_uncommitted',
    'auto.offset.reset': 'earliest',
    'enable.auto.commit': loss === 'allowed',
    'fetch.min.bytes': fetch.minBytes,
    'fetch.max.wait.ms': fetch.waitMs,
    'max.partition.fetch.bytes': fetch.partitionBytes,
    'fetch.max.bytes': fetch.maxBytes,
    'max.poll.records': poll.records,
    'max.poll.interval.ms': poll.intervalMs,
  };
  const rule: Rule = (figure, unit, formula, inputs, from = source) => {
    const value = consumer[figure];
    return {
      figure: `consumer.${figure}`,
      value: typeof value === 'number' ? value : String(value),
      unit,
      formula,
      inputs,
      source: from,
    };
  };
  return {
    consumer,
    why: [
      rule('isolation.level', '', 'duplicates never: records of aborted transactions are not read', { duplicates }),
      rule('auto.offset.reset', '', 'a new group reads the history; latest would skip it', {}),
      rule('enable.auto.commit', '', 'only when loss is allowed; otherwise committed after processing', { loss }),
      ...fetchWhy(rule, fetch, context.producer),
      ...pollWhy(rule, poll.slowestPerSec),
    ],
  };
}

type Rule = (figure: string, unit: string, formula: string, inputs: Why['inputs'], from?: string) => Why;

function fetchWhy(rule: Rule, fetch: ReturnType<typeof fetchSizes>, producer: ProducerConfig): readonly Why[] {
  return [
    rule(
      'fetch.min.bytes',
      'bytes',
      `what arrives in a partition on average in half the time a broker may wait; 1 where that is fewer than ${recordsWorthWaiting} records`,
      { averageBytesPerSec: Math.ceil(fetch.averageBytesPerSec), waitBudgetMs: fetch.waitBudgetMs },
      littlesLaw,
    ),
    rule(
      'fetch.max.wait.ms',
      'ms',
      `end to end p99 asked for / ${waitShareOfP99} where a broker waits; else the default of ${defaultFetchWaitMs}, which delays nothing`,
      { fetchMinBytes: fetch.minBytes },
    ),
    rule(
      'max.partition.fetch.bytes',
      'bytes',
      `highest of the default, batch.size, the largest message, and 2 x bytes a second of a partition at the rate of catching up x ${coldFetchMs} ms (assumed), in whole MiB`,
      { catchUpBytesPerSec: Math.ceil(fetch.catchUpBytesPerSec), batchBytes: producer['batch.size'] },
      littlesLaw,
    ),
    rule(
      'fetch.max.bytes',
      'bytes',
      'partitions of a thread x max.partition.fetch.bytes, at most the default: what one thread may hold for each broker it reads from',
      { partitionsPerThread: fetch.partitionsPerThread },
    ),
  ];
}

function pollWhy(rule: Rule, slowestPerSec: number | null): readonly Why[] {
  const inputs = { slowestPerSec: slowestPerSec ?? 'no group' };
  return [
    rule(
      'max.poll.records',
      'records',
      `what the slowest thread handles in 1/${pollShareOfInterval} of max.poll.interval.ms, at most the default of ${defaultPollRecords}`,
      inputs,
    ),
    rule(
      'max.poll.interval.ms',
      'ms',
      `the default, or ${pollShareOfInterval} x the time that the slowest thread needs for one record`,
      inputs,
    ),
  ];
}

function fetchSizes(topic: TopicRequirement, { load, slo, partitions, groups, producer }: ConsumerContext) {
  const recordBytes = singleBatchBytes(load);
  const wireBytes = recordBytes * load.compressionRatio;
  const averageBytesPerSec = (load.averagePerSec * wireBytes) / partitions;
  const highestPerSec = topic.consumers.reduce(
    (highest, { catchUp }) =>
      Math.max(highest, catchUp === null ? 0 : load.averagePerSec * (1 + catchUp.outageMs / catchUp.withinMs)),
    load.peakPerSec,
  );
  const catchUpBytesPerSec = (highestPerSec * wireBytes) / partitions;
  const waitBudgetMs =
    slo.endToEndP99Ms === null
      ? defaultFetchWaitMs
      : Math.min(defaultFetchWaitMs, Math.max(1, Math.floor(slo.endToEndP99Ms / waitShareOfP99)));
  const arrivingBytes = Math.floor((averageBytesPerSec * waitBudgetMs) / 2 / 1000);
  const partitionBytes = wholeMebibytes(
    Math.max(
      defaultPartitionFetchBytes,
      producer['batch.size'],
      neededMessageBytes(load) ?? 0,
      (2 * catchUpBytesPerSec * coldFetchMs) / 1000,
    ),
  );
  const minBytes = arrivingBytes < recordsWorthWaiting * wireBytes ? 1 : Math.min(arrivingBytes, partitionBytes);
  const fewestThreads = Math.min(partitions, ...groups.map(({ threads }) => threads));
  const partitionsPerThread = Math.ceil(partitions / fewestThreads);
  return {
    averageBytesPerSec,
    catchUpBytesPerSec,
    waitBudgetMs,
    minBytes,
    waitMs: minBytes === 1 ? defaultFetchWaitMs : waitBudgetMs,
    partitionBytes,
    partitionsPerThread,
    maxBytes: Math.max(partitionBytes, Math.min(defaultFetchBytes, partitionsPerThread * partitionBytes)),
  };
}

function pollSizes(groups: readonly GroupPlan[]) {
  if (groups.length === 0)
    return { slowestPerSec: null, records: defaultPollRecords, intervalMs: defaultPollIntervalMs };
  const slowestPerSec = Math.min(...groups.map(({ ratePerThread }) => ratePerThread));
  const intervalMs = Math.max(defaultPollIntervalMs, Math.ceil((pollShareOfInterval * 1000) / slowestPerSec));
  const handled = Math.floor((slowestPerSec * intervalMs) / pollShareOfInterval / 1000);
  return { slowestPerSec, intervalMs, records: Math.min(defaultPollRecords, Math.max(1, handled)) };
}
