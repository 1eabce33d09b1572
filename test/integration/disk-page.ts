/** The measured matrix as a page for docs/reference, and what a file system must do to be compared by allocated size. */
import { appendFileSync, closeSync, mkdtempSync, openSync, rmSync, statSync } from 'node:fs';
import { cpus, release, tmpdir, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { fileSystemBlockBytes } from '../../lib/plan/disk/log-files.ts';
import { retentionMs } from './disk-cells.ts';
import type { CellResult } from './disk-run.ts';

/** The goals: log bytes within 3 % of the prediction, 8 % where the ratio comes from a sample. */
export function toleranceOf({ cell }: Pick<CellResult, 'cell'>): number {
  return cell.compression === 'none' ? 0.03 : 0.08;
}

/** The same for the blocks of all files, and a block more or less a segment: most of what small segments take. */
export function allocatedToleranceBytes(result: CellResult): number {
  return toleranceOf(result) * result.predictedAllocatedBytes + result.segments * fileSystemBlockBytes;
}

/** Some file systems reserve space ahead of a file that grows: their allocated sizes say nothing about Kafka. */
export function allocatesByBlocks(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'headroom-blocks-'));
  const path = join(folder, 'grows');
  const file = openSync(path, 'a');
  try {
    for (let i = 0; i < 100; i += 1) appendFileSync(file, Buffer.alloc(1000));
    return statSync(path).blocks * 512 === Math.ceil(100_000 / fileSystemBlockBytes) * fileSystemBlockBytes;
  } finally {
    closeSync(file);
    rmSync(folder, { recursive: true });
  }
}

export interface PageContext {
  readonly brokers: number;
  readonly replicas: number;
  readonly kafkaVersion: string;
}

export function diskPage(results: readonly CellResult[], { brokers, replicas, kafkaVersion }: PageContext): string {
  const [cpu] = cpus();
  const differences = (compressed: boolean, of: (result: CellResult) => number): string => {
    const found = results.filter(({ cell }) => (cell.compression !== 'none') === compressed).map(of);
    return `${percent(Math.min(...found))} to ${percent(Math.max(...found))}`;
  };
  return `# Bytes on disk against the prediction

Measured on ${new Date().toISOString().slice(0, 10)} by \`npm run nightly\` (test/nightly/disk.test.ts): ${cpus().length} x ${cpu?.model ?? 'unknown'}, ${Math.round(totalmem() / 1e9)} GB, ${type()} ${release()},
Apache Kafka ${kafkaVersion}, ${brokers} brokers on this machine, 4 partitions x ${replicas} replicas a topic. Bytes do not depend on the speed of the machine.

Each topic gets ${retentionMs / 86_400_000} days of records and more with time stamps of the past; brokers roll segments (a tenth of the retention, as
planned) and delete by those time stamps, so the retention passes in seconds. Compacted topics get each key about ten times, evenly, and are cleaned once.
low: one record a batch; high: batches of 16 KiB (64 KiB for 10 KB). Log bytes are what DescribeLogDirs reports; allocated are the file
system blocks of all files of the partitions: segments, indexes, snapshots, checkpoints, folders. They come in steps of 4 KiB a file, so the
slowest topics, with segments of a few KB, may be off by a block a segment. The ratio of compression comes from a sample of
12 batches, compressed by the load's codec. 1 KB is 1000 B.

| difference to the prediction | log bytes | allowed | allocated |
| --- | --- | --- | --- |
| uncompressed | ${differences(false, logDifference)} | 3 % | ${differences(false, allocatedDifference)} |
| compressed | ${differences(true, logDifference)} | 8 % | ${differences(true, allocatedDifference)} |

| cleanup | compression | key | size, B | rate | records a batch | ratio | log found, B | log predicted, B | difference | allocated found, B | predicted, B | difference |
| --- | --- | --- | ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
${results.map((result) => `| ${cells(result).join(' | ')} |`).join('\n')}
`;
}

const logDifference = ({ foundLogBytes, predictedLogBytes }: CellResult): number =>
  foundLogBytes / predictedLogBytes - 1;
const allocatedDifference = ({ foundAllocatedBytes, predictedAllocatedBytes }: CellResult): number =>
  foundAllocatedBytes / predictedAllocatedBytes - 1;

function cells(result: CellResult): readonly string[] {
  const { cell, recordsPerBatch, ratio } = result;
  return [
    cell.cleanup,
    cell.compression,
    cell.keyed ? 'yes' : 'null',
    String(cell.sizeBytes),
    cell.rate,
    String(recordsPerBatch),
    ratio.toFixed(3),
    String(result.foundLogBytes),
    String(result.predictedLogBytes),
    percent(logDifference(result)),
    String(result.foundAllocatedBytes),
    String(result.predictedAllocatedBytes),
    percent(allocatedDifference(result)),
  ];
}

function percent(fraction: number): string {
  return `${fraction > 0 ? '+' : ''}${(fraction * 100).toFixed(1)} %`;
}
