/**
 * The whole matrix of bytes on disk: every codec, with and without keys, 50 B to 10 KB, one record a batch and full batches,
 * deleted and compacted. With HEADROOM_DISK_PAGE=FILE the result is written there, as docs/reference/disk.md.
 */
import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { LocalCluster } from '../../bench/local/local-cluster.ts';
import { startLocalCluster } from '../../bench/local/start.ts';
import { createAdmin } from '../../bench/target/connect.ts';
import { allCells, cellName, type DiskCell } from '../integration/disk-cells.ts';
import { allocatedToleranceBytes, allocatesByBlocks, diskPage, toleranceOf } from '../integration/disk-page.ts';
import { brokerOverrides, type CellResult, measureCells } from '../integration/disk-run.ts';

const brokers = 3;
const cells = allCells();

let dir: string;
let cluster: LocalCluster;
let results: ReadonlyMap<DiskCell, CellResult>;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'headroom-disk-'));
  const signal = new AbortController().signal;
  cluster = await startLocalCluster({ brokers, dir, onProgress: () => {}, signal, brokerOverrides });
  const admin = createAdmin(cluster.bootstrap);
  const measured = await measureCells(cluster, admin, cells);
  await admin.close();
  results = new Map(measured.map((result) => [result.cell, result]));
  const page = process.env.HEADROOM_DISK_PAGE;
  if (page !== undefined) {
    writeFileSync(page, diskPage(measured, { brokers, replicas: 3, kafkaVersion: cluster.kafkaVersion }));
  }
}, 1_800_000);

afterAll(async () => {
  await cluster?.stop();
  await rm(dir, { recursive: true, force: true });
});

it('crosses 5 codecs, 4 sizes and 2 rates, deleted with and without keys, and compacted', () => {
  expect(results.size).toBe(5 * 4 * 2 * 3);
});

const named = cells.map((cell) => [cellName(cell), cell] as const);

const found = (cell: DiskCell): CellResult => {
  const result = results.get(cell);
  if (result === undefined) throw new Error(`${cellName(cell)} was not measured`);
  return result;
};

it.each(named)('%s: log bytes as predicted', (_, cell) => {
  const { foundLogBytes, predictedLogBytes } = found(cell);
  expect(Math.abs(foundLogBytes / predictedLogBytes - 1)).toBeLessThanOrEqual(toleranceOf({ cell }));
});

it.skipIf(!allocatesByBlocks()).each(named)('%s: log, indexes and other files take the blocks predicted', (_, cell) => {
  const result = found(cell);
  const difference = Math.abs(result.foundAllocatedBytes - result.predictedAllocatedBytes);
  expect(difference).toBeLessThanOrEqual(allocatedToleranceBytes(result));
});
