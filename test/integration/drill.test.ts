/** The shortest drill: alerts fire by real faults and clear, and one whose metric the exporter renamed is named as silent. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AlertWatch } from '../../bench/drill/alert-watch.ts';
import { type FaultRun, runFault } from '../../bench/drill/run-drill.ts';
import { type StartedWorld, startWorld } from '../../bench/drill/start-world.ts';
import { faultOf } from '../../bench/faults/index.ts';
import { exporterConfig } from '../../lib/metrics/exporter-config.ts';
import { signals } from '../../lib/metrics.ts';
import { examplePlan } from '../bench/example-plan.ts';
import { hasProgram } from '../monitoring/programs.ts';

const timeDivisor = 60;
/** Bad enough for 5,000 records of lag within seconds. */
const ratePerSec = 600;
const calm = { steadyMs: 4_000, withinMs: 60_000 };

/** The metric of one alert under another name: everything else must still work. */
const renamed = signals.map((signal) =>
  signal.id === 'atMinIsr' && signal.mbean !== null ? { ...signal, mbean: { ...signal.mbean, as: 'Renamed' } } : signal,
);

describe.skipIf(!hasProgram('prometheus'))('a short drill', () => {
  const { signal } = new AbortController();
  let dir: string;
  let started: StartedWorld;
  let watch: AlertWatch;
  let run: FaultRun;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'headroom-drill-'));
    const onProgress = () => {};
    started = await startWorld({
      ...{ plan: examplePlan(), dir, timeDivisor, scrapeSec: 1, ratePerSec, onProgress, signal },
      exporterConfig: exporterConfig(renamed),
      needs: new Set(),
    });
    watch = new AlertWatch(started.world.prometheusUrl);
    run = {
      ...{ world: started.world, watch, timeDivisor, settleSec: 60, onProgress, signal },
      panelQueries: [{ panel: 'faults', expression: 'bench_fault' }],
      runBlocks: async () => [],
    };
    await watch.untilSteady(() => [...watch.firing()].join() === 'Watchdog', calm.steadyMs, calm.withinMs, signal);
  });

  afterAll(async () => {
    await watch?.stop();
    await started?.stop();
    await rm(dir, { recursive: true, force: true });
  });

  it('a stalled consumer fires its two alerts, and they clear when it reads again', async () => {
    const { alerts, evidence, panels } = (await runFault(faultOf('consumer-stalled'), run))();
    expect(alerts.map(({ alert }) => alert)).toEqual(['KafkaConsumerStalled', 'KafkaConsumerLagOverObjective']);
    for (const { firedAfterSec, clearedAfterSec } of alerts) {
      expect(firedAfterSec).toBeGreaterThan(1);
      expect(clearedAfterSec).not.toBeNull();
    }
    // What had been fetched is still handled.
    expect(evidence).toMatch(/is a member and read \d+ records since it was stalled/);
    expect(panels).toEqual(['faults']);
  });

  it('a killed broker fires three, and names the one whose metric was renamed', async () => {
    const fired = ['KafkaUnderMinIsr', 'KafkaBrokerMissing', 'KafkaTargetDown'];
    const expected = [...fired, 'KafkaAtMinIsr'];
    const result = (await runFault(faultOf('replica-missing'), { ...run, expected, settleSec: 15 }))();
    expect(result.outcome).toBe('notMet');
    expect(result.reasons).toContain('KafkaAtMinIsr did not fire');
    for (const { alert, firedAfterSec, clearedAfterSec } of result.alerts) {
      if (alert === 'KafkaAtMinIsr') continue;
      expect(firedAfterSec, alert).not.toBeNull();
      expect(clearedAfterSec, alert).not.toBeNull();
    }
    expect(result.evidence).toMatch(/drill-pair-\d: 1 of 2 in sync, 2 needed/);
  });
});
