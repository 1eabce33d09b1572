/** Fetch requests whose records stay the raw chunks they arrived in. Version 12: topics by name, known from Kafka 2.7 to 4.x. */
import { Reader, Writer } from '@platformatic/kafka';
import { invalidAnswer } from './invalid-answer.ts';
import type { AbortedTransaction } from './record-walker.ts';
import { skipTaggedFields } from './tagged-fields.ts';
import { answerHeaderBytes, type Wire } from './wire.ts';

const fetchApi = 1;
const fetchVersion = 12;

export interface FetchSettings {
  readonly maxWaitMs: number;
  readonly minBytes: number;
  readonly maxBytes: number;
  readonly partitionMaxBytes: number;
  /** Only what is committed, and what was written outside of transactions. Default false. */
  readonly readCommitted?: boolean;
}

export interface FetchPartition {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

export interface FetchedPartition {
  readonly topic: string;
  readonly partition: number;
  readonly errorCode: number;
  readonly highWatermark: number;
  readonly logStartOffset: number;
  /** What `readCommitted` leaves out: each ends with the producer's next mark of an abort. */
  readonly aborted: readonly AbortedTransaction[];
  /** Record batches as they lie in the response, the last one perhaps cut short. */
  readonly chunks: readonly Buffer[];
}

export interface Fetched {
  /** Of the request as a whole. */
  readonly errorCode: number;
  readonly partitions: readonly FetchedPartition[];
}

export function fetchRecords(
  wire: Wire,
  settings: FetchSettings,
  partitions: readonly FetchPartition[],
  done: (error: Error | null, fetched: Fetched | null) => void,
): void {
  const body = [writeRequest(settings, partitions).buffer];
  wire.send({ apiKey: fetchApi, apiVersion: fetchVersion, body, expectsResponse: true }, (error, frame) => {
    if (frame === null) {
      done(error, null);
      return;
    }
    let fetched: Fetched;
    try {
      fetched = readFetched(readerOf(frame));
    } catch (cause) {
      done(invalidAnswer('an answer to Fetch that cannot be read', cause), null);
      return;
    }
    done(null, fetched);
  });
}

/** Without joining the chunks. */
function readerOf(frame: readonly Buffer[]): Reader {
  const writer = Writer.create();
  for (const chunk of frame) writer.append(chunk);
  const reader = Reader.from(writer);
  reader.skip(answerHeaderBytes);
  return reader;
}

function writeRequest(settings: FetchSettings, partitions: readonly FetchPartition[]): Writer {
  const byTopic = new Map<string, FetchPartition[]>();
  for (const partition of partitions) {
    const known = byTopic.get(partition.topic);
    if (known === undefined) byTopic.set(partition.topic, [partition]);
    else known.push(partition);
  }
  return Writer.create()
    .appendInt32(-1) // no replica
    .appendInt32(settings.maxWaitMs)
    .appendInt32(settings.minBytes)
    .appendInt32(settings.maxBytes)
    .appendInt8(settings.readCommitted === true ? 1 : 0)
    .appendInt32(0) // no fetch session: every request names all its partitions
    .appendInt32(-1)
    .appendArray([...byTopic], (topicWriter, [topic, fetches]) => {
      topicWriter.appendString(topic).appendArray(fetches, (writer, { partition, offset }) => {
        writer
          .appendInt32(partition)
          .appendInt32(-1) // leader epoch unknown
          .appendInt64(BigInt(offset))
          .appendInt32(-1) // epoch of the last record unknown
          .appendInt64(-1n)
          .appendInt32(settings.partitionMaxBytes);
      });
    })
    .appendArray([], () => {}) // nothing forgotten
    .appendString('') // no rack
    .appendTaggedFields();
}

function readFetched(reader: Reader): Fetched {
  reader.skip(4); // throttle time
  const errorCode = reader.readInt16();
  reader.skip(4); // session
  const partitions: FetchedPartition[] = [];
  for (let topics = reader.readUnsignedVarInt() - 1; topics > 0; topics--) {
    const topic = reader.readString();
    for (let left = reader.readUnsignedVarInt() - 1; left > 0; left--) partitions.push(readPartition(reader, topic));
    skipTaggedFields(reader);
  }
  return { errorCode, partitions };
}

function readPartition(reader: Reader, topic: string): FetchedPartition {
  const partition = reader.readInt32();
  const errorCode = reader.readInt16();
  const highWatermark = Number(reader.readInt64());
  reader.skip(8); // last stable offset
  const logStartOffset = Number(reader.readInt64());
  const aborted: AbortedTransaction[] = [];
  for (let left = reader.readUnsignedVarInt() - 1; left > 0; left--) {
    aborted.push({ producerId: Number(reader.readInt64()), firstOffset: Number(reader.readInt64()) });
    skipTaggedFields(reader);
  }
  reader.skip(4); // preferred replica
  const bytes = reader.readUnsignedVarInt() - 1;
  const chunks = bytes > 0 ? reader.buffer.subarray(reader.position, reader.position + bytes).buffers : [];
  reader.skip(Math.max(bytes, 0));
  skipTaggedFields(reader);
  return { topic, partition, errorCode, highWatermark, logStartOffset, aborted, chunks };
}
