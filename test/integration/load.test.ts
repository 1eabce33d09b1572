/** The load on a real cluster: both drivers keep what they promise, and a planted fault is found there too. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Admin } from '@platformatic/kafka';
import { Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Driver, DriverTarget } from '../../bench/drivers/driver.ts';
import { defaultDriver, drivers } from '../../bench/drivers/index.ts';
import { openLoad } from '../../bench/load/open-load.ts';
import type { LocalCluster } from '../../bench/local/local-cluster.ts';
import { startLocalCluster } from '../../bench/local/start.ts';
import { type LoadTopicOptions, loadTopic, phaseSpec } from '../bench/load/load-topic.ts';
import {
  doubleOneBatch,
  forgetOneEntry,
  loseOneBatch,
  stall,
  swapTwoSends,
  withFault,
} from '../bench/load/planted-faults.ts';

let dir: string;
let cluster: LocalCluster;
let target: DriverTarget;
let admin: Admin;
let topics = 0;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'headroom-load-'));
  cluster = await startLocalCluster({ brokers: 3, dir, onProgress: () => {}, signal: new AbortController().signal });
  target = { bootstrap: cluster.bootstrap, clientId: 'load-test' };
  admin = new Admin({ clientId: 'load-test-admin', bootstrapBrokers: [...cluster.bootstrap], retries: 5 });
});

afterAll(async () => {
  await admin?.close();
  await cluster?.stop();
  await rm(dir, { recursive: true, force: true });
});

async function createTopic(partitions: number): Promise<string> {
  topics += 1;
  const name = `load-${topics}`;
  await admin.createTopics({
    topics: [name],
    partitions,
    replicas: 3,
    configs: [{ name: 'min.insync.replicas', value: '2' }],
  });
  // Leaders of a new topic are not ready at once: without acknowledgements the first records would be lost, rightly.
  const settings = { acks: 'all', idempotent: false, compression: 'none', deliveryTimeoutMs: 20_000 } as const;
  const producer = await defaultDriver.createProducer(target, settings);
  const records = [{ key: null, value: Buffer.from('first'), timestampMs: Date.now() }];
  await producer.send(Array.from({ length: partitions }, (_, partition) => ({ topic: name, partition, records })));
  await producer.close();
  return name;
}

interface LoadOptions extends LoadTopicOptions {
  readonly ratePerSec?: number;
  readonly measureMs?: number;
  readonly drainMaxMs?: number;
  /** Done to the topic in mid-run. */
  readonly meanwhile?: (clusterTopic: string) => Promise<void>;
}

async function load(driver: Driver, options: LoadOptions = {}) {
  const { ratePerSec = 1000, measureMs = 1000, partitions = 4, drainMaxMs = 15_000, meanwhile } = options;
  const clusterTopic = await createTopic(partitions);
  const topic = loadTopic({ ...options, partitions, clusterTopic });
  const incidents: string[] = [];
  const session = await openLoad({
    target,
    driver,
    topics: [topic],
    seed: 11,
    onIncident: ({ message }) => incidents.push(message),
  });
  try {
    const running = session.run(
      phaseSpec({
        ratePerSec: { orders: ratePerSec },
        measureMs,
        warmUpMinMs: 500,
        warmUpMaxMs: 500,
        drainMaxMs,
      }),
    );
    const isOver = running.then(() => true);
    if (meanwhile !== undefined)
      expect(await Promise.race([isOver, meanwhile(clusterTopic).then(() => false)])).toBe(false);
    const result = await running;
    const [measured] = result.topics;
    const [integrity] = session.integrity();
    const group = integrity?.groups[0];
    if (measured === undefined || integrity === undefined || group === undefined) throw new Error('nothing measured');
    return { result, measured, integrity, group, incidents };
  } finally {
    await session.close();
  }
}

/** All of them read none in the other tests. The engine tries every codec of the library that it shares with its own driver. */
function compressionsOf({ name, compressions }: Driver): Driver['compressions'] {
  return name === '@platformatic/kafka' ? ['gzip', 'zstd'] : compressions.filter((codec) => codec !== 'none');
}

/** The drivers whose consumers differ. */
const consumerDrivers = [...new Map(drivers.map((driver) => [driver.createConsumer, driver])).values()];

