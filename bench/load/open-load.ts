/** Connects the consumers, then the producers, and runs phases over them. */
import { HeadroomError } from '../../lib/errors.ts';
import type { TopicIntegrity } from '../../lib/measurement/types.ts';
import type { ProducerConfig } from '../../lib/plan/types.ts';
import { hash32 } from '../../lib/random.ts';
import type { DriverConsumer, DriverProducer } from '../drivers/driver.ts';
import { rootCause } from '../target/connect.ts';
import { drivenPlan } from './driven-plan.ts';
import { createPayload } from './payload.ts';
import { runPhase, type TopicParts } from './phase-run.ts';
import { producerSettings } from './producer-settings.ts';
import { runProgramPhase, withoutOrder } from './program-phase.ts';
import { ProgramProducers } from './program-producers.ts';
import { TopicProducers } from './topic-producers.ts';
import { TopicReaders } from './topic-readers.ts';
import { TopicState } from './topic-state.ts';
import type { LoadSession, LoadSpec, LoadTopic, OpenLoad } from './types.ts';

/** Where the plan does not set it: the Java client's default of buffer.memory. */
const defaultBufferBytes = 33_554_432;
/**
 * By all producers of a topic together: the ids and times of what waits (about 20 bytes a record, whatever its size) and what is
 * under way are this one process's, where an application has several.
 */
const mostHeldBytes = 268_435_456;
const closeMaxMs = 5_000;
/** The same incident again within this time is not reported. */
const quietMs = 5_000;

let sessions = 0;

export const openLoad: OpenLoad = async (spec) => {
  sessions += 1;
  const session = hash32(spec.seed, sessions) % 2 ** 24;
  const report = quietly(spec.onIncident);
  const opened: (DriverConsumer | DriverProducer)[] = [];
  try {
    const topics: TopicParts[] = [];
    spec.signal?.throwIfAborted();
    for (const topic of spec.topics) {
      // Ids are told apart by producer, so that all parts must know how many there are.
      const driven = { shape: spec.shape ?? {}, ...topic, plan: drivenPlan(topic.plan) };
      topics.push(await openTopic(spec, driven, session, report, opened));
    }
    spec.observer?.opened(
      spec.target,
      spec.topics.map(({ clusterTopic, groups }) => ({
        topic: clusterTopic,
        groups: groups.map(({ clusterGroup }) => clusterGroup),
      })),
    );
    return loadSession(spec, topics, opened);
  } catch (error) {
    await closeAll(opened);
    throw error;
  }
};

function loadSession(
  spec: LoadSpec,
  topics: readonly TopicParts[],
  opened: readonly (DriverConsumer | DriverProducer)[],
): LoadSession {
  let closing: Promise<void> | undefined;
  return {
    run: async (phase) =>
      spec.driver.program === undefined
        ? await runPhase(spec.driver, topics, phase)
        : await runProgramPhase(spec, spec.driver.program, topics, phase),
    integrity: (): readonly TopicIntegrity[] => {
      const found = topics.map(({ state }) => {
        const integrity = state.ledger.integrity();
        return { state, integrity: spec.driver.program === undefined ? integrity : withoutOrder(integrity) };
      });
      spec.observer?.integrity(
        found.map(({ state, integrity }) => ({ ...integrity, topic: state.topic.clusterTopic })),
      );
      return found.map(({ integrity }) => integrity);
    },
    close: async () => {
      spec.observer?.closed();
      closing ??= closeAll(opened);
      await closing;
    },
  };
}

