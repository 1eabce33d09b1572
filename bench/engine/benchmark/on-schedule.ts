/**
 * The engine on a schedule fixed in advance: record i is due at i / rate, whatever the cluster does. Batches close when full
 * or when their first record has lingered. Slip is hand-over - slot, publish is acknowledgement - slot, of every record.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { DriverTarget } from '../../drivers/driver.ts';
import { PatchedBatch, recordsWithin } from '../batch-template.ts';
import { EngineProducer, maxIdempotentInFlight } from '../producer.ts';
import { writeStamp } from '../stamp.ts';
import { batchBytes, type Latency, recordBytes } from './types.ts';

export interface Schedule {
  readonly topic: string;
  readonly partitions: number;
  readonly ratePerSec: number;
  readonly warmUpMs: number;
  readonly measureMs: number;
}

export interface ScheduleResult {
  readonly recordsPerSec: number;
  readonly slipP99Ms: number;
  readonly publish: Latency;
  /** Of this process, while it measured. */
  readonly cpuMicrosPerRecord: number;
}

const lingerMs = 5;
const spanMs = 63;
const deliveryTimeoutMs = 30_000;
const pattern = { key: null, value: Buffer.alloc(recordBytes, 'abcdefghijklmnopqrstuvwxyz') };
const capacity = recordsWithin(pattern, spanMs, batchBytes);

/** A batch with the slots of its records. */
interface OpenBatch {
  readonly batch: PatchedBatch;
  readonly slotsMs: Float64Array;
}

/** Rejects when a batch is refused: a schedule that was not kept has no figures. */
export async function produceOnSchedule(target: DriverTarget, schedule: Schedule): Promise<ScheduleResult> {
  const run = new ScheduledRun(await openProducer(target, schedule.topic), schedule);
  try {
    return await run.result();
  } finally {
    await run.producer.close();
  }
}

async function openProducer(target: DriverTarget, topic: string): Promise<EngineProducer> {
  const settings = { acks: 'all', idempotent: true, deliveryTimeoutMs, maxInFlight: maxIdempotentInFlight } as const;
  return await EngineProducer.open(target, settings, [topic]);
}

class ScheduledRun {
  readonly producer: EngineProducer;
  readonly #schedule: Schedule;
  readonly #open: (OpenBatch | null)[];
  readonly #free: OpenBatch[] = [];
  readonly #sequences: Float64Array;
  readonly #slipsMs: Float64Array;
  readonly #publishMs: Float64Array;
  readonly #startMs = performance.now();
  #slips = 0;
  #publishes = 0;
  #next = 0;
  #lingeringSinceMs = Number.POSITIVE_INFINITY;
  #failure: Error | null = null;

  constructor(producer: EngineProducer, schedule: Schedule) {
    this.producer = producer;
    this.#schedule = schedule;
    this.#open = Array.from({ length: schedule.partitions }, () => null);
    this.#sequences = new Float64Array(schedule.partitions);
    const records = Math.ceil((schedule.ratePerSec * schedule.measureMs) / 1_000) + 1;
    this.#slipsMs = new Float64Array(records);
    this.#publishMs = new Float64Array(records);
  }

  async result(): Promise<ScheduleResult> {
    const { warmUpMs, measureMs } = this.#schedule;
    const untilMs = this.#startMs + warmUpMs + measureMs;
    let before = process.cpuUsage();
    for (let nowMs = performance.now(); nowMs < untilMs; nowMs = performance.now()) {
      this.#tick(nowMs);
      await sleep(1);
      if (nowMs < untilMs - measureMs) before = process.cpuUsage();
    }
    const { user, system } = process.cpuUsage(before);
    this.#flush();
    await this.producer.settled();
    if (this.#failure !== null) throw this.#failure;
    const publish = this.#publishMs.subarray(0, this.#publishes).sort();
    const slips = this.#slipsMs.subarray(0, this.#slips).sort();
    return {
      recordsPerSec: this.#publishes / (measureMs / 1_000),
      cpuMicrosPerRecord: (user + system) / this.#publishes,
      slipP99Ms: quantile(slips, 0.99),
      publish: { p50Ms: quantile(publish, 0.5), p99Ms: quantile(publish, 0.99) },
    };
  }

  /** Hands over everything that is due, then sends what has lingered. */
  #tick(nowMs: number): void {
    const { ratePerSec, partitions } = this.#schedule;
    const due = Math.floor(((nowMs - this.#startMs) * ratePerSec) / 1_000);
    const epochMs = Date.now();
    for (; this.#next < due; this.#next++) {
      const slotMs = this.#startMs + (this.#next * 1_000) / ratePerSec;
      this.#append(this.#next % partitions, slotMs, epochMs);
      if (this.#isMeasured(slotMs)) this.#slipsMs[this.#slips++] = nowMs - slotMs;
      if (nowMs < this.#lingeringSinceMs) this.#lingeringSinceMs = nowMs;
    }
    if (nowMs - this.#lingeringSinceMs >= lingerMs) this.#flush();
  }

  #append(partition: number, slotMs: number, epochMs: number): void {
    let open = this.#open[partition] ?? this.#take(partition);
    let at = open.batch.append(epochMs);
    if (at < 0) {
      this.#send(partition, open);
      open = this.#take(partition);
      at = open.batch.append(epochMs);
    }
    open.slotsMs[open.batch.count - 1] = slotMs;
    const sequence = this.#sequences[partition] as number;
    this.#sequences[partition] = sequence + 1;
    writeStamp(open.batch.view, at, partition, sequence, epochMs * 1_000);
  }

  #take(partition: number): OpenBatch {
    const open = this.#free.pop() ?? {
      batch: new PatchedBatch({ record: pattern, capacity, spanMs }),
      slotsMs: new Float64Array(capacity),
    };
    open.batch.clear();
    this.#open[partition] = open;
    return open;
  }

  #flush(): void {
    this.#lingeringSinceMs = Number.POSITIVE_INFINITY;
    this.#open.forEach((open, partition) => {
      if (open !== null) this.#send(partition, open);
    });
  }

  #send(partition: number, open: OpenBatch): void {
    this.#open[partition] = null;
    const { count } = open.batch;
    this.producer.send(this.#schedule.topic, partition, open.batch.close(), count, (error) => {
      this.#failure ??= error;
      const nowMs = performance.now();
      for (let index = 0; index < count; index++) {
        const slotMs = open.slotsMs[index] as number;
        if (this.#isMeasured(slotMs)) this.#publishMs[this.#publishes++] = nowMs - slotMs;
      }
      this.#free.push(open);
    });
  }

  #isMeasured(slotMs: number): boolean {
    const sinceMs = slotMs - this.#startMs - this.#schedule.warmUpMs;
    return sinceMs >= 0 && sinceMs < this.#schedule.measureMs;
  }
}

/** Nearest rank, of sorted samples. */
function quantile(sorted: Float64Array, share: number): number {
  return sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN;
}
