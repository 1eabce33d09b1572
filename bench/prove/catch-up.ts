/**
 * How fast the groups of a topic work off what gathered while they were down. A copy of the topic is filled while nobody reads; then
 * every group begins from the beginning, as the load goes on at the average rate. Members read as fast as they can: what
 * consumers of the use case take for a record is the verdict's to add.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { CatchUpGroup, CatchUpMeasurement } from '../../lib/measurement/catch-up.ts';
import type { TopicPlan } from '../../lib/plan/types.ts';
import type { ConsumedRecord, Driver, DriverConsumer } from '../drivers/driver.ts';
import type { LoadObserver } from '../load/observer.ts';
import { openLoad } from '../load/open-load.ts';
import type { PhaseSpec } from '../load/types.ts';
import { Backlog } from './backlog.ts';
import type { ScenarioContext } from './context.ts';

/** The backlog is built faster than an outage would: how it came about changes nothing in how it is read. */
const leastFillPerSec = 5_000;
const lookMs = 20;
/** Members of one group; more would measure this process. */
const mostMembers = 8;

export interface CatchUpSpec {
  readonly topic: TopicPlan;
  readonly clusterTopic: string;
  /** Names on the cluster, in the order of the topic's groups. */
  readonly clusterGroups: readonly string[];
  readonly fillMs: number;
  readonly drainMaxMs: number;
}

export async function measureCatchUp(context: ScenarioContext, spec: CatchUpSpec): Promise<CatchUpMeasurement> {
  const { topic, clusterTopic, fillMs, drainMaxMs } = spec;
  const { averagePerSec, peakPerSec } = topic.load;
  const backlog = new Backlog();
  const session = await openLoad({
    ...context.load,
    observer: countingAcks(backlog),
    signal: context.signal,
    topics: [{ plan: topic, clusterTopic, groups: [] }],
  });
  const phase = (perSec: number, measureMs: number): PhaseSpec => ({
    ratePerSec: { [topic.name]: perSec },
    measureMs,
    warmUpMinMs: 0,
    warmUpMaxMs: 0,
    drainMaxMs: 10_000,
    stage: 'catch-up',
    signal: context.signal,
    onProgress: context.onProgress,
  });
  try {
    await session.run(phase(Math.max(peakPerSec, leastFillPerSec), fillMs));
    const backlogRecords = backlog.acknowledged;
    const arriving = session.run(phase(averagePerSec, drainMaxMs));
    // Told below; a failure meanwhile must not end the process.
    arriving.catch(() => {});
    const groups = await drain(context, spec, backlog);
    const { generator } = await arriving;
    return {
      topic: topic.name,
      averagePerSec,
      backlogRecords,
      scaling: `${backlogRecords} records written in ${fillMs / 1000} s in place of those of the outage`,
      generatorLimit: generator.reason,
      groups,
    };
  } finally {
    await session.close();
  }
}

/** All groups at once, as after an outage of what they share. */
async function drain(context: ScenarioContext, spec: CatchUpSpec, backlog: Backlog): Promise<readonly CatchUpGroup[]> {
  const { driver } = context.load;
  const readers = spec.topic.groups.map((group) => ({ group, reading: backlog.reader() }));
  const opened: DriverConsumer[] = [];
  try {
    const joining = readers.map(async ({ group, reading }, index) => {
      const members = Math.min(group.threads, spec.topic.partitions, mostMembers);
      const onRecords = (records: readonly ConsumedRecord[]) => reading.read(records, performance.now());
      const consumers = Array.from({ length: members }, () =>
        joined(context, driver, spec.clusterTopic, spec.clusterGroups[index] ?? group.name, onRecords),
      );
      for (const consumer of consumers) opened.push(await consumer);
    });
    await Promise.all(joining);
    const untilMs = performance.now() + spec.drainMaxMs;
    while (readers.some(({ reading }) => !reading.hasCaughtUp) && performance.now() < untilMs) {
      context.signal.throwIfAborted();
      for (const { reading } of readers) reading.look(performance.now());
      await sleep(lookMs);
    }
    return readers.map(({ group, reading }) => ({ group: group.name, ...reading.result() }));
  } finally {
    await Promise.allSettled(opened.map((consumer) => consumer.close()));
  }
}

async function joined(
  { load }: ScenarioContext,
  driver: Driver,
  topic: string,
  group: string,
  onRecords: (records: readonly ConsumedRecord[]) => void,
): Promise<DriverConsumer> {
  return await driver.createConsumer(load.target, { group, topics: [topic], from: 'beginning' }, onRecords, (error) =>
    load.onIncident({
      kind: 'clientError',
      message: `${group}: ${error instanceof Error ? error.message : String(error)}`,
    }),
  );
}

function countingAcks(backlog: Backlog): LoadObserver {
  const nothing = (): void => {};
  return {
    opened: nothing,
    closed: nothing,
    phase: nothing,
    targetRate: nothing,
    sent: nothing,
    acknowledged: () => backlog.ack(performance.now()),
    failed: nothing,
    received: nothing,
    integrity: nothing,
  };
}
