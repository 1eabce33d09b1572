/** The whole drill: every alert that can be made to fire, what every page says, and the rolling restart at the rules' true durations. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runDrill } from '../../bench/drill/drill.ts';
import { runExercises } from '../../bench/drill/exercises/run-exercises.ts';
import { runRollingRestart } from '../../bench/drill/rolling-restart.ts';
import { afterFaultQueries } from '../../bin/after-fault-queries.ts';
import { blocksOf, runOnWorld } from '../../bin/drill-pages.ts';
import { pagesIn } from '../../bin/exercise-pages.ts';
import { examplePlan } from '../bench/example-plan.ts';
import { hasProgram } from '../monitoring/programs.ts';

const scrapeSec = 2;
const common = { scrapeSec, ratePerSec: 200, onProgress: () => {} };
const runbooks = join(import.meta.dirname, '..', '..', 'runbooks');

describe.skipIf(!hasProgram('prometheus'))('the drill', () => {
  const { signal } = new AbortController();
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'headroom-drill-'));
  });
  afterEach(async () => await rm(dir, { recursive: true, force: true }));

  it('makes every alert fire and clear, pages for nothing else, and fills the panels for faults', async () => {
    const report = await runDrill({
      ...{ ...common, dir, plan: examplePlan(), timeDivisor: 30, signal },
      panelQueries: afterFaultQueries(scrapeSec),
      runBlocks: async (world, ids) =>
        await runOnWorld(
          world,
          ids.flatMap((id) => blocksOf(runbooks, id, 'checks')),
          signal,
        ),
      onResult: async () => {},
    });
    expect(report.faults.flatMap(({ fault, reasons }) => reasons.map((reason) => `${fault}: ${reason}`))).toEqual([]);
    expect(report.emptyPanels).toEqual([]);
    expect(report.outcome).toBe('met');
  }, 5_400_000);

  it('does what every page says, sees its effect, and loses nothing', async () => {
    const report = await runExercises({
      ...{ ...common, dir, plan: examplePlan(), timeDivisor: 30, signal },
      ...pagesIn(runbooks, signal),
      onResult: async () => {},
    });
    expect(report.pages.flatMap(({ page, reasons }) => reasons.map((reason) => `${page}: ${reason}`))).toEqual([]);
    expect(report.outcome).toBe('met');
  }, 2_400_000);

  it('pages nobody in a rolling restart', async () => {
    const report = await runRollingRestart({
      ...{ ...common, dir, plan: examplePlan(), signal },
      runPage: async (world) => await runOnWorld(world, blocksOf(runbooks, 'procedure-rolling-restart', 'all'), signal),
    });
    expect(report.reasons).toEqual([]);
    expect(report.lost).toBe(0);
  }, 1_800_000);
});
