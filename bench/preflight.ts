/**
 * What would end a run halfway, or make it prove nothing, told before anything is started, reached or written.
 * All faults at once: each try costs the user a file to edit.
 */
import { HeadroomError } from '../lib/errors.ts';
import { singleBatchBytes } from '../lib/plan/clients/message-bytes.ts';
import type { Plan, TopicPlan } from '../lib/plan/types.ts';
import { keyBytes, minimumEnvelopeBytes, minimumPlainBytes } from '../lib/requirements/envelope.ts';
import { nameClashes, topicNameMaxLength } from '../lib/requirements/naming.ts';
import { formatCount, formatRate } from '../lib/units.ts';
import type { Driver } from './drivers/driver.ts';
import { drivers } from './drivers/index.ts';
import { createPayload } from './load/payload.ts';
import type { LoadShape } from './load/shape.ts';
import { curveRange, type WindowCurve } from './load/window-curve.ts';
import { type OrderedLoad, orderMemoryFaults } from './order-memory.ts';
import { copiesOf } from './prove/experiments.ts';
import { readingGroups } from './prove/reading-groups.ts';
import type { RunLengths } from './run-lengths.ts';

/** The ids of records that nobody reads are kept until the run is judged: more of them do not fit the memory of one process. */
const mostRecordsPerPhase = 1e8;
/** Beyond what one process makes by far, whatever the records are. */
const mostPerSec = 1e7;
const meanSizeTolerance = 0.01;
/** A curve that goes up to the peak itself is not refused for its last digit. */
const roundingShare = 1e-9;
/** `socket.request.max.bytes` of a broker, which no topic can raise, without what stands around the record in a request. */
const mostRecordBytes = 104_857_600 - 1_024;
/** `max.message.bytes` where the plan sets none. */
const defaultMessageBytes = 1_048_588;
/** One above the highest number that the digits of a record's key can show. */
const keysEnd = 10 ** keyBytes;

export interface ProofFault {
  /** Of the plan, without the run's prefix. */
  readonly topic: string;
  /** The value given and what is allowed. */
  readonly message: string;
  readonly remedy: string;
}

/** `prefix`: of the run's names on the cluster. Throws USAGE with every fault of every topic. */
export function requireProvable(
  plan: Plan,
  driver: Driver,
  lengths: RunLengths,
  prefix: string,
  load: OrderedLoad = {},
): void {
  const faults = proofFaults(plan, driver, lengths, prefix, load);
  if (faults.length === 0) return;
  const count = faults.length === 1 ? 'one fault' : `${faults.length} faults`;
  const listed = faults.map(({ topic, message, remedy }) => `  ${topic}: ${message}\n    ${remedy}`);
  throw new HeadroomError('USAGE', [`${plan.useCase} cannot be proven like this, ${count}`, ...listed].join('\n'), {
    hint: 'nothing was started or written; headroom plan sizes the use case all the same',
  });
}

/** Every fault of every topic; empty when the plan can be run. */
export function proofFaults(
  plan: Plan,
  driver: Driver,
  lengths: RunLengths,
  prefix: string,
  load: OrderedLoad,
): readonly ProofFault[] {
  return [
    ...plan.topics.flatMap((topic) => [
      ...compressionFaults(topic, driver),
      ...sizeFaults(topic),
      ...keyFaults(topic),
      ...lengthFaults(plan, topic, lengths, prefix),
    ]),
    ...orderMemoryFaults(plan, load),
    ...clashFaults(plan, lengths, prefix),
    // A search for a limit goes up from a low rate, whatever the use case asks for.
    ...(lengths.limit === undefined ? rateFaults(plan, lengths) : []),
  ];
}

/** Throws USAGE when the records cannot have the shape asked for. */
export function requireShape({ topics }: Plan, shape: LoadShape): void {
  for (const { name, load, config } of topics) {
    requireMeanSize(name, load.messageSizeBytes, shape.sizes);
    requireRoom(name, load, Number(config['max.message.bytes'] ?? defaultMessageBytes), shape.sizes);
    createPayload({ topic: name, load, shape, seed: 0, session: 0 });
  }
}

/**
 * Throws USAGE, with every topic, when the average rate cannot follow this curve. Beyond the peak it would ask for what the
 * use case does not state, and a cluster that fell behind there would fail for it.
 */
