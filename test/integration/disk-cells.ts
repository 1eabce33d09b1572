/**
 * Topics whose bytes on disk are known beforehand: what is written, batch by batch, and what the model of the log says of it.
 * Days pass in seconds because brokers roll and delete by the records' own time stamps, which are written as of the past.
 */
import { encodeBatch } from '../../bench/engine/record-batch.ts';
import { createPayload, type Payload } from '../../bench/load/payload.ts';
import { batchHeaderBytes } from '../../lib/plan/record-batch.ts';
import type { TopicLoad } from '../../lib/plan/types.ts';
import { hash32 } from '../../lib/random.ts';
import { keyBytes } from '../../lib/requirements/envelope.ts';
import type { Compression } from '../../lib/requirements/types.ts';

export interface DiskCell {
  readonly compression: Compression;
  readonly keyed: boolean;
  readonly sizeBytes: number;
  /** low: every record is a batch of its own; high: batches as full as `batch.size` allows. */
  readonly rate: 'low' | 'high';
  readonly cleanup: 'delete' | 'compact';
}

/** The records of one batch. */
export type Sample = readonly { readonly key: Buffer | null; readonly value: Buffer; readonly timestampMs: number }[];

export interface BatchToWrite {
  readonly partition: number;
  readonly records: Sample;
}

/** All codecs x keyed or not x 50 B to 10 KB x low and high rate; compaction needs keys. */
export function allCells(): readonly DiskCell[] {
  const cells: DiskCell[] = [];
  for (const compression of ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const)
    for (const sizeBytes of [50, 200, 1000, 10_000])
      for (const rate of ['low', 'high'] as const) {
        cells.push({ compression, sizeBytes, rate, keyed: true, cleanup: 'delete' });
        cells.push({ compression, sizeBytes, rate, keyed: false, cleanup: 'delete' });
        cells.push({ compression, sizeBytes, rate, keyed: true, cleanup: 'compact' });
      }
  return cells;
}

export const partitions = 4;
/** Long beside any run: nothing is written while sizes settle, but time goes on. */
export const retentionMs = 10 * 24 * 3_600_000;
/** As the plan sets them: a tenth of the retention. */
export const segmentSpanMs = retentionMs / 10;
/** Segments that must be gone when retention is done. */
export const segmentsDeleted = 3;
const defaultBatchBytes = 16_384;
/** Records of 10 KB share a batch only where producers allow larger ones. */
const largeBatchBytes = 65_536;
const updatesPerKey = 10;
const recordOverheadBytes = 12;
export const spreadMs = 5;

export const cellName = ({ compression, keyed, sizeBytes, rate, cleanup }: DiskCell): string =>
  [cleanup, compression, keyed ? 'keyed' : 'null-key', `${sizeBytes}B`, rate].join('-');

export function recordsPerBatch({ rate, sizeBytes }: DiskCell): number {
  if (rate === 'low') return 1;
  const batchBytes = sizeBytes > 1000 ? largeBatchBytes : defaultBatchBytes;
  return Math.floor(batchBytes / (sizeBytes + recordOverheadBytes));
}

/** Of one partition; several times what a batch holds, so that updates fall evenly on old and new batches. */
export function keysOf(cell: DiskCell): number {
  return Math.max(100, 6 * recordsPerBatch(cell));
}

/** Batches of a partition in one segment: few where they are large, so that the matrix stays small. */
export function batchesPerSegment({ rate }: DiskCell): number {
  return rate === 'low' ? 40 : 8;
}

/** The model's own segment.ms: half a batch less than the span, so that a segment closes after whole batches. */
export function segmentMs(cell: DiskCell): number {
  return segmentSpanMs - gapMs(cell) / 2;
}

export function gapMs(cell: DiskCell): number {
  return segmentSpanMs / batchesPerSegment(cell);
}

export class CellWriter {
  readonly cell: DiskCell;
  readonly #payload: Payload;
  #nextId = 0;

  constructor(cell: DiskCell, seed: number) {
    this.cell = cell;
    this.#payload = createPayload({ topic: cellName(cell), load: loadOf(cell), seed, session: 1 });
  }

  /** Every batch in the order of time: request by request, at most one batch a partition each. */
  *requests(nowMs: number): Generator<readonly BatchToWrite[]> {
    yield* this.cell.cleanup === 'delete' ? this.#history(nowMs) : this.#updates(nowMs);
  }

  /** A batch like those written, of records never written. */
  sample(records: number): Sample {
    return this.#records(records, Date.now(), 0);
  }

  /**
   * More than the retention, up to now. The partitions' segments begin a quarter of a span apart, so that together they
   * stand in the middle of the sawtooth whenever they are looked at.
   */
  *#history(nowMs: number): Generator<readonly BatchToWrite[]> {
    const gap = gapMs(this.cell);
    const phaseOf = (partition: number): number => (partition / partitions) * segmentSpanMs;
    const lengthMs = retentionMs + (segmentsDeleted + 1 - 1 / (2 * partitions)) * segmentSpanMs;
    for (let at = 0; at <= lengthMs; at += gap) {
      const due = Array.from({ length: partitions }, (_, partition) => partition).filter(
        (partition) => at + phaseOf(partition) <= lengthMs,
      );
      yield due.map((partition) => ({
        partition,
        records: this.#records(recordsPerBatch(this.cell), nowMs - lengthMs + at + phaseOf(partition), partition),
      }));
    }
  }

  /** Evenly drawn keys until each was very likely written, then one record late enough to close the segment. */
  *#updates(nowMs: number): Generator<readonly BatchToWrite[]> {
    const perBatch = recordsPerBatch(this.cell);
    const batches = Math.ceil((keysOf(this.cell) * updatesPerKey) / perBatch);
    for (let batch = 0; batch < batches; batch += 1) yield this.#everywhere(perBatch, nowMs - 2 * segmentSpanMs);
    yield this.#everywhere(1, nowMs);
  }

  #everywhere(records: number, timestampMs: number): readonly BatchToWrite[] {
    return Array.from({ length: partitions }, (_, partition) => ({
      partition,
      records: this.#records(records, timestampMs, partition),
    }));
  }

  #records(count: number, timestampMs: number, partition: number): Sample {
    return Array.from({ length: count }, (_, index) => {
      const id = this.#nextId++;
      const key = partition * keysOf(this.cell) + (hash32(partition, id) % keysOf(this.cell));
      return {
        key: this.cell.keyed ? this.#payload.keyBytesOf(key) : null,
        value: this.#payload.valueOf(id, key, timestampMs),
        timestampMs: Math.floor(timestampMs) + Math.floor((index * spreadMs) / count),
      };
    });
  }
}

/** Bytes of the records of batches by a codec of the load's, without their headers. */
export function recordsBytes(batches: readonly Sample[], codec: Compression): number {
  return batches.reduce((sum, records) => sum + encodeBatch(records, codec).length - batchHeaderBytes, 0);
}

function loadOf({ sizeBytes, keyed }: DiskCell): TopicLoad {
  return {
    averagePerSec: 1,
    peakPerSec: 1,
    producers: 1,
    messageSizeBytes: sizeBytes,
    keyBytes: keyed ? keyBytes : 0,
    keyField: keyed ? 'orderId' : null,
    keys: null,
    envelope: sizeBytes >= 200,
    eventType: 'OrderChanged',
    privateFields: [],
    // Three tenths of the padding are random: what an event with ids and texts may look like to a codec.
    compressionRatio: 0.3,
    growthPerMonth: 0,
  };
}
