/** Writes cells to a real cluster, lets retention and the log cleaner do their work, and holds the disk against the model. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Admin, ConfigResourceTypes, IncrementalAlterConfigOperationTypes } from '@platformatic/kafka';
import type { DriverProducer } from '../../bench/drivers/driver.ts';
import { defaultDriver } from '../../bench/drivers/index.ts';
import { loadZstd } from '../../bench/engine/zstd.ts';
import { dataDir } from '../../bench/local/broker-process.ts';
import type { LocalCluster } from '../../bench/local/local-cluster.ts';
import { readBytesOnDisk, readLogStartOffsets } from '../../bench/target/log-dirs.ts';
import { batchesOf } from '../../lib/plan/disk/batches.ts';
import { predictCompactedLog } from '../../lib/plan/disk/compacted-log.ts';
import { predictLog } from '../../lib/plan/disk/deleted-log.ts';
import { type LogShape, predictFiles } from '../../lib/plan/disk/log-files.ts';
import { keyBytes } from '../../lib/requirements/envelope.ts';
import {
  batchesPerSegment,
  CellWriter,
  cellName,
  type DiskCell,
  gapMs,
  keysOf,
  partitions,
  recordsBytes,
  recordsPerBatch,
  retentionMs,
  type Sample,
  segmentMs,
  segmentSpanMs,
  segmentsDeleted,
  spreadMs,
} from './disk-cells.ts';

export interface CellResult {
  readonly cell: DiskCell;
  readonly recordsPerBatch: number;
  readonly ratio: number;
  /** DescribeLogDirs, all partitions and replicas. */
  readonly foundLogBytes: number;
  readonly predictedLogBytes: number;
  /** Allocated blocks of all files of all partitions and replicas, those waiting for removal left out. */
  readonly foundAllocatedBytes: number;
  readonly predictedAllocatedBytes: number;
  /** Segments predicted, of all partitions and replicas. */
  readonly segments: number;
}

const nothing = { predictedLogBytes: Number.NaN, predictedAllocatedBytes: Number.NaN, segments: 0 };
const checkIntervalMs = 500;
const settleWithinMs = 300_000;
const sampleBatches = 12;

export const brokerOverrides = {
  'log.cleaner.backoff.ms': '200',
  // The default of 128 MiB is a quarter of a local broker's heap.
  'log.cleaner.dedupe.buffer.size': '8000000',
} as const;

export async function measureCells(
  cluster: LocalCluster,
  admin: Admin,
  cells: readonly DiskCell[],
): Promise<readonly CellResult[]> {
  const replicas = Math.min(3, cluster.brokers.length);
  await Promise.all(cells.map(async (cell) => await createTopic(admin, cellName(cell), cell, replicas)));
  await loadZstd();
  const ratios = new Map(cells.map((cell) => [cell, sampleRatio(cell)]));
  const predictions = new Map(cells.map((cell) => [cell, predict(cell, ratios.get(cell) ?? Number.NaN, replicas)]));
  await writeAll(cluster, cells);
  await expire(admin, cells);
  const found = await settledSizes(admin, cells, async () => {
    const done = await Promise.all(
      cells.map(async (cell) => {
        const name = cellName(cell);
        if (cell.cleanup === 'compact')
          return await isCleaned(admin, cell, predictions.get(cell)?.predictedLogBytes ?? 0);
        const least = segmentsDeleted * batchesPerSegment(cell) * recordsPerBatch(cell);
        return Math.min(...(await readLogStartOffsets(admin, { name, partitions }))) >= least;
      }),
    );
    return done.every(Boolean);
  });
  return cells.map((cell) => ({
    cell,
    recordsPerBatch: recordsPerBatch(cell),
    ratio: ratios.get(cell) ?? Number.NaN,
    foundLogBytes: found.get(cellName(cell)) ?? Number.NaN,
    foundAllocatedBytes: allocatedBytes(cluster, cellName(cell)),
    ...(predictions.get(cell) ?? nothing),
  }));
}

