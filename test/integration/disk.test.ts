import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { LocalCluster } from '../../bench/local/local-cluster.ts';
import { startLocalCluster } from '../../bench/local/start.ts';
import { createAdmin } from '../../bench/target/connect.ts';
import { cellName, type DiskCell } from './disk-cells.ts';
import { allocatedToleranceBytes, allocatesByBlocks, toleranceOf } from './disk-page.ts';
import { brokerOverrides, type CellResult, measureCells } from './disk-run.ts';

/** One of everything that the nightly matrix crosses. */
const cells: readonly DiskCell[] = [
  { compression: 'none', keyed: true, sizeBytes: 50, rate: 'low', cleanup: 'delete' },
  { compression: 'none', keyed: false, sizeBytes: 10_000, rate: 'high', cleanup: 'delete' },
  { compression: 'gzip', keyed: true, sizeBytes: 1000, rate: 'low', cleanup: 'delete' },
  { compression: 'snappy', keyed: true, sizeBytes: 200, rate: 'high', cleanup: 'delete' },
  { compression: 'lz4', keyed: false, sizeBytes: 200, rate: 'high', cleanup: 'delete' },
  { compression: 'zstd', keyed: false, sizeBytes: 1000, rate: 'high', cleanup: 'delete' },
  { compression: 'none', keyed: true, sizeBytes: 200, rate: 'high', cleanup: 'compact' },
  { compression: 'lz4', keyed: true, sizeBytes: 1000, rate: 'low', cleanup: 'compact' },
];

let dir: string;
let cluster: LocalCluster;
let results: readonly CellResult[];

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'headroom-disk-'));
  const signal = new AbortController().signal;
  cluster = await startLocalCluster({ brokers: 1, dir, onProgress: () => {}, signal, brokerOverrides });
  const admin = createAdmin(cluster.bootstrap);
  results = await measureCells(cluster, admin, cells);
  await admin.close();
  // Seconds on a quiet machine; sizes have five minutes to settle on one that is not.
}, 420_000);

afterAll(async () => {
  await cluster?.stop();
  await rm(dir, { recursive: true, force: true });
});

const found = (cell: DiskCell): CellResult => {
  const result = results.find((each) => each.cell === cell);
  if (result === undefined) throw new Error(`${cellName(cell)} was not measured`);
  return result;
};

it.each(cells.map((cell) => [cellName(cell), cell] as const))('%s: log bytes as predicted', (_, cell) => {
  const result = found(cell);
  expect(Math.abs(result.foundLogBytes / result.predictedLogBytes - 1)).toBeLessThanOrEqual(toleranceOf(result));
});

it.skipIf(!allocatesByBlocks())('log, indexes and other files take the blocks predicted, over all topics', () => {
  const sum = (of: (result: CellResult) => number): number => results.reduce((total, each) => total + of(each), 0);
  const allocated = sum(({ foundAllocatedBytes }) => foundAllocatedBytes);
  expect(allocated / sum(({ predictedAllocatedBytes }) => predictedAllocatedBytes)).toBeCloseTo(1, 1);
  for (const result of results) {
    const difference = Math.abs(result.foundAllocatedBytes - result.predictedAllocatedBytes);
    expect(difference).toBeLessThanOrEqual(allocatedToleranceBytes(result));
  }
});
