/** From what a scenario measured to its files: tables and answer of grid and trial together, rendered and written. */
import type { ExperimentRun } from '../bench/experiment/run-experiment.ts';
import type { ExperimentSpec } from '../bench/experiment/types.ts';
import type { Scenario, ScenarioGrid } from '../bench/scenarios/scenario.ts';
import type { ExperimentResult } from '../lib/experiment/result.ts';
import {
  type Answer,
  bothAnswers,
  inconclusive,
  type ScenarioResult,
  type ScenarioTable,
  scenarioSchemaVersion,
} from '../lib/experiment/scenario-result.ts';
import { columnName, intervalText } from '../lib/report/experiment/words.ts';
import { renderScenarioHtml } from '../lib/report/scenario/html.ts';
import { renderScenarioMarkdown } from '../lib/report/scenario/markdown.ts';
import { experimentResult, hostNotes } from './complete-experiment.ts';

export async function completeScenario(
  { name, question, method, grid }: Scenario & { readonly name: string },
  spec: ExperimentSpec,
  run: ExperimentRun,
): Promise<ScenarioResult> {
  const { folder, trial, environment } = run;
  const experiment = grid === undefined ? null : experimentResult(spec, run);
  const answers = [
    ...(trial === null ? [] : [trial.answer]),
    ...(experiment === null || grid === undefined ? [] : [grid.answer(experiment.analysis)]),
  ];
  const result: ScenarioResult = {
    schemaVersion: scenarioSchemaVersion,
    scenario: name,
    useCase: spec.plan.useCase,
    topic: spec.topic.name,
    question,
    method,
    tables: [
      ...(trial?.tables ?? []),
      ...(experiment === null || grid === undefined ? [] : [gridTable(experiment, grid)]),
    ],
    answer: together(answers),
    notes: [...(experiment?.notes ?? [...hostNotes(environment), ...run.notes]), ...(trial?.notes ?? [])],
    durationMs: run.durationMs,
    environment,
  };
  if (experiment !== null) await folder.write('experiment', experiment);
  await folder.write('scenario', result);
  await folder.write('html', renderScenarioHtml(result, experiment));
  await folder.write('markdown', renderScenarioMarkdown(result));
  return result;
}

function gridTable({ analysis, measureMs, rounds }: ExperimentResult, { figures }: ScenarioGrid): ScenarioTable {
  return {
    title: `Under load: medians of ${rounds} rounds of ${measureMs} ms, with their 95 % intervals`,
    columns: ['setting', ...figures.map(columnName)],
    rows: analysis.cells.map((cell) => [cell.id, ...figures.map((figure) => intervalText(cell.figures[figure]))]),
  };
}

function together(answers: readonly Answer[]): Answer {
  const [first, second] = answers;
  if (first === undefined) return inconclusive('nothing was measured.');
  return second === undefined ? first : bothAnswers(first, second);
}
