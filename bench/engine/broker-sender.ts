/** The line of partitions that wait for one broker, and the requests on their way to it. */
import type { PartitionQueue, TakenBatch } from './partition-queue.ts';
import { type PartitionAnswer, type PartitionPayload, type ProduceSettings, produce } from './produce-request.ts';
import { sealBatch } from './record-batch.ts';
import type { Wire } from './wire.ts';

/** Well below the brokers' default socket.request.max.bytes of 100 MiB. */
const maxRequestBytes = 16 * 1024 * 1024;

export interface Sendable {
  readonly topic: string;
  readonly index: number;
  readonly queue: PartitionQueue;
}

export interface SentBatch<P extends Sendable> {
  readonly partition: P;
  readonly batch: TakenBatch;
}

export interface BrokerSenderOptions<P extends Sendable> {
  readonly connect: () => Promise<Wire>;
  readonly produce: ProduceSettings;
  readonly maxInFlight: number;
  readonly onAnswer: (sent: SentBatch<P>, answer: PartitionAnswer) => void;
  /** Nothing is known of the batch; `wasSent` says whether it may have reached the broker. */
  readonly onUnknown: (sent: SentBatch<P>, wasSent: boolean) => void;
}

export class BrokerSender<P extends Sendable> {
  readonly #options: BrokerSenderOptions<P>;
  #line: P[] = [];
  readonly #inLine = new Set<P>();
  #inFlight = 0;
  #wire: Wire | null = null;
  #connecting = false;
  #draining: Wire | null = null;
  #scheduled = false;

  constructor(options: BrokerSenderOptions<P>) {
    this.#options = options;
  }

  /** Puts a partition with something to send in the line. All offers of one turn of the event loop share a request. */
  offer(partition: P): void {
    if (!this.#inLine.has(partition)) {
      this.#inLine.add(partition);
      this.#line.push(partition);
    }
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      this.#pump();
    });
  }

  #pump(): void {
    if (this.#line.length === 0 || this.#connecting) return;
    const wire = this.#wire;
    if (wire === null) {
      void this.#connect();
      return;
    }
    if (!wire.isOpen) {
      // With acks=0 that is all a broker says to a batch it does not lead: the leaders must be asked for before the next.
      this.#wire = null;
      this.#giveBack();
      return;
    }
    while (this.#inFlight < this.#options.maxInFlight && wire.isOpen) {
      // With acks=0 no answer limits us; the socket's own buffer does.
      if (wire.isFull && this.#options.produce.acks === 0) {
        this.#pumpOnceDrained(wire);
        return;
      }
      const batches = this.#take();
      if (batches.length === 0) return;
      this.#send(wire, batches);
    }
  }

  /** One listener, however often is offered meanwhile. */
  #pumpOnceDrained(wire: Wire): void {
    if (this.#draining === wire) return;
    this.#draining = wire;
    wire.onDrained(() => {
      this.#draining = null;
      this.#pump();
    });
  }

  async #connect(): Promise<void> {
    this.#connecting = true;
    try {
      this.#wire = await this.#options.connect();
    } catch {
      this.#wire = null;
    }
    this.#connecting = false;
    if (this.#wire === null) this.#giveBack();
    else this.#pump();
  }

  /** The leaders may have moved: each partition gives its next batch back, and looks again. */
  #giveBack(): void {
    for (let taken = this.#take(); taken.length > 0; taken = this.#take()) {
      for (const sent of taken) this.#options.onUnknown(sent, false);
    }
  }

  /** At most one batch a partition, as the protocol wants it; a partition with more goes to the end of the line. */
  #take(): SentBatch<P>[] {
    const taken: SentBatch<P>[] = [];
    const again: P[] = [];
    let bytes = 0;
    let next = 0;
    for (; next < this.#line.length && bytes < maxRequestBytes; next++) {
      const partition = this.#line[next] as P;
      const batch = partition.queue.take();
      if (batch !== null) {
        taken.push({ partition, batch });
        bytes += batch.bytes.length;
      }
      if (partition.queue.ready) again.push(partition);
      else this.#inLine.delete(partition);
    }
    this.#line = next === this.#line.length ? again : [...this.#line.slice(next), ...again];
    return inTopics(taken);
  }

  #send(wire: Wire, sent: readonly SentBatch<P>[]): void {
    const payloads: PartitionPayload[] = [];
    for (const { partition, batch } of sent) {
      sealBatch(batch.bytes, batch.identity);
      payloads.push({ topic: partition.topic, partition: partition.index, bytes: batch.bytes });
    }
    this.#inFlight++;
    produce(wire, this.#options.produce, payloads, (error, answers) => {
      this.#inFlight--;
      if (error !== null) wire.break();
      if (error === null && this.#options.produce.acks === 0) {
        for (const one of sent) this.#options.onAnswer(one, { ...addressOf(one), errorCode: 0, baseOffset: -1 });
      } else this.#match(sent, answers);
      this.#pump();
    });
  }

  /** A batch the answer does not mention is as unknown as one without an answer. */
  #match(sent: readonly SentBatch<P>[], answers: readonly PartitionAnswer[]): void {
    for (let index = 0; index < sent.length; index++) {
      const one = sent[index] as SentBatch<P>;
      // Brokers answer in the order of the request, though nothing says that they must.
      const expected = answers[index];
      const answer =
        expected !== undefined && isFor(one, expected) ? expected : answers.find((each) => isFor(one, each));
      if (answer === undefined) this.#options.onUnknown(one, true);
      else this.#options.onAnswer(one, answer);
    }
  }
}

/** A request names each topic once: its partitions stand together. */
function inTopics<P extends Sendable>(sent: SentBatch<P>[]): SentBatch<P>[] {
  const topic = sent[0]?.partition.topic;
  if (sent.every(({ partition }) => partition.topic === topic)) return sent;
  return sent.sort((a, b) =>
    a.partition.topic < b.partition.topic ? -1 : Number(a.partition.topic > b.partition.topic),
  );
}

function isFor({ partition }: SentBatch<Sendable>, answer: PartitionAnswer): boolean {
  return answer.partition === partition.index && answer.topic === partition.topic;
}

function addressOf({ partition }: SentBatch<Sendable>): { topic: string; partition: number } {
  return { topic: partition.topic, partition: partition.index };
}
