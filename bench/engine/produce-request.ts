/**
 * Produce requests that carry finished record batches. Version 9: every broker since Kafka 2.8 knows it, 4.x too.
 * Written and read by hand, since a request of two batches through the library's writer costs as much as filling them.
 */
import { AnswerReader } from './answer-reader.ts';
import { invalidAnswer } from './invalid-answer.ts';
import type { Wire } from './wire.ts';

const produceApi = 0;
const produceVersion = 9;

export interface PartitionPayload {
  readonly topic: string;
  readonly partition: number;
  readonly bytes: Buffer;
}

export interface PartitionAnswer {
  readonly topic: string;
  readonly partition: number;
  readonly errorCode: number;
  /** -1 when the broker does not know it. */
  readonly baseOffset: number;
}

export interface ProduceSettings {
  /** -1 for all replicas in sync. */
  readonly acks: -1 | 0 | 1;
  /** How long the leader may wait for the other replicas. */
  readonly timeoutMs: number;
  /** Null: not in a transaction. */
  readonly transactionalId?: string | null;
}

/**
 * Sends one batch a partition, those of a topic one after the other. Calls back with the answer of each partition (none
 * with acks=0: then it is called once the request is handed to the socket), or with the error that makes all outcomes unknown.
 */
export function produce(
  wire: Wire,
  settings: ProduceSettings,
  payloads: readonly PartitionPayload[],
  done: (error: Error | null, answers: readonly PartitionAnswer[]) => void,
): void {
  const body = requestBody(settings, payloads);
  const expectsResponse = settings.acks !== 0;
  wire.send({ apiKey: produceApi, apiVersion: produceVersion, body, expectsResponse }, (error, content) => {
    if (content === null) {
      done(error, []);
      return;
    }
    let answers: readonly PartitionAnswer[];
    try {
      answers = readAnswers(content);
    } catch (cause) {
      done(invalidAnswer('an answer to Produce that cannot be read', cause), []);
      return;
    }
    done(null, answers);
  });
}

/** Of lengths and counts: 32 bits, seven a byte. */
const maxVarintBytes = 5;
/** Acks and time limit; counts, an index and a length, tagged fields. */
const fixedBytes = 6 + 2 * maxVarintBytes + 1;
const topicBytes = 2 * maxVarintBytes + 1;
const partitionBytes = 4 + maxVarintBytes + 1;

/** The batches themselves, and between them what the protocol puts around them: pieces of one buffer. */
function requestBody({ acks, timeoutMs, transactionalId }: ProduceSettings, payloads: readonly PartitionPayload[]) {
  const topics = countTopics(payloads);
  let room = fixedBytes + (transactionalId?.length ?? 0) + payloads.length * partitionBytes;
  for (let index = 0; index < payloads.length; index++)
    room += topicBytes + (payloads[index] as PartitionPayload).topic.length;
  const around = Buffer.allocUnsafe(room);
  const body: Buffer[] = [];
  let at = writeText(around, 0, transactionalId ?? null);
  at = around.writeInt16BE(acks, at);
  at = around.writeInt32BE(timeoutMs, at);
  at = writeCount(around, at, topics + 1);
  let from = 0;
  let topic: string | null = null;
  for (let index = 0; index < payloads.length; index++) {
    const payload = payloads[index] as PartitionPayload;
    if (payload.topic !== topic) {
      if (topic !== null) around[at++] = 0; // tagged fields of the topic before
      topic = payload.topic;
      at = writeText(around, at, topic);
      at = writeCount(around, at, partitionsFrom(payloads, index) + 1);
    }
    at = around.writeInt32BE(payload.partition, at);
    at = writeCount(around, at, payload.bytes.length + 1);
    body.push(around.subarray(from, at), payload.bytes);
    from = at;
    around[at++] = 0; // tagged fields of the partition
  }
  around[at++] = 0;
  around[at++] = 0;
  body.push(around.subarray(from, at));
  return body;
}

function countTopics(payloads: readonly PartitionPayload[]): number {
  let topics = 0;
  for (let index = 0; index < payloads.length; index += partitionsFrom(payloads, index)) topics++;
  return topics;
}

/** How many payloads from `index` on are of the same topic. */
function partitionsFrom(payloads: readonly PartitionPayload[], index: number): number {
  const { topic } = payloads[index] as PartitionPayload;
  let next = index + 1;
  while (next < payloads.length && (payloads[next] as PartitionPayload).topic === topic) next++;
  return next - index;
}

/** A compact string; names of topics and transactions are ASCII by Kafka's rule. */
function writeText(into: Buffer, start: number, text: string | null): number {
  if (text === null) return writeCount(into, start, 0);
  const at = writeCount(into, start, text.length + 1);
  return at + into.write(text, at, 'latin1');
}

function writeCount(into: Buffer, start: number, count: number): number {
  let at = start;
  let rest = count;
  while (rest > 0x7f) {
    into[at++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  into[at++] = rest;
  return at;
}

function readAnswers(content: Buffer): PartitionAnswer[] {
  const answers: PartitionAnswer[] = [];
  const reader = new AnswerReader(content);
  for (let topics = reader.count(); topics > 0; topics--) {
    const topic = reader.string();
    for (let partitions = reader.count(); partitions > 0; partitions--) answers.push(readPartition(reader, topic));
    reader.skipTaggedFields();
  }
  return answers;
}

function readPartition(reader: AnswerReader, topic: string): PartitionAnswer {
  const partition = reader.int32();
  const errorCode = reader.int16();
  const baseOffset = reader.int64();
  reader.skip(16); // append time, log start offset
  for (let errors = reader.count(); errors > 0; errors--) {
    reader.skip(4);
    reader.string();
    reader.skipTaggedFields();
  }
  reader.string();
  reader.skipTaggedFields();
  return { topic, partition, errorCode, baseOffset };
}
