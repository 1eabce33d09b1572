/**
 * The throughput formula on real Kafka, in small: brokers confined to a fraction of an instance, three shapes that are bound by
 * CPU, network and replication, CPU calibrated at one quota and predicted at two others. With HEADROOM_SCALE_PAGE=FILE the
 * result is written there, as docs/reference/scale-model.md. Fails, and is not skipped, where brokers cannot be confined.
 */
import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Calibration } from '../../lib/plan/calibration/types.ts';
import { checkShape, offOf, type ScaleRow, toleranceShare } from '../scale-model/check.ts';
import { ScaleCluster } from '../scale-model/cluster.ts';
import { calibrate, limitOf } from '../scale-model/measure.ts';
import { scalePage } from '../scale-model/page.ts';

const free = { cores: null, clientBytesPerSec: null, replicationBytesPerSec: null };
const budgetMs = 150_000;
/** Three brokers at the highest quota leave the harness as much of two cores as it takes. */
const [calibratedAtCores, ...predictedAtCores] = [0.25, 0.15, 0.35];
/** Of the rates of `headroom calibrate`, which are for whole cores: its dearest loads nearly fill the quota, near which is what is predicted. */
const calibratedShare = 0.55;
const cpuShape = { name: 'cpu', replicas: 3, groups: 1 } as const;
const rows: ScaleRow[] = [];
let calibration: Calibration | null = null;

function asPredicted(row: ScaleRow): void {
  rows.push(row);
  expect(row.place, row.evidence.join('; ')).toBe(row.predicted.resource);
  expect(Math.abs(offOf(row)), JSON.stringify(row)).toBeLessThanOrEqual(toleranceShare);
}

afterAll(() => {
  const page = process.env.HEADROOM_SCALE_PAGE;
  if (page !== undefined)
    writeFileSync(page, scalePage(rows, { calibration, atCores: calibratedAtCores, rateShare: calibratedShare }));
});

describe('clients and copies on one link', () => {
  const scale = new ScaleCluster({ replicationLink: false });

  beforeAll(() => scale.start());
  afterAll(() => scale.stop());

  it('bound by the network, one copy read by two groups', async () => {
    scale.confine({ ...free, clientBytesPerSec: 1_000_000 });
    asPredicted(await checkShape(scale, { name: 'readers', replicas: 1, groups: 2 }, null, budgetMs));
  });

  it('bound by the network, three copies', async () => {
    scale.confine({ ...free, clientBytesPerSec: 1_000_000 });
    asPredicted(await checkShape(scale, { name: 'copies', replicas: 3, groups: 1 }, null, budgetMs));
  });

  it('is calibrated at one quota, once its code is compiled', async () => {
    scale.confine(free);
    await limitOf(scale, cpuShape, 20_000, 45_000);
    scale.confine({ ...free, cores: calibratedAtCores });
    calibration = await calibrate(scale, calibratedShare);
    expect(calibration.cpuMissing).toBeNull();
  });

  it.each(predictedAtCores)('bound by CPU, at %d cores a broker', async (cores) => {
    scale.confine({ ...free, cores });
    asPredicted(await checkShape(scale, cpuShape, calibration, budgetMs));
  });
});

describe('copies on a link of their own', () => {
  const scale = new ScaleCluster({ replicationLink: true });

  beforeAll(() => scale.start());
  afterAll(() => scale.stop());

  it('bound by replication', async () => {
    scale.confine({ ...free, clientBytesPerSec: 4_000_000, replicationBytesPerSec: 500_000 });
    asPredicted(await checkShape(scale, { name: 'replication', replicas: 3, groups: 1 }, null, budgetMs));
  });
});
