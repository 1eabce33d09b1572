/** The answer to a Fetch, read as it arrives: the records of a partition are handed over while the rest is still on its way. */
import { AnswerReader } from './answer-reader.ts';
import type { AbortedTransaction } from './record-walker.ts';

export interface FetchedPartition {
  readonly topic: string;
  readonly partition: number;
  readonly errorCode: number;
  /** What `readCommitted` leaves out: each ends with the producer's next mark of an abort. */
  readonly aborted: readonly AbortedTransaction[];
}

/** Takes the records of one partition. */
export interface RecordSink {
  /** Takes the whole batches in [start, end); returns where the first begins that is not whole. */
  take(bytes: Buffer, start: number, end: number): number;
  /** Behind the last one: bytes of a batch that was cut short. */
  end(cutBytes: number): void;
}

/** Null passes over the records. */
export type OpenPartition = (partition: FetchedPartition) => RecordSink | null;

export class FetchAnswer {
  /** Of the request as a whole. */
  errorCode = 0;
  /** Why it can never be read; then it takes whatever comes. */
  failure: Error | null = null;
  readonly #open: OpenPartition;
  /** What comes next. */
  #place: 'head' | 'topic' | 'partition' | 'records' | 'partitionEnd' | 'end' = 'head';
  #topic = '';
  #topicsLeft = 0;
  #partitionsLeft = 0;
  #recordBytesLeft = 0;
  #sink: RecordSink | null = null;

  constructor(open: OpenPartition) {
    this.#open = open;
  }

  get isWhole(): boolean {
    return this.#place === 'end';
  }

  /** Returns how many bytes it took; it wants the others again, with those behind them. */
  take(content: Buffer): number {
    let at = 0;
    while (this.#place !== 'end' && this.failure === null) {
      if (this.#place === 'records') {
        at = this.#records(content, at);
        if (this.#recordBytesLeft > 0) return at;
        this.#place = 'partitionEnd';
      }
      const reader = new AnswerReader(content, at);
      const found = this.#tryRead(reader);
      if (found === null) return this.failure === null ? at : content.length;
      at = reader.position;
      found();
    }
    return this.failure === null ? at : content.length;
  }

  /** Null when it is not all there yet, or can never be read. */
  #tryRead(reader: AnswerReader): (() => void) | null {
    try {
      return this.#read(reader);
    } catch (error) {
      if (!(error instanceof RangeError)) this.failure = error as Error;
      return null;
    }
  }

  #records(content: Buffer, start: number): number {
    const left = this.#recordBytesLeft;
    const isLast = content.length - start >= left;
    const end = isLast ? start + left : content.length;
    const at = this.#sink === null ? end : this.#sink.take(content, start, end);
    if (isLast) this.#sink?.end(end - at);
    this.#recordBytesLeft = isLast ? 0 : left - (at - start);
    return isLast ? end : at;
  }

  /** Reads the whole of what comes next; what it returns makes it so. */
  #read(reader: AnswerReader): () => void {
    if (this.#place === 'head') return this.#head(reader);
    if (this.#place === 'topic' && this.#topicsLeft > 0) return this.#topicHead(reader);
    if (this.#place === 'partition' && this.#partitionsLeft > 0) return this.#partition(reader);
    const outside = { partitionEnd: 'partition', partition: 'topic', topic: 'end' } as const;
    const place = outside[this.#place as keyof typeof outside];
    reader.skipTaggedFields();
    return () => {
      this.#place = place;
    };
  }

  #head(reader: AnswerReader): () => void {
    reader.skip(4); // throttle time
    const errorCode = reader.int16();
    reader.skip(4); // session
    const topics = reader.count();
    return () => {
      this.errorCode = errorCode;
      this.#topicsLeft = topics;
      this.#place = 'topic';
    };
  }

  #topicHead(reader: AnswerReader): () => void {
    const topic = reader.string();
    const partitions = reader.count();
    return () => {
      this.#topic = topic;
      this.#topicsLeft--;
      this.#partitionsLeft = partitions;
      this.#place = 'partition';
    };
  }

  #partition(reader: AnswerReader): () => void {
    const partition = reader.int32();
    const errorCode = reader.int16();
    reader.skip(24); // high watermark, last stable offset, log start offset
    const aborted: AbortedTransaction[] = [];
    for (let left = reader.count(); left > 0; left--) {
      aborted.push({ producerId: reader.int64(), firstOffset: reader.int64() });
      reader.skipTaggedFields();
    }
    reader.skip(4); // preferred replica
    const bytes = Math.max(0, reader.count());
    return () => {
      this.#recordBytesLeft = bytes;
      this.#partitionsLeft--;
      this.#place = 'records';
      this.#sink = this.#open({ topic: this.#topic, partition, errorCode, aborted });
    };
  }
}