describe.each(drivers.map((driver) => [driver.name, driver] as const))('%s', (_, driver) => {
  it('keeps every record, once and in order, with counts that agree', async () => {
    const { measured, integrity, group } = await load(driver, { members: 2, measureMs: 2000, ratePerSec: 2000 });
    expect(measured).toMatchObject({ scheduled: 4000, acknowledged: 4000, failed: 0, unsent: 0 });
    expect(measured.publish.count).toBe(4000);
    expect(measured.groups[0]).toMatchObject({ received: 4000, members: 2 });
    expect(measured.groups[0]?.drainedMs).not.toBeNull();
    expect(measured.groups[0]?.endToEnd.negative).toBe(0);
    expect(integrity).toMatchObject({ unknown: 0, missingAckEntries: 0, offsetCollisions: 0 });
    expect(group).toMatchObject({
      lost: 0,
      unseen: 0,
      duplicates: 0,
      orderInversions: 0,
      received: integrity.acknowledged,
    });
  });

  it.concurrent.each(['0', '1', 'all'] as const)('writes with acks=%s without idempotence', async (acks) => {
    const producer = { acks, 'enable.idempotence': false } as const;
    const { measured, integrity, group } = await load(driver, { producer, measureMs: 500 });
    expect(measured).toMatchObject({ acknowledged: 500, failed: 0, unsent: 0 });
    expect(integrity).toMatchObject({ unknown: 0, missingAckEntries: 0, offsetCollisions: 0 });
    // Duplicates are not ruled out: a retry after a broker's error writes again what another partition had taken.
    expect(group).toMatchObject({ lost: 0, unseen: 0 });
  });

  it.concurrent.each(compressionsOf(driver))('writes and reads with compression %s', async (compression) => {
    const { measured, group } = await load(driver, { producer: { 'compression.type': compression }, measureMs: 200 });
    expect(measured).toMatchObject({ acknowledged: 200, failed: 0, unsent: 0 });
    expect(group).toMatchObject({ lost: 0, unseen: 0, duplicates: 0 });
  });

  it('creates no topic that is not there', async () => {
    const topic = loadTopic({ clusterTopic: 'never-created', groups: [] });
    const session = openLoad({ target, driver, topics: [topic], seed: 1, onIncident: () => {} });
    const run = session.then(async (open) => await open.run(phaseSpec({ measureMs: 200, drainMaxMs: 300 })));
    const outcome = await run.then(
      ({ topics: [measured] }) => measured?.acknowledged,
      () => 0,
    );
    await session.then(
      (open) => open.close(),
      () => {},
    );
    expect(outcome).toBe(0);
    expect(await admin.listTopics()).not.toContain('never-created');
  });
});

describe.each(consumerDrivers.map((driver) => [driver.name, driver] as const))('a consumer of %s', (_, driver) => {
  it('begins at the end with exactly what is sent after the members stand', async () => {
    const topic = await createTopic(3);
    const producer = await driver.createProducer(target, {
      acks: 'all',
      idempotent: true,
      compression: 'none',
      deliveryTimeoutMs: 10_000,
    });
    const write = async (text: string): Promise<void> => {
      const records = [{ key: null, value: Buffer.from(text), timestampMs: Date.now() }];
      await producer.send([0, 1, 2].map((partition) => ({ topic, partition, records })));
    };
    await write('before');
    const read: string[] = [];
    const settings = { group: `${topic}-group`, topics: [topic], from: 'end' } as const;
    const join = async () =>
      await driver.createConsumer(
        target,
        settings,
        (records) => read.push(...records.map(({ partition, value }) => `${partition} ${value}`)),
        () => {},
      );
    const members = await Promise.all([join(), join()]);
    await write('after');
    await expect.poll(() => read.length, { timeout: 15_000 }).toBeGreaterThanOrEqual(3);
    await Promise.all(members.map((member) => member.close()));
    await producer.close();
    expect(new Set(read)).toEqual(new Set(['0 after', '1 after', '2 after']));
  });
});

