/**
 * Does the disk hold what the plan says? A time-scaled copy of a topic is filled until old segments are deleted as fast
 * as new ones come; the brokers' own sizes are sampled over whole segment spans and compared with the prediction.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Admin } from '@platformatic/kafka';
import type { RetentionMeasurement, TopicMeasurement } from '../../lib/measurement/types.ts';
import { meanLogFormula } from '../../lib/plan/disk/deleted-log.ts';
import type { TopicPlan } from '../../lib/plan/types.ts';
import type { Driver } from '../drivers/driver.ts';
import { defaultDriver } from '../drivers/index.ts';
import { drivenPlan } from '../load/driven-plan.ts';
import { openLoad } from '../load/open-load.ts';
import { readBytesOnDisk, readLogStartOffsets, type TopicPartitions } from '../target/log-dirs.ts';
import type { ScenarioContext } from './context.ts';
import { predictScaled, type RetentionScale } from './retention-scale.ts';

/** In step with no usual check interval: samples always taken just before or after a check would bias the mean. */
const sampleEveryMs = 113;

/**
 * Batches are to close by linger and size alone, as predicted: with few sends in flight they would also wait for a slow
 * broker and grow, and the disk would show the speed of this host. Idempotence changes no byte on disk.
 */
const closedByLinger = { 'enable.idempotence': false, 'max.in.flight.requests.per.connection': 1_000 };

export interface RetentionSpec {
  readonly admin: Admin;
  readonly topic: TopicPlan;
  readonly clusterTopic: string;
  readonly scale: RetentionScale;
}

export async function measureRetention(context: ScenarioContext, spec: RetentionSpec): Promise<RetentionMeasurement> {
  const { scale } = spec;
  // How full batches get, and so what the disk holds, depends on how many producers share the rate.
  const topic = drivenPlan(spec.topic);
  const session = await openLoad({
    ...context.load,
    driver: fillingDriver(context),
    signal: context.signal,
    topics: [
      {
        plan: { ...topic, partitions: scale.partitions },
        clusterTopic: spec.clusterTopic,
        producer: closedByLinger,
        groups: [],
      },
    ],
  });
  const loadEnd = new AbortController();
  const onDisk = { name: spec.clusterTopic, partitions: scale.partitions };
  try {
    const sampling = sampleDisk(spec.admin, onDisk, scale, loadEnd.signal);
    const load = session.run({
      ratePerSec: { [topic.name]: scale.ratePerSec },
      measureMs: scale.fillMs + scale.sampleMs,
      warmUpMinMs: 0,
      warmUpMaxMs: 0,
      drainMaxMs: 10_000,
      stage: 'retention',
      signal: context.signal,
      onProgress: context.onProgress,
    });
    // Samples taken after the load would see the topic shrink.
    const [observed, { topics }] = await Promise.all([sampling, load.finally(() => loadEnd.abort())]);
    return { ...describe(topic, scale, topics[0]), ...observed };
  } finally {
    loadEnd.abort();
    await session.close();
  }
}

/** A program of its own closes its batches as it likes, and takes seconds to begin: the disk would show the program. */
function fillingDriver({ load, onNote }: ScenarioContext): Driver {
  if (load.driver.program === undefined) return load.driver;
  onNote(`retention on disk was filled by ${defaultDriver.name}: ${load.driver.name} closes its batches by itself`);
  return defaultDriver;
}

type Observed = Pick<RetentionMeasurement, 'foundBytes' | 'samples' | 'segmentsDeleted'>;

/** Samples sizes after the fill and counts, on the partition with the fewest, how often the log start moved on. */
async function sampleDisk(
  admin: Admin,
  topic: TopicPartitions,
  scale: RetentionScale,
  loadEnd: AbortSignal,
): Promise<Observed> {
  const startMs = performance.now();
  const samples: { second: number; bytes: number }[] = [];
  const advances = new Array<number>(topic.partitions).fill(0);
  let starts: readonly number[] = new Array<number>(topic.partitions).fill(0);
  for (let tick = 1; tick * sampleEveryMs <= scale.fillMs + scale.sampleMs; tick += 1) {
    const due = startMs + tick * sampleEveryMs - performance.now();
    await sleep(Math.max(0, due), undefined, { signal: loadEnd }).catch(() => {});
    if (loadEnd.aborted) break;
    const now = await readLogStartOffsets(admin, topic).catch(() => starts);
    for (const [partition, start] of now.entries()) {
      if (start > (starts[partition] ?? 0)) advances[partition] = (advances[partition] ?? 0) + 1;
    }
    starts = now;
    if (tick * sampleEveryMs <= scale.fillMs) continue;
    const bytes = await readBytesOnDisk(admin, [topic])
      .then((sizes) => sizes.get(topic.name) ?? null)
      .catch(() => null);
    if (bytes !== null) samples.push({ second: (performance.now() - startMs) / 1000, bytes });
  }
  const sum = samples.reduce((total, { bytes }) => total + bytes, 0);
  return {
    foundBytes: samples.length === 0 ? null : Math.round(sum / samples.length),
    samples,
    segmentsDeleted: Math.min(...advances),
  };
}

function describe(
  topic: TopicPlan,
  scale: RetentionScale,
  driven: TopicMeasurement | undefined,
): Omit<RetentionMeasurement, keyof Observed> {
  const prediction = predictScaled(topic, scale);
  return {
    topic: topic.name,
    partitions: scale.partitions,
    replicas: topic.replicationFactor,
    retentionMs: scale.retentionMs,
    segmentMs: scale.segmentMs,
    ratePerSec: scale.ratePerSec,
    achievedPerSec: driven?.achievedPerSec ?? null,
    scaling: scale.scaling,
    predictedBytes: prediction.meanLogBytes,
    formula: meanLogFormula,
    inputs: { ...prediction.inputs, recordsPerBatchFound: driven?.recordsPerBatch ?? 'unknown' },
  };
}
