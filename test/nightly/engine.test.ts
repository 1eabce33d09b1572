import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Admin } from '@platformatic/kafka';
import { CompressionTypes, Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultDriver } from '../../bench/drivers/index.ts';
import { EngineConsumer } from '../../bench/engine/consumer.ts';
import { EngineProducer } from '../../bench/engine/producer.ts';
import { encodeBatch } from '../../bench/engine/record-batch.ts';
import { TransactionalProducer } from '../../bench/engine/transactional-producer.ts';
import { loadZstd } from '../../bench/engine/zstd.ts';
import { openLoad } from '../../bench/load/open-load.ts';
import { killBroker, type LocalCluster, restartBroker } from '../../bench/local/local-cluster.ts';
import { identify, sendSignal } from '../../bench/local/processes.ts';
import { startLocalCluster } from '../../bench/local/start.ts';
import { compressions as codecs } from '../../lib/requirements/types.ts';
import { readHeaders } from '../bench/engine/read-headers.ts';
import { loadTopic, phaseSpec } from '../bench/load/load-topic.ts';
import { runKafkaTool } from './java-tools.ts';

const partitions = 3;
const settings = { acks: 'all', idempotent: true, deliveryTimeoutMs: 60_000, maxInFlight: 5 } as const;

let dir: string;
let cluster: LocalCluster;
let admin: Admin;

const target = () => ({ bootstrap: cluster.bootstrap, clientId: 'engine-test' });

beforeAll(async () => {
  await loadZstd();
  dir = await mkdtemp(join(tmpdir(), 'headroom-engine-'));
  cluster = await startLocalCluster({ brokers: 3, dir, onProgress: () => {}, signal: new AbortController().signal });
  admin = new Admin({ clientId: 'engine-test-admin', bootstrapBrokers: [...cluster.bootstrap] });
});

afterAll(async () => {
  await admin?.close();
  await cluster?.stop();
  await rm(dir, { recursive: true, force: true });
});

interface Read {
  readonly partition: number;
  readonly offset: number;
  readonly key: string | null;
  readonly value: string;
  readonly headers: string;
}