export function requireCurve({ topics }: Plan, driver: Driver, curve: WindowCurve | undefined): void {
  if (curve === undefined) return;
  if (driver.program !== undefined) {
    throw new HeadroomError('USAGE', `--curve: the driver ${driver.name} sends at a constant rate only`, {
      hint: 'leave --curve out, or use another --driver',
    });
  }
  const { highest } = curveRange(curve);
  const faults = topics.flatMap(({ name, load }) => {
    const mostPerSec = highest * load.averagePerSec;
    if (mostPerSec <= load.peakPerSec * (1 + roundingShare)) return [];
    return [`  ${name}: goes up to ${formatRate(mostPerSec)}, its peak is ${formatRate(load.peakPerSec)}`];
  });
  if (faults.length === 0) return;
  const what = `--curve: its highest rate is ${highest.toFixed(2)} x its mean, which is the average rate`;
  throw new HeadroomError('USAGE', [what, ...faults].join('\n'), {
    hint: 'choose a flatter curve, or state the peak of the topic in produce.peak',
  });
}

/** Other sizes on average are another use case: its rates in bytes, its disk and its limits are not those planned. */
function requireMeanSize(topic: string, plannedBytes: number, sizes: LoadShape['sizes']): void {
  if (sizes === undefined) return;
  const weight = sizes.reduce((sum, share) => sum + share.weight, 0);
  const mean = sizes.reduce((sum, share) => sum + share.bytes * share.weight, 0) / weight;
  if (Math.abs(mean - plannedBytes) <= plannedBytes * meanSizeTolerance) return;
  throw new HeadroomError(
    'USAGE',
    `--sizes: ${formatCount(Math.round(mean))} B on average, message.size of ${topic} is ${formatCount(plannedBytes)} B`,
    { hint: 'choose sizes and weights whose mean is message.size, within 1 %, or change message.size' },
  );
}

/** The broker would refuse each record of a larger size, for as long as the load lasts. */
function requireRoom(topic: string, load: TopicPlan['load'], mostBytes: number, sizes: LoadShape['sizes']): void {
  const largest = Math.max(0, ...(sizes ?? []).map(({ bytes }) => bytes));
  if (singleBatchBytes({ ...load, messageSizeBytes: largest }) <= mostBytes) return;
  throw new HeadroomError(
    'USAGE',
    `--sizes: records of ${formatCount(largest)} B, with what a batch adds, are more than ${topic} takes: its max.message.bytes is ${formatCount(mostBytes)} B`,
    { hint: 'choose smaller sizes; the plan raises max.message.bytes where message.size asks for it' },
  );
}

function compressionFaults({ name, producer }: TopicPlan, driver: Driver): readonly ProofFault[] {
  const compression = producer['compression.type'];
  if (driver.compressions.includes(compression)) return [];
  const able = drivers.filter(({ compressions }) => compressions.includes(compression)).map((other) => other.name);
  const can = driver.compressions.join(', ');
  return [
    {
      topic: name,
      message: `compression.type is ${compression}, the driver ${driver.name} can do ${can}`,
      remedy: `use --driver ${able.join(' or --driver ')}, or set message.compression to one of ${can}`,
    },
  ];
}

function sizeFaults(topic: TopicPlan): readonly ProofFault[] {
  const { name, load } = topic;
  if (singleBatchBytes(load) > mostRecordBytes) {
    return [
      {
        topic: name,
        message: `message.size is ${formatCount(load.messageSizeBytes)} B, a record of at most ${formatCount(mostRecordBytes)} B is allowed: brokers refuse larger requests (socket.request.max.bytes)`,
        remedy: 'keep large objects elsewhere and send where they are, or split them',
      },
    ];
  }
  const least = load.envelope ? minimumEnvelopeBytes(load) : minimumPlainBytes(load.keyField !== null);
  if (load.messageSizeBytes >= least) return [];
  const parts = load.envelope ? 'the event envelope with the id' : 'the id';
  const what = load.keyField === null ? parts : `the key and ${parts}`;
  return [
    {
      topic: name,
      message: `message.size is ${load.messageSizeBytes} B, at least ${least} B are needed for ${what} that every record carries`,
      remedy: `set message.size to ${least} B or more`,
    },
  ];
}

function keyFaults({ name, load }: TopicPlan): readonly ProofFault[] {
  if (load.keyField === null || load.keys === null || load.keys < keysEnd) return [];
  return [
    {
      topic: name,
      message: `retention.keys is ${formatCount(load.keys)}, fewer than ${formatCount(keysEnd)} are allowed: a record's key has ${keyBytes} digits`,
      remedy: 'prove the use case with fewer keys; how many there are changes no rate',
    },
  ];
}

