/** Fire and forget, synchronous, asynchronous: what one sender reaches, and what it learns of a record that is refused. */
import { interleave } from '../../lib/experiment/grid.ts';
import { type Answer, answered, inconclusive } from '../../lib/experiment/scenario-result.ts';
import { median } from '../../lib/measurement/statistics.ts';
import type { DriverProducer } from '../drivers/driver.ts';
import { Accumulator, type BatchOutcome } from '../load/accumulator.ts';
import type { LoadBatch } from '../load/load-batch.ts';
import { createPayload, type Payload } from '../load/payload.ts';
import { quantile, rounded } from '../trial/quantiles.ts';
import { readBack } from '../trial/read-back.ts';
import type { Scenario, TrialContext, TrialResult } from './scenario.ts';

const modes = [
  { name: 'synchronous', acks: 'all', waits: true },
  { name: 'asynchronous', acks: 'all', waits: false },
  { name: 'fire and forget', acks: '0', waits: false },
] as const;
type Mode = (typeof modes)[number];

const rounds = 6;
const runMs = 1_200;
const deliveryTimeoutMs = 10_000;
const lingerMs = 5;
const batchBytes = 16_384;
/** Small, so that latency is not that of a full buffer of 32 MB. */
const bufferBytes = 262_144;
const accepted = 'accepted';
const refusing = 'refusing';
const refusedRecords = 100;
const refusedBytes = 4_096;
const mostPartitions = 6;

export const sending: Scenario = {
  question: 'synchronous, asynchronous, or fire and forget?',
  method: `One sender, as fast as it can for ${runMs} ms, in ${rounds} interleaved rounds: synchronous waits for the acknowledgement of each record (acks=all), asynchronous hands over and counts the callbacks (acks=all, linger ${lingerMs} ms, 16 KiB batches), fire and forget the same with acks=0. Then each sends ${refusedRecords} records that the topic refuses (larger than its max.message.bytes).`,
  trial: {
    durationMs: modes.length * rounds * (runMs + 200) + 6_000,
    groups: [],
    topics: ({ partitions, replicationFactor, minInsyncReplicas }) =>
      [accepted, refusing].map((name) => ({
        name,
        partitions: partitionsOf(partitions),
        replicationFactor,
        config: {
          'min.insync.replicas': minInsyncReplicas,
          ...(name === refusing ? { 'max.message.bytes': refusedBytes / 4 } : {}),
        },
      })),
    run,
  },
};

interface Run {
  readonly mode: Mode;
  readonly recordsPerSec: number;
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
  readonly cpuMicrosPerRecord: number;
}

async function run(context: TrialContext): Promise<TrialResult> {
  const { driver, cluster, topic, seed, signal, tell } = context;
  const target = { bootstrap: cluster.bootstrap, security: cluster.security, clientId: 'headroom' };
  const payload = createPayload({ topic: topic.name, load: topic.load, seed, session: 1 });
  const producers = new Map<Mode, DriverProducer>();
  const runs: Run[] = [];
  const noticed = new Map<Mode, number>();
  try {
    for (const mode of modes) {
      const settings = { acks: mode.acks, idempotent: false, compression: 'none', deliveryTimeoutMs } as const;
      producers.set(mode, await driver.createProducer(target, settings));
    }
    for (const mode of interleave(modes, rounds, seed)) {
      signal.throwIfAborted();
      tell(mode.name);
      const producer = producers.get(mode);
      if (producer !== undefined) runs.push(await runMode(context, mode, producer, payload));
    }
    for (const mode of modes) {
      const producer = producers.get(mode);
      if (producer !== undefined) noticed.set(mode, await countNoticed(context, mode, producer));
    }
  } finally {
    await Promise.allSettled([...producers.values()].map((producer) => producer.close()));
  }
  const stored = await readBack(target, context.nameOf(refusing), partitionsOf(topic.partitions));
  const rows = modes.map((mode) => {
    const own = runs.filter((one) => one.mode === mode);
    const of = (figure: (one: Run) => number | null) => median(own.flatMap((one) => figure(one) ?? []));
    return {
      mode,
      recordsPerSec: of((one) => one.recordsPerSec),
      p50Ms: of((one) => one.p50Ms),
      p99Ms: of((one) => one.p99Ms),
      cpuMicros: of((one) => one.cpuMicrosPerRecord),
      noticed: noticed.get(mode) ?? 0,
    };
  });
  const table = {
    title: 'One sender',
    columns: [
      'sending',
      'acks',
      'records/s',
      'hand-over to outcome p50, ms',
      'p99, ms',
      'client CPU, us/record',
      `of ${refusedRecords} refused records the sender learned of`,
    ],
    rows: rows.map((row) => [
      row.mode.name,
      row.mode.acks,
      rounded(row.recordsPerSec, 0),
      rounded(row.p50Ms, 2),
      rounded(row.p99Ms, 2),
      rounded(row.cpuMicros, 1),
      row.noticed,
    ]),
  };
  return { tables: [table], answer: answerOf(rows, stored.length), notes: [] };
}

