/** Produce requests that carry finished record batches. Version 9: every broker since Kafka 2.8 knows it, 4.x too. */
import { type Reader, Writer } from '@platformatic/kafka';
import { skipTaggedFields } from './tagged-fields.ts';
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
}

/**
 * Sends one batch a partition. Calls back with the answer of each partition (none with acks=0: then it is called once
 * the request is handed to the socket), or with the error that makes all outcomes unknown.
 */
export function produce(
  wire: Wire,
  settings: ProduceSettings,
  payloads: readonly PartitionPayload[],
  done: (error: Error | null, answers: readonly PartitionAnswer[]) => void,
): void {
  const body = requestBody(settings, payloads);
  const expectsResponse = settings.acks !== 0;
  wire.send({ apiKey: produceApi, apiVersion: produceVersion, body, expectsResponse }, (error, reader) => {
    done(error, reader === null ? [] : readAnswers(reader));
  });
}

/** The batches themselves, and between them what the protocol puts around them. */
function requestBody(settings: ProduceSettings, payloads: readonly PartitionPayload[]): Buffer[] {
  const byTopic = new Map<string, PartitionPayload[]>();
  for (const payload of payloads) {
    const known = byTopic.get(payload.topic);
    if (known === undefined) byTopic.set(payload.topic, [payload]);
    else known.push(payload);
  }
  const body: Buffer[] = [];
  let between = Writer.create().appendString(null).appendInt16(settings.acks).appendInt32(settings.timeoutMs);
  between.appendUnsignedVarInt(byTopic.size + 1);
  for (const [topic, partitions] of byTopic) {
    between.appendString(topic).appendUnsignedVarInt(partitions.length + 1);
    for (const { partition, bytes } of partitions) {
      between.appendInt32(partition).appendUnsignedVarInt(bytes.length + 1);
      body.push(between.buffer, bytes);
      between = Writer.create().appendTaggedFields();
    }
    between.appendTaggedFields();
  }
  body.push(between.appendTaggedFields().buffer);
  return body;
}

function readAnswers(reader: Reader): PartitionAnswer[] {
  const answers: PartitionAnswer[] = [];
  for (let topics = reader.readUnsignedVarInt() - 1; topics > 0; topics--) {
    const topic = reader.readString();
    for (let partitions = reader.readUnsignedVarInt() - 1; partitions > 0; partitions--) {
      answers.push(readPartition(reader, topic));
    }
    skipTaggedFields(reader);
  }
  return answers;
}

function readPartition(reader: Reader, topic: string): PartitionAnswer {
  const partition = reader.readInt32();
  const errorCode = reader.readInt16();
  const baseOffset = Number(reader.readInt64());
  reader.skip(16); // append time, log start offset
  for (let errors = reader.readUnsignedVarInt() - 1; errors > 0; errors--) {
    reader.skip(4);
    reader.readNullableString();
    skipTaggedFields(reader);
  }
  reader.readNullableString();
  skipTaggedFields(reader);
  return { topic, partition, errorCode, baseOffset };
}
