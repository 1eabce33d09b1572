import { mkdtemp, rm } from 'node:fs/promises';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Admin } from '@platformatic/kafka';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DriverTarget } from '../../bench/drivers/driver.ts';
import { engineDriver } from '../../bench/drivers/engine.ts';
import { EngineConsumer } from '../../bench/engine/consumer.ts';
import { EngineProducer } from '../../bench/engine/producer.ts';
import { encodeBatch } from '../../bench/engine/record-batch.ts';
import { TransactionalProducer } from '../../bench/engine/transactional-producer.ts';
import type { LocalCluster } from '../../bench/local/local-cluster.ts';
import { startLocalCluster } from '../../bench/local/start.ts';

const partitions = 4;
let dir: string;
let cluster: LocalCluster;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'headroom-engine-'));
  cluster = await startLocalCluster({ brokers: 1, dir, onProgress: () => {}, signal: new AbortController().signal });
  const admin = new Admin({ clientId: 'engine-driver-test', bootstrapBrokers: [...cluster.bootstrap] });
  await admin.createTopics({ topics: ['driven', 'ordered', 'transacted', 'cut'], partitions, replicas: 1 });
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

it('commits and aborts: who reads what is committed sees that and nothing else, in order', async () => {
  const target = { bootstrap: cluster.bootstrap, clientId: 'engine-driver-test' };
  const settings = { transactionalId: 'payments', transactionTimeoutMs: 30_000, deliveryTimeoutMs: 20_000 };
  const producer = await TransactionalProducer.open(target, settings);
  const committed: string[] = [];
  const all: string[] = [];
  for (let transaction = 0; transaction < 12; transaction++) {
    const isCommit = transaction % 3 !== 1;
    producer.begin();
    for (let partition = 0; partition < partitions; partition++) {
      const values = [0, 1, 2].map((index) => `${transaction}.${partition}.${index}`);
      const records = values.map((value) => ({ key: null, value: Buffer.from(value), timestampMs: Date.now() }));
      producer.send('transacted', partition, encodeBatch(records, 'none'), records.length, (error) =>
        expect(error).toBeNull(),
      );
      all.push(...values);
      if (isCommit) committed.push(...values);
    }
    await (isCommit ? producer.commit() : producer.abort());
  }
  const byPartition = (values: readonly string[]) =>
    values.toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  expect(
    byPartition((await readUntil(target, 'transacted', { readCommitted: true, count: committed.length })).values),
  ).toEqual(byPartition(committed));
  expect(
    byPartition((await readUntil(target, 'transacted', { readCommitted: false, count: all.length })).values),
  ).toEqual(byPartition(all));

  // A second producer of that name fences the first off; what that one left open is aborted, never read.
  producer.begin();
  const open = [{ key: null, value: Buffer.from('left open'), timestampMs: Date.now() }];
  await new Promise<void>((resolve) => {
    producer.send('transacted', 0, encodeBatch(open, 'none'), 1, () => resolve());
  });
  const successor = await TransactionalProducer.open(target, settings);
  await expect(producer.commit()).rejects.toThrow();
  await producer.close(0);
  successor.begin();
  const after = [{ key: null, value: Buffer.from('after'), timestampMs: Date.now() }];
  successor.send('transacted', 0, encodeBatch(after, 'none'), 1, () => {});
  await successor.commit();
  await successor.close();
  expect(
    byPartition((await readUntil(target, 'transacted', { readCommitted: true, count: committed.length + 1 })).values),
  ).toEqual(byPartition([...committed, 'after']));
});

it('loses, doubles and swaps nothing when its connections are cut again and again', async () => {
  const target = { bootstrap: cluster.bootstrap, clientId: 'engine-cut-test' };
  const settings = { acks: 'all', idempotent: true, deliveryTimeoutMs: 60_000, maxInFlight: 5 } as const;
  const producer = await EngineProducer.open(target, settings, ['cut']);
  const outcomes: (string | null)[] = [];
  const rounds = 200;
  let cuts = 0;
  for (let round = 0; round < rounds; round++) {
    for (let partition = 0; partition < partitions; partition++) {
      const records = [{ key: null, value: Buffer.from(String(round)), timestampMs: Date.now() }];
      producer.send('cut', partition, encodeBatch(records, 'none'), 1, (error) =>
        outcomes.push(error?.message ?? null),
      );
    }
    if (round % 20 === 10) cuts += cutConnections();
    await sleep(5);
  }
  await producer.close();
  expect(cuts).toBeGreaterThan(0);
  expect(outcomes).toEqual(Array(rounds * partitions).fill(null));
  const found = await readUntil(target, 'cut', { readCommitted: false, count: rounds * partitions });
  const expected = Array.from({ length: rounds }, (_, round) => String(round));
  expect([...found.byPartition.values()]).toEqual(Array(partitions).fill(expected));
});

/** As a network that fails: without a word, with requests under way. Returns how many connections there were. */
function cutConnections(): number {
  const handles = (process as unknown as { _getActiveHandles(): unknown[] })._getActiveHandles();
  const ports = cluster.brokers.map(({ port }) => port);
  const sockets = handles.filter((handle) => handle instanceof Socket && ports.includes(handle.remotePort ?? 0));
  for (const socket of sockets as Socket[]) socket.destroy();
  return sockets.length;
}

/** Reads the topic until that many records came, and a moment longer for what should not come. */
async function readUntil(
  target: DriverTarget,
  topic: string,
  { readCommitted, count }: { readonly readCommitted: boolean; readonly count: number },
): Promise<{ readonly values: string[]; readonly byPartition: ReadonlyMap<number, string[]> }> {
  const values: string[] = [];
  const byPartition = new Map<number, string[]>();
  const errors: Error[] = [];
  const consumer = new EngineConsumer(
    target,
    { checkCrc: true, fetch: { readCommitted } },
    {
      visitorOf: (_topic, partition) => {
        const own: string[] = [];
        let last = -1;
        byPartition.set(partition, own);
        return (offset, _time, bytes, _keyStart, _keyEnd, start, end) => {
          if (offset <= last) errors.push(new Error(`offset ${offset} after ${last}`));
          last = offset;
          own.push(bytes.toString('utf8', start, end));
          values.push(bytes.toString('utf8', start, end));
        };
      },
      onError: (error) => errors.push(error),
    },
  );
  await consumer.assign(
    Array.from({ length: partitions }, (_, partition) => ({ topic, partition, from: 'beginning' })),
  );
  for (let turn = 0; turn < 200 && values.length < count; turn++) await sleep(100);
  await sleep(200);
  consumer.close();
  expect(errors).toEqual([]);
  return { values, byPartition };
}

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