/** The topic's own name, those of its copies (of the trade-off's the longest), and those of its groups. */
function lengthFaults(plan: Plan, topic: TopicPlan, lengths: RunLengths, prefix: string): readonly ProofFault[] {
  const copies = copiesOf(plan, prefix, lengths)
    .filter((copy) => copy.topic === topic)
    .toSorted((a, b) => b.clusterTopic.length - a.clusterTopic.length);
  const longest = copies.filter((copy, at) => copies.findIndex(({ leftOutBy }) => leftOutBy === copy.leftOutBy) === at);
  const names = [
    { what: 'the topic', name: `${prefix}${topic.name}`, remedy: "shorten the topic's name" },
    ...longest.map(({ what, clusterTopic, leftOutBy }) => ({
      what,
      name: clusterTopic,
      remedy: `leave the copy out with ${leftOutBy}, or shorten the topic's name`,
    })),
    ...readingGroups(topic).map(({ name }) => ({
      what: `the group ${name}`,
      name: `${prefix}${name}`,
      remedy: 'shorten the name of the topic or of the service',
    })),
  ];
  return names
    .filter(({ name }) => name.length > topicNameMaxLength)
    .map(({ what, name, remedy }) => ({
      topic: topic.name,
      message: `${what} has a name of ${name.length} characters on the cluster (${name}), ${topicNameMaxLength} are allowed`,
      remedy: `${remedy} by ${name.length - topicNameMaxLength}`,
    }));
}

/** Kafka takes `.` and `_` in names for the same. */
function clashFaults(plan: Plan, lengths: RunLengths, prefix: string): readonly ProofFault[] {
  const topics = plan.topics.map((topic) => ({
    topic,
    clusterTopic: `${prefix}${topic.name}`,
    what: `the topic ${topic.name}`,
    leftOutBy: null,
  }));
  const all = [...topics, ...copiesOf(plan, prefix, lengths)];
  return nameClashes(all.map(({ clusterTopic }) => clusterTopic)).flatMap(({ kind, first, second }) => {
    const [one, other] = [all[first], all[second]];
    if (kind === 'case' || one === undefined || other === undefined) return [];
    return [
      {
        topic: one.topic.name,
        message: `on the cluster it is ${one.clusterTopic}, and ${other.what} is ${other.clusterTopic}: names must differ in more than "." and "_"`,
        remedy:
          other.leftOutBy === null ? 'rename one of them' : `rename it, or leave the copy out with ${other.leftOutBy}`,
      },
    ];
  });
}

/** Topics one by one; all together only when no single one is too much. */
function rateFaults({ topics }: Plan, lengths: RunLengths): readonly ProofFault[] {
  const each = topics.flatMap(({ name, load }) => rateFault(name, load, lengths));
  if (each.length > 0) return each;
  const sum = (rate: 'averagePerSec' | 'peakPerSec'): number =>
    topics.reduce((total, { load }) => total + load[rate], 0);
  const together = { averagePerSec: sum('averagePerSec'), peakPerSec: sum('peakPerSec') };
  return rateFault('all topics together', together, lengths);
}

function rateFault(
  topic: string,
  load: Pick<TopicPlan['load'], 'averagePerSec' | 'peakPerSec'>,
  { phases }: RunLengths,
): readonly ProofFault[] {
  const tooMuch = 'no harness on one machine can drive it';
  if (load.peakPerSec > mostPerSec) {
    return [
      {
        topic,
        message: `the peak is ${formatRate(load.peakPerSec)}, at most ${formatRate(mostPerSec)} are allowed: ${tooMuch}`,
        remedy: 'prove a share of the rate with the same share of the partitions and consumers',
      },
    ];
  }
  const loads = [
    { phase: 'average', perSec: load.averagePerSec, ...phases.average },
    { phase: 'peak', perSec: load.peakPerSec, ...phases.peak },
  ].map((load) => ({ ...load, seconds: (load.warmUpMaxMs + load.measureMs) / 1000 }));
  const most = loads.reduce((a, b) => (b.perSec * b.seconds > a.perSec * a.seconds ? b : a));
  const records = most.perSec * most.seconds;
  if (records <= mostRecordsPerPhase) return [];
  const allowed = formatCount(mostRecordsPerPhase);
  return [
    {
      topic,
      message: `${formatRate(most.perSec)} for ${formatCount(most.seconds)} s (the ${most.phase} phase with its warm-up) is ${formatCount(records)} records, at most ${allowed} are allowed: ${tooMuch}, its memory would not hold their ids if nobody read them`,
      remedy: `shorten --measure, or prove a share of the rate: at most ${formatRate(Math.floor(mostRecordsPerPhase / most.seconds))} for that long`,
    },
  ];
}