async function createTopic(admin: Admin, name: string, cell: DiskCell, replicas: number): Promise<void> {
  const config: Record<string, string> = {
    'cleanup.policy': cell.cleanup,
    // Nothing expires while it is still being written: retention is set afterwards.
    'retention.ms': '-1',
    'segment.ms': String(Math.floor(segmentMs(cell))),
    'min.cleanable.dirty.ratio': '0.01',
  };
  const configs = Object.entries(config).map(([key, value]) => ({ name: key, value }));
  await admin.createTopics({ topics: [name], partitions, replicas, configs });
}

async function withProducers(
  cluster: LocalCluster,
  cells: readonly DiskCell[],
  use: (producer: DriverProducer, cells: readonly DiskCell[]) => Promise<void>,
): Promise<void> {
  const codecs = [...new Set(cells.map(({ compression }) => compression))];
  await Promise.all(
    codecs.map(async (compression) => {
      const producer = await defaultDriver.createProducer(
        { bootstrap: cluster.bootstrap, clientId: 'disk-matrix' },
        { acks: 'all', idempotent: false, compression, deliveryTimeoutMs: 60_000 },
      );
      try {
        await use(
          producer,
          cells.filter((cell) => cell.compression === compression),
        );
      } finally {
        await producer.close();
      }
    }),
  );
}

/**
 * Batches sampled are as full as those on disk. A cleaning leaves batches of every size up to what was written, 1/m as many
 * with m records: sizes at even steps of their logarithm.
 */
function sampleOf(cell: DiskCell): readonly Sample[] {
  const written = recordsPerBatch(cell);
  const sizeOf = (index: number): number =>
    cell.cleanup === 'compact' ? Math.round(written ** ((index + 0.5) / sampleBatches)) : written;
  const writer = new CellWriter(cell, 99);
  return Array.from({ length: sampleBatches }, (_, index) => writer.sample(sizeOf(index)));
}

/** By the load's own codec. */
function sampleRatio(cell: DiskCell): number {
  const sample = sampleOf(cell);
  return recordsBytes(sample, cell.compression) / recordsBytes(sample, 'none');
}

async function writeAll(cluster: LocalCluster, cells: readonly DiskCell[]): Promise<void> {
  const nowMs = Date.now();
  await withProducers(cluster, cells, async (producer, own) => {
    const open = new Map(own.map((cell) => [cellName(cell), new CellWriter(cell, 7).requests(nowMs)]));
    while (open.size > 0) {
      const batches = [];
      for (const [topic, requests] of open) {
        const { value, done } = requests.next();
        if (done === true) open.delete(topic);
        else batches.push(...value.map((batch) => ({ topic, ...batch })));
      }
      if (batches.length > 0) await send(producer, batches);
    }
  });
}

async function send(producer: DriverProducer, batches: Parameters<DriverProducer['send']>[0]): Promise<void> {
  const acks = await producer.send(batches);
  const failed = acks.find(({ error }) => error !== undefined);
  if (failed !== undefined || acks.length !== batches.length)
    throw new Error(`${acks.length} of ${batches.length} batches acknowledged: ${failed?.error}`);
}

async function expire(admin: Admin, cells: readonly DiskCell[]): Promise<void> {
  const topicResource = ConfigResourceTypes.TOPIC;
  const set = IncrementalAlterConfigOperationTypes.SET;
  const configs = [{ name: 'retention.ms', configOperation: set, value: String(retentionMs) }];
  const resources = cells
    .filter(({ cleanup }) => cleanup === 'delete')
    .map((cell) => ({ resourceType: topicResource, resourceName: cellName(cell), configs }));
  if (resources.length > 0) await admin.incrementalAlterConfigs({ resources });
}