/** Reads the topic until `count` records are there, or two seconds pass without one. */
async function readAll(topic: string, count: number, readCommitted = false): Promise<Read[]> {
  const found: Read[] = [];
  const errors: Error[] = [];
  const consumer = new EngineConsumer(
    target(),
    { checkCrc: true, fetch: { readCommitted } },
    {
      visitorOf: (_topic, partition) => (offset, _time, bytes, keyStart, keyEnd, start, end) => {
        const key = keyStart < 0 ? null : bytes.toString('utf8', keyStart, keyEnd);
        const headers = readHeaders(bytes, end).map((header) => `${header.key}=${header.value}`);
        found.push({ partition, offset, key, value: bytes.toString('utf8', start, end), headers: headers.join() });
      },
      onError: (error) => errors.push(error),
    },
  );
  await consumer.assign(
    Array.from({ length: partitions }, (_, partition) => ({ topic, partition, from: 'beginning' })),
  );
  let seen = -1;
  for (let quiet = 0; quiet < 20 && found.length < count; quiet = found.length === seen ? quiet + 1 : 0) {
    seen = found.length;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  consumer.close();
  expect(errors).toEqual([]);
  return found;
}

async function createTopic(topic: string): Promise<void> {
  await admin.createTopics({ topics: [topic], partitions, replicas: 3 });
}

describe('what the engine writes', () => {
  it('is read by Java without an error, in every compression, with keys and headers', async () => {
    await createTopic('written');
    const producer = await EngineProducer.open(target(), settings, ['written']);
    const errors: (Error | null)[] = [];
    for (const codec of codecs) {
      for (let partition = 0; partition < partitions; partition++) {
        const records = Array.from({ length: 100 }, (_, index) => ({
          key: Buffer.from(`${codec}-${index}`),
          value: Buffer.from(`value ${index} ${'x'.repeat(index)}`),
          timestampMs: Date.now(),
          headers: [{ key: Buffer.from('h'), value: Buffer.from(codec) }],
        }));
        producer.send('written', partition, encodeBatch(records, codec), records.length, (error) => errors.push(error));
      }
    }
    await producer.close();
    const total = 100 * partitions * codecs.length;
    expect(errors).toEqual(Array(partitions * codecs.length).fill(null));

    const lines = await runKafkaTool('org.apache.kafka.tools.consumer.ConsoleConsumer', [
      ...['--bootstrap-server', cluster.bootstrap.join(), '--topic', 'written', '--from-beginning'],
      ...['--max-messages', String(total), '--timeout-ms', '20000'],
      ...['--formatter-property', 'print.key=true', '--formatter-property', 'print.headers=true'],
    ]);
    for (const codec of codecs) {
      const ofCodec = lines.filter((line) => line.startsWith(`h:${codec}\t${codec}-`));
      expect(ofCodec).toHaveLength(100 * partitions);
    }
    const dumped = await dumpLogs('written');
    expect(dumped.filter((line) => /CreateTime: \d+ keySize:/.test(line))).toHaveLength(total);
    expect(dumped.filter((line) => wrong.test(line))).toEqual([]);
    for (const codec of codecs) expect(dumped.some((line) => line.includes(`compresscodec: ${codec}`))).toBe(true);
  });

  it('is read by Java transaction by transaction, in every compression, with headers', async () => {
    await createTopic('paid');
    const producer = await TransactionalProducer.open(target(), {
      transactionalId: 'paid',
      transactionTimeoutMs: 30_000,
      deliveryTimeoutMs: 20_000,
    });
    for (const codec of codecs) {
      for (const outcome of ['aborted', 'committed']) {
        producer.begin();
        for (let partition = 0; partition < partitions; partition++) {
          const records = Array.from({ length: 50 }, (_, index) => ({
            key: null,
            value: Buffer.from(`${outcome} ${'x'.repeat(index)}`),
            timestampMs: Date.now(),
            headers: [{ key: Buffer.from('h'), value: Buffer.from(codec) }],
          }));
          producer.send('paid', partition, encodeBatch(records, codec), records.length, (error) =>
            expect(error).toBeNull(),
          );
        }
        await (outcome === 'committed' ? producer.commit() : producer.abort());
      }
    }
    await producer.close();
    const committed = 50 * partitions * codecs.length;
    const lines = await runKafkaTool('org.apache.kafka.tools.consumer.ConsoleConsumer', [
      ...['--bootstrap-server', cluster.bootstrap.join(), '--topic', 'paid', '--from-beginning'],
      ...['--isolation-level', 'read_committed', '--max-messages', String(committed), '--timeout-ms', '20000'],
      ...['--formatter-property', 'print.headers=true'],
    ]);
    for (const codec of codecs)
      expect(lines.filter((line) => line.startsWith(`h:${codec}\tcommitted `))).toHaveLength(50 * partitions);
    expect(lines.some((line) => line.includes('aborted'))).toBe(false);
    const dumped = await dumpLogs('paid');
    expect(dumped.filter((line) => wrong.test(line))).toEqual([]);
    for (const mark of ['COMMIT', 'ABORT'])
      expect(dumped.filter((line) => line.includes(`endTxnMarker: ${mark}`))).toHaveLength(partitions * codecs.length);
    const read = await readAll('paid', committed, true);
    expect(read.filter(({ value }) => value.startsWith('committed '))).toHaveLength(committed);
    expect(read).toHaveLength(committed);
  });
});

/** What DumpLogSegments prints of a batch that it cannot read. */
const wrong = /isvalid: false|Found|corrupt|error/i;

/** Every log segment of the topic on the first broker, to the last record. */
async function dumpLogs(topic: string): Promise<readonly string[]> {
  const broker = cluster.brokers[0]?.dir ?? '';
  const files = (await readdir(broker, { recursive: true }))
    .filter((file) => file.endsWith('.log') && file.includes(`${topic}-`))
    .map((file) => join(broker, file));
  expect(files).toHaveLength(partitions);
  return await runKafkaTool('org.apache.kafka.tools.DumpLogSegments', ['--deep-iteration', '--files', files.join()]);
}

describe('what the engine reads', () => {
  it.each(codecs)('is what the Java client wrote with %s', async (codec) => {
    const topic = `java-${codec}`;
    await createTopic(topic);
    await runKafkaTool('org.apache.kafka.tools.ProducerPerformance', [
      ...['--topic', topic, '--num-records', '3000', '--record-size', '150', '--throughput', '-1'],
      ...['--bootstrap-server', cluster.bootstrap.join(), '--command-property', `compression.type=${codec}`],
    ]);
    const found = await readAll(topic, 3_000);
    expect(found).toHaveLength(3_000);
    expect(found.every(({ value }) => /^[A-Z]{150}$/.test(value))).toBe(true);
    expect(new Set(found.map(({ partition, offset }) => `${partition}:${offset}`)).size).toBe(3_000);
  });

  it('is what Java committed, with zstd', async () => {
    await createTopic('java-committed');
    await runKafkaTool('org.apache.kafka.tools.ProducerPerformance', [
      ...['--topic', 'java-committed', '--num-records', '3000', '--record-size', '150', '--throughput', '6000'],
      ...['--bootstrap-server', cluster.bootstrap.join(), '--command-property', 'compression.type=zstd'],
      ...['--transactional-id', 'java', '--transaction-duration-ms', '50'],
    ]);
    const found = await readAll('java-committed', 3_000, true);
    expect(found).toHaveLength(3_000);
    expect(found.every(({ value }) => /^[A-Z]{150}$/.test(value))).toBe(true);
    const dumped = await dumpLogs('java-committed');
    expect(dumped.filter((line) => line.includes('endTxnMarker: COMMIT')).length).toBeGreaterThan(partitions);
    expect(dumped.some((line) => line.includes('compresscodec: zstd'))).toBe(true);
  });

  it('is what kafkajs wrote, with headers', async () => {
    await createTopic('kafkajs');
    const kafka = new Kafka({ brokers: [...cluster.bootstrap], logLevel: logLevel.NOTHING });
    const producer = kafka.producer();
    await producer.connect();
    const messages = Array.from({ length: 500 }, (_, index) => ({
      key: `k${index}`,
      value: `v${index}`,
      headers: { index: String(index) },
    }));
    await producer.send({ topic: 'kafkajs', messages, compression: CompressionTypes.GZIP });
    await producer.disconnect();
    const found = await readAll('kafkajs', 500);
    const text = found.map(({ key, value, headers }) => `${key} ${value} ${headers}`).sort();
    expect(text).toEqual(messages.map((_, index) => `k${index} v${index} index=${index}`).sort());
  });
});

describe('a broker killed and restarted in mid-run', () => {
  it('makes idempotent batches neither lost, nor doubled, nor swapped', async () => {
    await createTopic('survives');
    const producer = await EngineProducer.open(target(), settings, ['survives']);
    const acked: string[] = [];
    const failed: string[] = [];
    let next = 0;
    const sendOne = (partition: number) => {
      const id = String(next++);
      const records = Array.from({ length: 10 }, (_, index) => ({
        key: null,
        value: Buffer.from(`${id}.${index}`),
        timestampMs: Date.now(),
      }));
      producer.send('survives', partition, encodeBatch(records, 'none'), records.length, (error, offset) => {
        if (error === null) acked.push(`${id} ${partition} ${offset}`);
        else failed.push(error.message);
      });
    };
    const sending = setInterval(() => {
      for (let partition = 0; partition < partitions; partition++) sendOne(partition);
    }, 15);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    await killBroker(cluster, 1, 'SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    await restartBroker(cluster, 1);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    clearInterval(sending);
    await producer.close();
    expect(failed).toEqual([]);
    expect(acked).toHaveLength(next);
    const found = await readAll('survives', next * 10);
    expect(found).toHaveLength(next * 10);
    for (let partition = 0; partition < partitions; partition++) {
      const values = found.filter((record) => record.partition === partition).map(({ value }) => value);
      const expected = Array.from({ length: next / partitions }, (_, turn) => turn * partitions + partition);
      expect(values).toEqual(expected.flatMap((id) => Array.from({ length: 10 }, (_, index) => `${id}.${index}`)));
    }
    const offsets = new Map(found.filter(({ value }) => value.endsWith('.0')).map((r) => [r.value, r.offset]));
    for (const ack of acked) {
      const [id, , offset] = ack.split(' ');
      expect(offsets.get(`${id}.0`)).toBe(Number(offset));
    }
  });
});

describe('a leader killed while its followers hang', () => {
  it('takes acknowledged records with it when acks=1, and each is counted and named', async () => {
    await createTopic('forgets');
    const incidents: string[] = [];
    const session = await openLoad({
      target: target(),
      driver: defaultDriver,
      topics: [
        loadTopic({ clusterTopic: 'forgets', partitions, producer: { acks: '1', 'enable.idempotence': false } }),
      ],
      seed: 1,
      onIncident: ({ message }) => incidents.push(message),
    });
    try {
      const running = session.run(phaseSpec({ measureMs: 4_000, drainMaxMs: 60_000 }));
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      const followers = cluster.brokers.filter(({ id }) => id !== 1).map(({ pid }) => identify(pid));
      const signalFollowers = (signal: 'SIGSTOP' | 'SIGCONT') => {
        for (const follower of followers) if (follower !== null) sendSignal(follower, signal);
      };
      signalFollowers('SIGSTOP');
      await new Promise((resolve) => setTimeout(resolve, 700));
      await killBroker(cluster, 1, 'SIGKILL');
      signalFollowers('SIGCONT');
      const { topics } = await running;
      expect(topics[0]).toMatchObject({ scheduled: 4_000, acknowledged: 4_000, failed: 0, unsent: 0 });
      const [integrity] = session.integrity();
      const [group] = integrity?.groups ?? [];
      expect(group?.unseen).toBe(0);
      // At most what the leader of a third of the partitions took in 700 ms.
      expect(group?.lost).toBeGreaterThan(0);
      expect(group?.lost).toBeLessThan(500);
      expect(group?.examples[0]).toMatch(/^lost: /);
    } finally {
      await session.close();
      await restartBroker(cluster, 1);
    }
  });
});