async function moveLeaders(topic: string): Promise<void> {
  await sleep(1_000);
  const before = await leadersOf(topic);
  const others = (leader: number) => cluster.brokers.map(({ id }) => id).filter((id) => id !== leader);
  const mover = new Kafka({ brokers: [...cluster.bootstrap], logLevel: logLevel.NOTHING }).admin();
  await mover.connect();
  const partitionAssignment = before.map((leader, partition) => ({ partition, replicas: others(leader) }));
  await mover.alterPartitionReassignments({ topics: [{ topic, partitionAssignment }] });
  await mover.disconnect();
  const moved = async () => (await leadersOf(topic)).every((leader, partition) => leader !== before[partition]);
  await expect.poll(moved, { timeout: 10_000 }).toBe(true);
}

describe('the engine while leaders move', () => {
  it('loses, doubles and swaps nothing', async () => {
    const run = await load(defaultDriver, { ratePerSec: 2000, measureMs: 2000, meanwhile: moveLeaders });
    expect(run.measured).toMatchObject({ scheduled: 4000, acknowledged: 4000, failed: 0, unsent: 0 });
    expect(run.integrity).toMatchObject({ unknown: 0, missingAckEntries: 0, offsetCollisions: 0 });
    expect(run.group).toMatchObject({ lost: 0, unseen: 0, duplicates: 0, orderInversions: 0 });
    expect(run.measured.groups[0]?.received).toBe(4000);
  });

  it('follows them with acks=0, where no answer says that they moved', async () => {
    const producer = { acks: '0', 'enable.idempotence': false } as const;
    const run = await load(defaultDriver, { ratePerSec: 2000, measureMs: 2000, producer, meanwhile: moveLeaders });
    expect(run.measured).toMatchObject({ scheduled: 4000, failed: 0, unsent: 0 });
    // What the old leaders threw away is lost; the end marks, written after that, are read in every partition.
    expect(run.measured.groups[0]?.drainedMs).not.toBeNull();
    expect(run.group.unseen).toBe(0);
  });
});

describe('the engine when its topic is deleted in mid-run', () => {
  it('says so of sending and of reading, and comes to an end', async () => {
    const meanwhile = async (topic: string) => {
      await sleep(1_000);
      await admin.deleteTopics({ topics: [topic] });
    };
    const { measured, incidents } = await load(defaultDriver, { measureMs: 3000, meanwhile, drainMaxMs: 3_000 });
    expect(measured.failed).toBeGreaterThan(0);
    expect(incidents).toContainEqual(expect.stringContaining('the topic is gone: somebody deleted it'));
    expect(incidents).toContainEqual(expect.stringContaining('whose topic is gone'));
  });
});

async function leadersOf(topic: string): Promise<readonly number[]> {
  const { topics } = await admin.metadata({ topics: [topic], forceUpdate: true });
  return (topics.get(topic)?.partitions ?? []).map(({ leader }) => leader);
}

describe('a planted fault on the real cluster', () => {
  it('loss', async () => {
    const producer = { 'compression.type': 'zstd' } as const;
    const { group } = await load(withFault(defaultDriver, loseOneBatch()), { producer });
    expect(group.lost).toBeGreaterThan(0);
    expect(group.unseen).toBe(0);
    expect(group.examples[0]).toMatch(/^lost: /);
  });

  it('duplicate', async () => {
    const producer = { 'compression.type': 'lz4' } as const;
    const { group } = await load(withFault(defaultDriver, doubleOneBatch()), { producer });
    expect(group.duplicates).toBeGreaterThan(0);
    expect(group.lost).toBe(0);
  });

  it('swap', async () => {
    const options = { producer: { 'enable.idempotence': false }, load: { producers: 1, keys: 2 } } as const;
    const { group } = await load(withFault(defaultDriver, swapTwoSends()), options);
    expect(group.orderInversions).toBeGreaterThan(0);
    expect(group).toMatchObject({ lost: 0, duplicates: 0 });
  });

  it('missing acknowledgement entry', async () => {
    const { integrity } = await load(withFault(defaultDriver, forgetOneEntry()));
    expect(integrity.missingAckEntries).toBeGreaterThan(0);
  });

  it('stall: publish p99 shows how long slots waited', async () => {
    const { measured } = await load(withFault(defaultDriver, stall(600, 600)));
    // S - (1 - q) T = 600 - 0.01 x 1000, with room for what of the stall lies outside of the window.
    expect(measured.publish.p99Ms).toBeGreaterThan(450);
  });
});
