/** Where the logs of partitions begin and end, asked of their leaders by ListOffsets. Version 6: known from Kafka 2.8 to 4.x. */
import { Writer } from '@platformatic/kafka';
import { HeadroomError } from '../../lib/errors.ts';
import { AnswerReader } from './answer-reader.ts';
import { brokerErrors, refused } from './broker-errors.ts';
import type { Cluster } from './cluster.ts';
import { invalidAnswer } from './invalid-answer.ts';
import type { Wire } from './wire.ts';

export interface Whence {
  readonly topic: string;
  readonly partition: number;
  readonly from: number | 'beginning' | 'end';
}

const listOffsetsApi = 2;
const listOffsetsVersion = 6;
/** Kafka's own marks for the ends of a log. */
const marks = { beginning: -2n, end: -1n } as const;

/** The offset each entry means, in their order; asks the leaders for the ends of their logs. */
export async function offsetsOf(cluster: Cluster, wanted: readonly Whence[]): Promise<number[]> {
  return Promise.all(wanted.map((whence) => (typeof whence.from === 'number' ? whence.from : ask(cluster, whence))));
}

async function ask(cluster: Cluster, whence: Whence): Promise<number> {
  const { topic, partition } = whence;
  const leader = cluster.leaderOf(topic, partition);
  if (leader === null) {
    throw new HeadroomError('RESOURCE_MISSING', `${topic}-${partition} has no leader`, {
      hint: 'Check that the topic exists and that enough brokers run.',
    });
  }
  const wire = await cluster.link(leader);
  const { errorCode, offset } = await listOffset(wire, whence);
  if (errorCode !== brokerErrors.none) throw refused(`where ${topic}-${partition} begins and ends`, errorCode);
  return offset;
}

function listOffset(wire: Wire, whence: Whence): Promise<{ errorCode: number; offset: number }> {
  const request = {
    apiKey: listOffsetsApi,
    apiVersion: listOffsetsVersion,
    body: [requestOf(whence)],
    expectsResponse: true,
  };
  return new Promise((resolve, reject) => {
    wire.send(request, (error, content) => {
      try {
        if (content === null) reject(error);
        else resolve(readAnswer(content));
      } catch (cause) {
        reject(invalidAnswer('an answer to ListOffsets that cannot be read', cause));
      }
    });
  });
}

function requestOf({ topic, partition, from }: Whence): Buffer {
  return Writer.create()
    .appendInt32(-1) // no replica
    .appendInt8(0) // read_uncommitted
    .appendArray([topic], (topicWriter) => {
      topicWriter.appendString(topic).appendArray([partition], (writer) => {
        writer
          .appendInt32(partition)
          .appendInt32(-1) // leader epoch unknown
          .appendInt64(marks[from as keyof typeof marks]);
      });
    })
    .appendTaggedFields().buffer;
}

/** Of its one topic's one partition. */
function readAnswer(content: Buffer): { errorCode: number; offset: number } {
  const reader = new AnswerReader(content);
  reader.skip(4); // throttle time
  reader.count();
  reader.string();
  reader.count();
  reader.skip(4); // partition
  const errorCode = reader.int16();
  reader.skip(8); // time stamp
  return { errorCode, offset: reader.int64() };
}
