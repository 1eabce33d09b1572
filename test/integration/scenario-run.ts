/** A shipped scenario as `headroom bench` runs it, its grid with fewer rounds or left out. */
import { join } from 'node:path';
import { defaultDriver } from '../../bench/drivers/index.ts';
import { planExperiment } from '../../bench/experiment/plan-experiment.ts';
import { type ExperimentRun, runExperiment } from '../../bench/experiment/run-experiment.ts';
import type { ProveTarget } from '../../bench/prove.ts';
import { scenarios } from '../../bench/scenarios/index.ts';
import { completeScenario } from '../../bin/complete-scenario.ts';
import { readFactors } from '../../lib/experiment/factors.ts';
import type { ScenarioCell, ScenarioResult } from '../../lib/experiment/scenario-result.ts';
import { examplePlan, exampleTopic } from '../bench/example-plan.ts';

export async function runScenario(
  name: string,
  { dir, target, rounds }: { readonly dir: string; readonly target: ProveTarget; readonly rounds: number },
): Promise<{ readonly run: ExperimentRun; readonly result: ScenarioResult }> {
  const known = scenarios[name];
  if (known === undefined) throw new RangeError(`no scenario ${name}`);
  const { grid, ...rest } = known;
  const scenario = { name, ...rest, ...(rounds === 0 || grid === undefined ? {} : { grid }) };
  const { spec } = planExperiment({
    plan: examplePlan(),
    topic: exampleTopic(),
    question: scenario.question,
    factors: readFactors(scenario.grid?.vary ?? []).factors,
    grid: scenario.grid?.kind ?? 'full',
    driver: defaultDriver,
    lengths: { rounds, warmUpMs: 300, measureMs: 600 },
    ...(scenario.trial === undefined ? {} : { trial: scenario.trial }),
    seed: 1,
    budgetMs: 600_000,
  });
  const run = await runExperiment({
    spec,
    target,
    useCaseText: '',
    resultsBase: join(dir, 'results'),
    resume: null,
    stateFolder: join(dir, 'state'),
    commandLine: ['headroom', 'bench', name],
    onProgress: () => {},
    signal: new AbortController().signal,
  });
  return { run, result: await completeScenario(scenario, spec, run) };
}

/** Rows of a table by the names of its columns. */
export function rowsOf({ tables }: ScenarioResult, title: string): readonly Readonly<Record<string, ScenarioCell>>[] {
  const table = tables.find((one) => one.title === title);
  if (table === undefined) throw new RangeError(`no table ${title} in ${tables.map((one) => one.title).join(', ')}`);
  return table.rows.map((row) => Object.fromEntries(table.columns.map((column, at) => [column, row[at] ?? null])));
}