async function runMode(context: TrialContext, mode: Mode, producer: DriverProducer, payload: Payload): Promise<Run> {
  const latenciesMs: number[] = [];
  let failed = 0;
  const cpu = process.cpuUsage();
  const startMs = performance.now();
  const untilMs = startMs + runMs;
  const partitions = partitionsOf(context.topic.partitions);
  const topic = context.nameOf(accepted);
  if (mode.waits) {
    for (let id = 0; performance.now() < untilMs; id += 1) {
      const sentMs = performance.now();
      const [ack] = await producer.send([
        { topic, partition: id % partitions, records: [payload.recordOf(id, Date.now())] },
      ]);
      if (ack === undefined || ack.error !== undefined) failed += 1;
      else latenciesMs.push(performance.now() - sentMs);
    }
  } else {
    const accumulator = accumulatorOf(context, topic, producer, payload, (batch, outcome, nowMs) => {
      if (outcome.kind !== 'acknowledged') failed += batch.ids.length;
      else for (const sentMs of batch.sentMs) latenciesMs.push(nowMs - sentMs);
    });
    let id = 0;
    while (performance.now() < untilMs) {
      const nowMs = performance.now();
      // The partition changes with the batch, as with a sticky partitioner.
      for (let turn = 0; turn < 100 && accumulator.hasRoom; turn += 1, id += 1) {
        accumulator.append(id, Math.floor(id / 64) % partitions, nowMs);
      }
      accumulator.pump(performance.now());
      await nextTurn();
    }
    await settled(accumulator);
  }
  const { user, system } = process.cpuUsage(cpu);
  const seconds = (performance.now() - startMs) / 1_000;
  if (failed > 0) throw new Error(`${mode.name}: ${failed} records were not acknowledged`);
  return {
    mode,
    recordsPerSec: latenciesMs.length / seconds,
    p50Ms: quantile(latenciesMs, 0.5),
    p99Ms: quantile(latenciesMs, 0.99),
    cpuMicrosPerRecord: (user + system) / Math.max(1, latenciesMs.length),
  };
}

function accumulatorOf(
  { driver }: TrialContext,
  topic: string,
  producer: DriverProducer,
  payload: Payload,
  onOutcome: (batch: LoadBatch, outcome: BatchOutcome, nowMs: number) => void,
): Accumulator {
  const settings = { acks: 'all', idempotent: false, compression: 'none', deliveryTimeoutMs } as const;
  const maxOutstandingSends = Math.min(5, driver.maxOutstandingSends(settings));
  return new Accumulator(
    { topic, lingerMs, batchBytes, bufferBytes, maxOutstandingSends },
    payload,
    producer,
    { onSend: () => {}, onOutcome },
    () => performance.now(),
  );
}

/** How many of the refused records the sender hears of. */
async function countNoticed(context: TrialContext, mode: Mode, producer: DriverProducer): Promise<number> {
  const topic = context.nameOf(refusing);
  const load = { ...context.topic.load, messageSizeBytes: refusedBytes };
  const payload = createPayload({ topic: context.topic.name, load, seed: context.seed, session: 1 });
  if (mode.waits) {
    let heard = 0;
    for (let sent = 0; sent < refusedRecords; sent += 1) {
      const acks = await producer
        .send([{ topic, partition: 0, records: [payload.recordOf(sent, Date.now())] }])
        .catch(() => []);
      if (acks[0] === undefined || acks[0].error !== undefined) heard += 1;
    }
    return heard;
  }
  let heard = 0;
  const accumulator = accumulatorOf(context, topic, producer, payload, (batch, outcome) => {
    if (outcome.kind !== 'acknowledged') heard += batch.ids.length;
  });
  for (let id = 0; id < refusedRecords; id += 1) accumulator.append(id, 0, performance.now());
  await settled(accumulator);
  return heard;
}

async function settled(accumulator: Accumulator): Promise<void> {
  while (!accumulator.isIdle) {
    accumulator.pump(performance.now());
    await nextTurn();
  }
}

async function nextTurn(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

function partitionsOf(planned: number): number {
  return Math.min(mostPartitions, planned);
}

function answerOf(
  rows: readonly { readonly mode: Mode; readonly recordsPerSec: number | null; readonly noticed: number }[],
  stored: number,
): Answer {
  const [synchronous, asynchronous, forgotten] = rows;
  if (stored > 0) return inconclusive(`${stored} of the records that were to be refused were written.`);
  if (!synchronous?.recordsPerSec || !asynchronous?.recordsPerSec || !forgotten?.recordsPerSec) {
    return inconclusive('a way of sending reached nothing.');
  }
  const times = (row: { readonly recordsPerSec: number | null }) =>
    `${((row.recordsPerSec ?? 0) / (synchronous.recordsPerSec ?? 1)).toFixed(0)} times`;
  return answered(
    `One sender that waits for each record reaches ${Math.round(synchronous.recordsPerSec)} records/s, asynchronous sending ${times(asynchronous)} as many, fire and forget ${times(forgotten)}; of ${refusedRecords} refused records the synchronous sender learns of ${synchronous.noticed}, the asynchronous one of ${asynchronous.noticed}, fire and forget of ${forgotten.noticed}. Whether asynchronous sending inverts order when a send fails is the scenario idempotence.`,
  );
}
