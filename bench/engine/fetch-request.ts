/** Fetch requests whose records are handed over as they arrive. Version 12: topics by name, known from Kafka 2.7 to 4.x. */
import { Writer } from '@platformatic/kafka';
import { FetchAnswer, type OpenPartition } from './fetch-answer.ts';
import { invalidAnswer } from './invalid-answer.ts';
import type { Wire } from './wire.ts';

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

export interface OnFetch {
  /** For each partition of the answer, before its records. */
  readonly open: OpenPartition;
  /** After the records of what has arrived; their memory is used again. */
  readonly onArrived: () => void;
  /** At the end of the answer, with the error of the request as a whole (0: none), or when there will be none. */
  readonly done: (error: Error | null, errorCode: number) => void;
}

export function fetchRecords(
  wire: Wire,
  settings: FetchSettings,
  partitions: readonly FetchPartition[],
  { open, onArrived, done }: OnFetch,
): void {
  const answer = new FetchAnswer(open);
  const take = (content: Buffer): number => {
    const taken = answer.take(content);
    onArrived();
    return taken;
  };
  const body = [writeRequest(settings, partitions).buffer];
  wire.send({ apiKey: fetchApi, apiVersion: fetchVersion, body, expectsResponse: true, take }, (error, content) => {
    const isCut = content !== null && (content.length > 0 || !answer.isWhole);
    const unreadable = answer.failure !== null || isCut;
    const failure = unreadable
      ? invalidAnswer('an answer to Fetch that cannot be read', answer.failure ?? undefined)
      : null;
    done(error ?? failure, answer.errorCode);
  });
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
