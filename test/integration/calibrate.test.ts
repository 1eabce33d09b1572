/** `headroom calibrate` on a cluster that somebody else runs: what it can read of it, and that it leaves nothing there. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { warmingRounds } from '../../bench/calibration/grid.ts';
import { measureCalibration } from '../../bench/calibration/measure.ts';
import type { LocalCluster } from '../../bench/local/local-cluster.ts';
import { startLocalCluster } from '../../bench/local/start.ts';
import { createAdmin } from '../../bench/target/connect.ts';
import { parseCalibration } from '../../lib/plan/calibration/parse.ts';

let folder = '';
let cluster: LocalCluster;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headroom-calibrate-'));
  const signal = new AbortController().signal;
  cluster = await startLocalCluster({ brokers: 1, dir: join(folder, 'cluster'), onProgress: () => {}, signal });
});

afterAll(async () => {
  await cluster?.stop();
  await rm(folder, { recursive: true, force: true });
});

function measure() {
  return measureCalibration({
    seed: 7,
    // Too short for figures worth anything, long enough to see that all of it happens.
    lengths: { rounds: warmingRounds + 1, warmUpMs: 50, measureMs: 250 },
    target: { kind: 'existing', bootstrap: cluster.bootstrap, clusterId: cluster.clusterId },
    isShared: true,
    resultsBase: join(folder, 'results'),
    stateFolder: join(folder, '.headroom'),
    commandLine: ['headroom', 'calibrate'],
    onProgress: () => {},
    signal: new AbortController().signal,
    onEstimate: () => {},
  });
}

async function leftOnCluster(): Promise<readonly string[]> {
  const admin = createAdmin(cluster.bootstrap);
  const topics = await admin.listTopics();
  const groups = await admin.listGroups({ types: ['classic', 'consumer'] });
  await admin.close();
  return [...topics, ...groups.keys()].filter((name) => name.startsWith('headroom-'));
}

describe('a calibration of an existing cluster', () => {
  it('has the bytes on disk, no CPU with the reason, and leaves nothing behind', async () => {
    const { calibration } = await measure();
    expect(calibration.cpu).toBeNull();
    expect(calibration.cpuMissing).toContain('cannot be read from here');
    expect(calibration.observations.length).toBeGreaterThan(0);
    expect(calibration.observations.every(({ cores }) => cores === null)).toBe(true);
    expect(calibration.diskError?.median).toBeLessThan(0.03);
    expect(parseCalibration(JSON.stringify(calibration), 'calibration.json')).toEqual(calibration);
    expect(await leftOnCluster()).toEqual([]);
  });
});
