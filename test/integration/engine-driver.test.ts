import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Admin } from '@platformatic/kafka';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { engineDriver } from '../../bench/drivers/engine.ts';
import type { LocalCluster } from '../../bench/local/local-cluster.ts';
import { startLocalCluster } from '../../bench/local/start.ts';

const partitions = 4;
let dir: string;
let cluster: LocalCluster;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'headroom-engine-'));
  cluster = await startLocalCluster({ brokers: 1, dir, onProgress: () => {}, signal: new AbortController().signal });
  const admin = new Admin({ clientId: 'engine-driver-test', bootstrapBrokers: [...cluster.bootstrap] });
  await admin.createTopics({ topics: ['driven', 'ordered'], partitions, replicas: 1 });
  await admin.close();
});

afterAll(async () => {
  await cluster?.stop();
  await rm(dir, { recursive: true, force: true });
});

it('shares a group between two members, and a third goes on where they committed', async () => {
  const target = { bootstrap: cluster.bootstrap, clientId: 'engine-driver-test' };
  const errors: unknown[] = [];
  const received = [new Map<string, number>(), new Map<string, number>(), new Map<string, number>()] as const;
  const join = (member: 0 | 1 | 2) =>
    engineDriver.createConsumer(
      target,
      { group: 'drivers', topics: ['driven'], from: 'beginning' },
      (records) => {
        for (const { value } of records) {
          received[member].set(value.toString(), (received[member].get(value.toString()) ?? 0) + 1);
        }
      },
      (error) => errors.push(error),
    );
  const producer = await engineDriver.createProducer(target, {
    acks: 'all',
    idempotent: true,
    compression: 'none',
    deliveryTimeoutMs: 20_000,
  });
  const sendRound = async (round: string) => {
    const batches = Array.from({ length: partitions }, (_, partition) => ({
      topic: 'driven',
      partition,
      records: [{ key: null, value: Buffer.from(`${round}-${partition}`), timestampMs: Date.now() }],
    }));
    return await producer.send(batches);
  };
  const until = async (done: () => boolean) => {
    for (let turn = 0; turn < 200 && !done(); turn++) await new Promise((resolve) => setTimeout(resolve, 100));
    expect(done()).toBe(true);
  };
  expect(await sendRound('one')).toEqual(
    Array.from({ length: partitions }, (_, partition) => ({ topic: 'driven', partition, baseOffset: 0 })),
  );
  const members = [await join(0), await join(1)];
  await until(() => new Set([...received[0].keys(), ...received[1].keys()]).size === partitions);
  // Both take part once the group has settled.
  for (let round = 0; round < 100 && !(received[0].size > 0 && received[1].size > 0); round++) {
    await sendRound(`settle${round}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  expect(Math.min(received[0].size, received[1].size)).toBeGreaterThan(0);
  await sendRound('two');
  await until(() =>
    [0, 1, 2, 3].every((partition) => received[0].has(`two-${partition}`) || received[1].has(`two-${partition}`)),
  );
  for (const member of members) await member.close();

  await sendRound('three');
  const last = await join(2);
  await until(() => received[2].size === partitions);
  expect([...received[2].keys()].sort()).toEqual(['three-0', 'three-1', 'three-2', 'three-3']);
  await last.close();
  await producer.close();
  expect(errors).toEqual([]);
});

it('keeps the order of sends that do not wait for each other, from the first one on', async () => {
  const target = { bootstrap: cluster.bootstrap, clientId: 'engine-driver-test' };
  const producer = await engineDriver.createProducer(target, {
    acks: 'all',
    idempotent: true,
    compression: 'none',
    deliveryTimeoutMs: 20_000,
  });
  const acks = await Promise.all(
    Array.from({ length: 50 }, (_, index) =>
      producer.send([
        { topic: 'ordered', partition: 0, records: [{ key: null, value: Buffer.from(`${index}`), timestampMs: 1 }] },
      ]),
    ),
  );
  await producer.close();
  expect(acks.flat().map(({ baseOffset }) => baseOffset)).toEqual(Array.from({ length: 50 }, (_, index) => index));
});

// Last: it stops the cluster.
it('ends within its bound when the brokers are gone, and says what may be lost', async () => {
  const target = { bootstrap: cluster.bootstrap, clientId: 'engine-driver-test' };
  const producer = await engineDriver.createProducer(target, {
    acks: 'all',
    idempotent: true,
    compression: 'none',
    deliveryTimeoutMs: 120_000,
  });
  await cluster.stop();
  const sending = producer.send([
    { topic: 'driven', partition: 0, records: [{ key: null, value: Buffer.from('x'), timestampMs: 1 }] },
  ]);
  const began = performance.now();
  await producer.close();
  expect(performance.now() - began).toBeLessThan(10_000);
  expect(await sending).toEqual([
    { topic: 'driven', partition: 0, baseOffset: null, error: expect.stringContaining('not acknowledged') },
  ]);
});
