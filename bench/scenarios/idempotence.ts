/** Idempotence and requests in flight: their cost under load, and what a retry does to order and number of the records. */
import { type Answer, answered, inconclusive } from '../../lib/experiment/scenario-result.ts';
import { counted } from '../../lib/units.ts';
import type { DriverTarget } from '../drivers/driver.ts';
import { EngineProducer } from '../engine/producer.ts';
import { type Fate, produceApi, startFrameProxy } from '../trial/frame-proxy.ts';
import { readBack } from '../trial/read-back.ts';
import { numberedBatch, sendBatch } from '../trial/send-batch.ts';
import { effects } from './effects.ts';
import type { Scenario, TrialContext, TrialResult } from './scenario.ts';

const producers = [
  { name: 'off-5', idempotent: false, maxInFlight: 5 },
  { name: 'off-1', idempotent: false, maxInFlight: 1 },
  { name: 'on-5', idempotent: true, maxInFlight: 5 },
] as const;

/** What happens to one request, and how a log shows it. */
const faults = [
  { name: 'refused', fate: 'alter', title: 'one request is refused and sent again' },
  { name: 'unanswered', fate: 'loseAnswer', title: 'one answer is lost with its connection' },
] as const;

const batches = 60;
const recordsPerBatch = 5;
/** Of the produce requests of a run, by its number: some are in flight before it and some behind. */
const failingRequest = 10;
const deliveryTimeoutMs = 20_000;
const leastValueBytes = 64;

export const idempotence: Scenario = {
  question: 'does order invert without idempotence, are records written twice, and what does idempotence cost?',
  method: `Cost: the load of the use case with and without idempotence and with one request in flight, in interleaved rounds. Order: a proxy that knows Kafka's frames stands between one producer and the brokers; the producer sends ${batches} batches of ${recordsPerBatch} records to one partition, and request ${failingRequest + 1} fails once: altered on its way, so that the broker answers CORRUPT_MESSAGE, or carried out with its answer lost. The engine retries; the log is read back.`,
  grid: {
    vary: ['enable.idempotence=true,false', 'max.in.flight.requests.per.connection=5,1'],
    kind: 'oneAtATime',
    rounds: 8,
    measureMs: 700,
    figures: [
      'publishP50Ms',
      'publishP99Ms',
      'clientCpuMicrosPerRecord',
      'brokerCpuMicrosPerRecord',
      'recordsPerBatch',
    ],
    answer: (analysis) =>
      effects(analysis, ['publishP50Ms', 'publishP99Ms', 'clientCpuMicrosPerRecord', 'brokerCpuMicrosPerRecord']),
  },
  trial: {
    durationMs: 8_000,
    groups: [],
    topics: ({ replicationFactor, minInsyncReplicas }) =>
      producers.flatMap((producer) =>
        faults.map((fault) => ({
          name: `${producer.name}-${fault.name}`,
          partitions: 1,
          replicationFactor,
          config: { 'min.insync.replicas': minInsyncReplicas },
        })),
      ),
    run,
  },
};

interface Outcome {
  readonly producer: (typeof producers)[number];
  readonly fault: (typeof faults)[number];
  /** Whether the request failed as it was meant to. */
  readonly wasActive: boolean;
  readonly acknowledged: number;
  readonly missing: number;
  readonly duplicates: number;
  readonly inversions: number;
}

async function run(context: TrialContext): Promise<TrialResult> {
  if (context.cluster.security !== undefined) {
    return { tables: [], answer: inconclusive('a proxy cannot look into encrypted connections.'), notes: [] };
  }
  const outcomes: Outcome[] = [];
  for (const fault of faults) {
    for (const producer of producers) {
      context.signal.throwIfAborted();
      context.tell(`idempotence ${producer.idempotent ? 'on' : 'off'}, ${fault.title}`);
      outcomes.push(await sendWithFault(context, producer, fault));
    }
  }
  const table = {
    title: 'One request fails',
    columns: [
      'idempotence',
      'in flight',
      'fault',
      'acknowledged',
      'written twice',
      'out of order',
      'missing of the acknowledged',
    ],
    rows: outcomes.map(({ producer, fault, ...found }) => [
      producer.idempotent ? 'on' : 'off',
      producer.maxInFlight,
      fault.title,
      found.acknowledged,
      found.duplicates,
      found.inversions,
      found.missing,
    ]),
  };
  return { tables: [table], answer: answerOf(outcomes), notes: [] };
}

async function sendWithFault(
  { cluster, nameOf, topic }: TrialContext,
  producer: Outcome['producer'],
  fault: Outcome['fault'],
): Promise<Outcome> {
  const name = nameOf(`${producer.name}-${fault.name}`);
  let wasActive = false;
  const fateOf = ({ apiKey, index }: { apiKey: number; index: number }): Fate => {
    if (apiKey !== produceApi || index !== failingRequest) return 'pass';
    wasActive = true;
    return fault.fate;
  };
  const proxy = await startFrameProxy(cluster.brokers, fateOf);
  try {
    const target: DriverTarget = { bootstrap: proxy.bootstrap, clientId: 'headroom' };
    const { idempotent, maxInFlight } = producer;
    const engine = await EngineProducer.open(target, { acks: 'all', idempotent, deliveryTimeoutMs, maxInFlight }, [
      name,
    ]);
    const valueBytes = Math.max(leastValueBytes, topic.load.messageSizeBytes);
    const sent = Array.from({ length: batches }, (_, batch) => sendOne(engine, name, batch, valueBytes));
    const acknowledged = new Set((await Promise.all(sent)).flat());
    await engine.close();
    const direct: DriverTarget = { bootstrap: cluster.bootstrap, clientId: 'headroom' };
    const ids = (await readBack(direct, name, 1)).map(({ value }) => value.readUInt32BE(0));
    const firsts = [...new Set(ids)];
    return {
      producer,
      fault,
      wasActive,
      acknowledged: acknowledged.size,
      missing: [...acknowledged].filter((id) => !firsts.includes(id)).length,
      duplicates: ids.length - firsts.length,
      // By the first time that each record is read: what is written twice is counted as such.
      inversions: firsts.filter((id, at) => at > 0 && id < (firsts[at - 1] ?? id)).length,
    };
  } finally {
    await proxy.close();
  }
}

/** The ids of its records once they are acknowledged; none when they are given up. */
async function sendOne(
  engine: EngineProducer,
  topic: string,
  batch: number,
  valueBytes: number,
): Promise<readonly number[]> {
  const ids = Array.from({ length: recordsPerBatch }, (_, index) => batch * recordsPerBatch + index);
  const bytes = numberedBatch(ids, valueBytes);
  return await sendBatch(engine, { topic, partition: 0, bytes, records: ids.length }).then(
    () => ids,
    () => [],
  );
}

function answerOf(outcomes: readonly Outcome[]): Answer {
  const inactive = outcomes.filter(({ wasActive }) => !wasActive);
  if (inactive.length > 0) return inconclusive(`the fault did not happen in ${inactive.length} of the runs.`);
  const of = (producer: string, fault: string) =>
    outcomes.find((one) => one.producer.name === producer && one.fault.name === fault);
  const words = (producer: string) =>
    `${counted(of(producer, 'refused')?.inversions ?? 0, 'inversion')} after a refused request and ${counted(of(producer, 'unanswered')?.duplicates ?? 0, 'record')} twice after a lost answer`;
  return answered(
    `Without idempotence and with 5 requests in flight there are ${words('off-5')}; with 1 in flight ${words('off-1')}; with idempotence ${words('on-5')}.`,
  );
}
