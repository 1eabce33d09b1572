/** docs/reference/scale-model.md, from what a night has measured. */
import { cpus, release, totalmem, type } from 'node:os';
import { errorText } from '../../lib/plan/calibration/text.ts';
import type { Calibration } from '../../lib/plan/calibration/types.ts';
import { formatBytes, formatCount, formatSignedPercent } from '../../lib/units.ts';
import { offOf, type ScaleRow, toleranceShare } from './check.ts';
import type { Limits } from './cluster.ts';

export function scalePage(
  rows: readonly ScaleRow[],
  calibrated: { readonly calibration: Calibration | null; readonly atCores: number; readonly rateShare: number },
): string {
  const host = `${cpus().length} x ${cpus()[0]?.model.trim() ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GB, ${type()} ${release()}`;
  const { calibration, atCores, rateShare } = calibrated;
  const cpu = calibration?.cpu;
  return `# The throughput formula on confined brokers

Measured on ${new Date().toISOString().slice(0, 10)} by \`npm run nightly\` (test/nightly/scale-model.test.ts): ${host}, three brokers
of Kafka ${calibration?.kafkaVersion ?? '4'} in network namespaces, links limited by tbf, CPU by a cgroup
quota that lets a period of 100 ms use what the one before it left. Disks are not confined.

Each row is a load of 1 KB records in batches of 16 KiB, a leader on each broker. Predicted is the rate at which the plan's own sum of what a broker uses
reaches its limit: the least of network, CPU and, where copies have a link of their own, that link; 1514 bytes of a frame carry 1448.
Found is the middle of the highest rate that \`limit\` sustained twice and the lowest that it did not; the goal is ${toleranceShare * 100} %.

| shape | copies | groups | a broker may use | predicted | bound by | found | off | bound by |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
${rows.map((row) => rowOf(row)).join('\n')}

CPU was calibrated at ${atCores} cores a broker (${rateShare} of the rates of \`headroom calibrate\`, so that the dearest of its loads nearly fill the quota; code compiled): ${cpu === null || cpu === undefined ? `not told, ${calibration?.cpuMissing ?? 'nothing was measured'}` : `predictions ${errorText(cpu.error)} there`}.
For scale: an m7g.large has 2 vCPU and 937 Mbit/s.
`;
}

function rowOf(row: ScaleRow): string {
  const { shape, limits, predicted, foundPerSec, place } = row;
  const cells = [
    shape.name,
    shape.replicas,
    shape.groups,
    limitsText(limits),
    `${formatCount(Math.round(predicted.ratePerSec))}/s`,
    predicted.resource,
    foundPerSec === null ? 'not found' : `${formatCount(Math.round(foundPerSec))}/s`,
    foundPerSec === null ? '' : formatSignedPercent(offOf(row)),
    place ?? 'nothing',
  ];
  return `| ${cells.join(' | ')} |`;
}

function limitsText({ cores, clientBytesPerSec, replicationBytesPerSec }: Limits): string {
  return [
    ...(cores === null ? [] : [`${cores} cores`]),
    ...(clientBytesPerSec === null ? [] : [`${formatBytes(clientBytesPerSec)}/s each way`]),
    ...(replicationBytesPerSec === null ? [] : [`${formatBytes(replicationBytesPerSec)}/s each way for copies`]),
  ].join(', ');
}