async function openTopic(
  spec: LoadSpec,
  topic: LoadTopic,
  session: number,
  report: (message: string) => void,
  opened: (DriverConsumer | DriverProducer)[],
): Promise<TopicParts> {
  const { plan, clusterTopic } = topic;
  const payload = createPayload({
    topic: plan.name,
    load: plan.load,
    seed: spec.seed,
    session,
    ...(topic.shape === undefined ? {} : { shape: topic.shape }),
    ...(spec.mask === undefined ? {} : { mask: spec.mask }),
  });
  const state = new TopicState(topic, payload, spec.observer ?? null);
  const readers = new TopicReaders(state, spec.onValue);
  await openConsumers(spec, topic, readers, report, opened);
  // Consumers first: their positions stand before the first record is written.
  const config: ProducerConfig = Object.assign({}, plan.producer, topic.producer);
  const settings = producerSettings(config);
  const onFailure = (message: string) => report(`${plan.name}: ${message}`);
  const isProgram = spec.driver.program !== undefined;
  const clients = await connectAll(
    Array.from({ length: isProgram ? 1 : plan.load.producers }, () =>
      spec.driver.createProducer(spec.target, settings),
    ),
    opened,
    spec.signal,
  );
  const [first] = clients;
  if (isProgram && first !== undefined) {
    return { state, readers, producers: new ProgramProducers(state, first, onFailure) };
  }
  const accumulator = {
    topic: clusterTopic,
    lingerMs: config['linger.ms'],
    batchBytes: config['batch.size'],
    bufferBytes: Math.min(
      numberOr(config['buffer.memory'], defaultBufferBytes),
      Math.max(defaultBufferBytes, mostHeldBytes / plan.load.producers),
    ),
    maxOutstandingSends: Math.min(
      config['max.in.flight.requests.per.connection'],
      spec.driver.maxOutstandingSends(settings),
    ),
  };
  return { state, readers, producers: new TopicProducers(state, clients, accumulator, spec.seed, onFailure) };
}

async function openConsumers(
  spec: LoadSpec,
  topic: LoadTopic,
  readers: TopicReaders,
  report: (message: string) => void,
  opened: (DriverConsumer | DriverProducer)[],
): Promise<void> {
  const members = topic.groups.flatMap((group, index) =>
    Array.from({ length: group.members }, () =>
      spec.driver.createConsumer(
        spec.target,
        // From the beginning: a partition that moves between members before the first commit is read again, not skipped.
        {
          group: group.clusterGroup,
          topics: [topic.clusterTopic],
          from: 'beginning',
          ...(topic.consumer === undefined ? {} : { tuning: topic.consumer }),
        },
        (records) => readers.onRecords(index, records),
        (error) => report(`${group.name}: ${rootCause(error)}`),
      ),
    ),
  );
  await connectAll(members, opened, spec.signal);
}

/**
 * All at once; those that connected are kept for closing even when another failed. Rejects with the signal's reason at
 * once: a library may wait for ever for an assignment. What connects after that is closed as it comes.
 */
async function connectAll<T extends DriverConsumer | DriverProducer>(
  connecting: readonly Promise<T>[],
  opened: (DriverConsumer | DriverProducer)[],
  signal: AbortSignal | undefined,
): Promise<readonly T[]> {
  const keep = (client: T): T => {
    if (signal?.aborted) void client.close().catch(() => {});
    else opened.push(client);
    return client;
  };
  const results = await unlessAborted(signal, Promise.allSettled(connecting.map((client) => client.then(keep))));
  const connected = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const failed = results.find((result) => result.status === 'rejected');
  if (failed === undefined) return connected;
  if (failed.reason instanceof HeadroomError) throw failed.reason;
  throw new HeadroomError('TARGET_UNREACHABLE', `the load could not connect: ${rootCause(failed.reason)}`, {
    hint: 'check that all brokers run and that the topics exist',
    cause: failed.reason,
  });
}

async function unlessAborted<T>(signal: AbortSignal | undefined, work: Promise<T>): Promise<T> {
  if (signal === undefined) return await work;
  let onAbort = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    signal.throwIfAborted();
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

function numberOr(value: string | number | boolean | undefined, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}

/** The same message only now and then: a lost broker fails hundreds of sends a second. */
function quietly(onIncident: LoadSpec['onIncident']): (message: string) => void {
  const reported = new Map<string, number>();
  return (message) => {
    const kind = message.replaceAll(/\d+/g, '#');
    const nowMs = performance.now();
    if (nowMs - (reported.get(kind) ?? Number.NEGATIVE_INFINITY) < quietMs) return;
    reported.set(kind, nowMs);
    onIncident({ kind: 'clientError', message });
  };
}

/** Consumers and producers alike, within a bound: a client of a lost broker must not hold up the end of a run. */
async function closeAll(opened: readonly (DriverConsumer | DriverProducer)[]): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const bound = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, closeMaxMs);
  });
  await Promise.race([Promise.allSettled(opened.map((client) => client.close())), bound]);
  clearTimeout(timer);
}
