/**
 * A client of the cluster, run inside its network: `client.mjs produce|verify|try JSON`.
 * produce  sends numbered records with acks=all until its standard input ends and 500 are acknowledged, then prints what was acknowledged
 * verify   reads everything from the beginning and prints which of the acknowledged numbers are not there
 * try      sends one record and prints the error's type
 */
import { readFileSync } from 'node:fs';
import { connect } from 'node:tls';
import kafkajs from 'kafkajs';

/** Of a cluster that never takes another record there is no end to wait for. */
const mostFailed = 20;
const leastAcknowledged = 500;
const partitionOf = (number) => number % 12;

const [mode, text] = process.argv.slice(2);
const { bootstrap, addresses, certificate, authority, topic, group, acknowledged } = JSON.parse(text);
const pem = readFileSync(certificate, 'utf8');

const kafka = new kafkajs.Kafka({
  clientId: 'ec2-boot-test',
  brokers: bootstrap.split(','),
  logLevel: kafkajs.logLevel.NOTHING,
  // Brokers are lost on purpose: what the client does not get through now it gets through later.
  retry: { retries: 30, initialRetryTime: 100, maxRetryTime: 2000 },
  connectionTimeout: 2000,
  requestTimeout: 10_000,
  ssl: { ca: readFileSync(authority, 'utf8'), key: pem, cert: pem },
  // Stands in for the private DNS zone.
  socketFactory: ({ host, port, ssl, onConnect }) =>
    connect({ ...ssl, host: addresses[host], servername: host, port }, onConnect),
});

const print = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);
const modes = { produce, verify, try: attempt };
await modes[mode]();
process.exit(0);

async function produce() {
  let stopped = false;
  process.stdin
    .on('data', () => {})
    .on('end', () => {
      stopped = true;
    });
  const producer = kafka.producer({ allowAutoTopicCreation: false, maxInFlightRequests: 5 });
  await producer.connect();
  const numbers = [];
  let failed = 0;
  // However short the loss was, and however long the client took to notice: enough to be worth verifying.
  for (let next = 0; !(stopped && numbers.length >= leastAcknowledged) && failed < mostFailed; next += 50) {
    const batch = Array.from({ length: 50 }, (_, index) => next + index);
    const messages = batch.map((number) => ({
      key: String(number),
      value: String(number).padStart(200, '.'),
      partition: partitionOf(number),
    }));
    try {
      const entries = await producer.send({ topic, acks: -1, messages });
      // The library resolves although a partition was never written: only an entry with an offset acknowledges.
      const written = entries.filter(({ errorCode, baseOffset }) => errorCode === 0 && Number(baseOffset) >= 0);
      const partitions = new Set(written.map(({ partition }) => partition));
      numbers.push(...batch.filter((number) => partitions.has(partitionOf(number))));
    } catch {
      failed += 1;
    }
    if (next === 0) print('producing');
    await new Promise((done) => setTimeout(done, 10));
  }
  await producer.disconnect();
  print({ numbers, failed });
}

async function verify() {
  const wanted = new Set(JSON.parse(readFileSync(acknowledged, 'utf8')));
  const admin = kafka.admin();
  await admin.connect();
  const ends = new Map((await admin.fetchTopicOffsets(topic)).map(({ partition, high }) => [partition, Number(high)]));
  await admin.disconnect();
  const left = new Set([...ends].filter(([, end]) => end > 0).map(([partition]) => partition));
  const consumer = kafka.consumer({ groupId: group });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  let read = 0;
  await new Promise((done, fail) => {
    // A coordinator that has just moved is asked again by the library itself.
    consumer.on(consumer.events.CRASH, ({ payload }) => payload.restart || fail(payload.error));
    consumer
      .run({
        eachBatch: async ({ batch }) => {
          read += batch.messages.length;
          for (const { key } of batch.messages) wanted.delete(Number(key));
          if (Number(batch.lastOffset()) + 1 >= ends.get(batch.partition)) left.delete(batch.partition);
          if (left.size === 0) done();
        },
      })
      .catch(fail);
  });
  await consumer.disconnect();
  print({ read, missing: [...wanted] });
}

async function attempt() {
  const producer = kafka.producer({ allowAutoTopicCreation: false, retry: { retries: 0 } });
  await producer.connect();
  const outcome = await producer.send({ topic, acks: -1, messages: [{ key: 'x', value: 'x' }] }).then(
    () => 'sent',
    (error) => error.type ?? error.cause?.type ?? error.message,
  );
  print(outcome);
}