/** Each partition was written many times what lives of it. */
async function isCleaned(admin: Admin, cell: DiskCell, predictedLogBytes: number): Promise<boolean> {
  const sizes = await readBytesOnDisk(admin, [{ name: cellName(cell), partitions }]);
  return (sizes.get(cellName(cell)) ?? Number.NaN) < 3 * predictedLogBytes;
}

/** Sizes once retention and cleaning have begun everywhere and several checks have changed nothing. */
async function settledSizes(
  admin: Admin,
  cells: readonly DiskCell[],
  hasBegun: () => Promise<boolean>,
): Promise<ReadonlyMap<string, number>> {
  const topics = cells.map((cell) => ({ name: cellName(cell), partitions }));
  const untilMs = performance.now() + settleWithinMs;
  let last: ReadonlyMap<string, number> = new Map();
  for (let still = 0; still < 4; ) {
    if (performance.now() > untilMs) throw new Error(`sizes did not settle within ${settleWithinMs / 1000} s`);
    await sleep(checkIntervalMs);
    const sizes = await readBytesOnDisk(admin, topics);
    const changed = topics.some(({ name }) => sizes.get(name) !== last.get(name));
    still = changed || !(await hasBegun()) ? 0 : still + 1;
    last = sizes;
  }
  return last;
}

function batchInput(cell: DiskCell, ratio: number) {
  const key = cell.keyed ? keyBytes : 0;
  return {
    ratePerSec: (recordsPerBatch(cell) * partitions * 1000) / gapMs(cell),
    partitions,
    producers: 0,
    keyBytes: key,
    valueBytes: cell.sizeBytes - key,
    headersBytes: 0,
    lingerMs: spreadMs,
    batchBytes: 0,
    keyed: cell.keyed,
    compressionRatio: ratio,
  };
}

function predict(cell: DiskCell, ratio: number, replicas: number): typeof nothing {
  const input = { ...batchInput(cell, ratio), replicas, segmentMs: segmentMs(cell), segmentBytes: 1_073_741_824 };
  const batches = batchesOf(input, recordsPerBatch(cell));
  const batchBytes = batches.bytesPerRecord * batches.recordsPerBatch;
  const logs = partitions * replicas;
  const withFiles = (logBytes: number, shape: Omit<LogShape, 'producers'>): typeof nothing => {
    const files = predictFiles({ ...shape, producers: 0 });
    return {
      predictedLogBytes: Math.round(logBytes),
      predictedAllocatedBytes: Math.round(logBytes + logs * (files.indexBytes + files.otherBytes)),
      segments: logs * shape.segments,
    };
  };
  if (cell.cleanup === 'delete') {
    const log = predictLog({ ...input, retentionMs, retentionCheckIntervalMs: checkIntervalMs }, batches);
    // Closed segments that reach back over the retention, and the open one.
    const segments = retentionMs / segmentSpanMs + 1;
    return withFiles(log.meanLogBytes, { segmentBytes: log.openSegmentBytes / logs, segments, batchBytes });
  }
  const { cleanedBytes } = predictCompactedLog({ ...input, keys: keysOf(cell) * partitions }, batches);
  const open = logs * batchesOf(input, 1).bytesPerRecord;
  const perLog = cleanedBytes / logs;
  // The cleaner appends, and so indexes, all that it keeps of a segment at once where it fits its buffer.
  return withFiles(cleanedBytes + open, { segmentBytes: perLog, segments: 2, batchBytes: perLog });
}

function allocatedBytes(cluster: LocalCluster, topic: string): number {
  const folders = cluster.brokers.flatMap((broker) =>
    Array.from({ length: partitions }, (_, partition) => join(dataDir(broker), `${topic}-${partition}`)),
  );
  const blockBytes = 512;
  return folders
    .flatMap((folder) => [folder, ...readdirSync(folder).map((file) => join(folder, file))])
    .filter((path) => !path.endsWith('.deleted'))
    .reduce((sum, path) => sum + statSync(path).blocks * blockBytes, 0);
}
