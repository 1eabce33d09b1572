import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readCpuTimes, readDiskBusyMs } from '../../../bench/limit/machine.ts';
import { useBetween, watchResources } from '../../../bench/limit/resources.ts';

const sample = (atMs: number, busyMs: number, diskMs: number, sentBytes: number, unreplicatedRecords = 0) => ({
  atMs,
  cpu: { busyMs, totalMs: 2 * atMs, cores: 2 },
  disks: new Map([['253:0', diskMs]]),
  network: [{ broker: 1, receivedBytes: 10, sentBytes, limitBytesPerSec: 1_000_000 }],
  replication: { unreplicatedRecords, underReplicated: unreplicatedRecords > 5 ? 1 : 0 },
});

it('gives the shares between two moments', () => {
  const samples = [
    sample(0, 0, 0, 0),
    sample(1_000, 500, 900, 0, 3),
    sample(2_000, 2_400, 1_850, 910_000, 9),
    sample(3_000, 2_400, 1_850, 910_000, 100),
  ];
  expect(useBetween(samples, 1_000, 2_000)).toEqual({
    host: { busyCores: 1.9, ofCores: 2 },
    diskBusy: 0.95,
    networkUsed: 0.91,
    unreplicatedRecords: 6,
    underReplicated: 1,
  });
});

it('gives null where nothing was sampled', () => {
  const nothing = { host: null, diskBusy: null, networkUsed: null, unreplicatedRecords: null, underReplicated: null };
  expect(useBetween([], 0, 1_000)).toEqual(nothing);
  const hidden = { ...sample(0, 0, 0, 0), network: null, replication: null, disks: new Map<string, number>() };
  expect(useBetween([hidden, { ...hidden, atMs: 900 }], 0, 900)).toMatchObject({ ...nothing, host: null });
});

it('reads the counters of this machine', () => {
  const { busyMs, totalMs, cores } = readCpuTimes();
  expect(cores).toBeGreaterThan(0);
  expect(totalMs).toBeGreaterThanOrEqual(busyMs);
  const folder = mkdtempSync(join(tmpdir(), 'headroom-disk-'));
  for (const milliseconds of readDiskBusyMs([folder, join(folder, 'missing')]).values())
    expect(milliseconds).toBeGreaterThanOrEqual(0);
  rmSync(folder, { recursive: true });
});

it('a source that fails is not seen, and does not end the watch', async () => {
  let asked = 0;
  const watch = watchResources({
    brokerCpuSeconds: async () => new Map([[1, asked]]),
    coresOf: () => 0.5,
    folders: null,
    replication: async () => {
      asked += 1;
      throw new Error('no answer');
    },
    network: null,
    sharesHost: false,
  });
  const fromMs = performance.now();
  while (asked < 3) await new Promise((resolve) => setTimeout(resolve, 20));
  const use = watch.between(fromMs, performance.now());
  watch.stop();
  expect(use).toMatchObject({ host: null, diskBusy: null, networkUsed: null, underReplicated: null });
  expect(use.brokerCpu).toMatchObject([{ broker: 1, ofCores: 0.5 }]);
});
