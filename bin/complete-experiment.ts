/** From the repeats of an experiment to its files: analyses, renders, writes. */
import type { ExperimentRun } from '../bench/experiment/run-experiment.ts';
import type { ExperimentSpec } from '../bench/experiment/types.ts';
import { analyse } from '../lib/experiment/analyse.ts';
import {
  type ExperimentEnvironment,
  type ExperimentResult,
  experimentSchemaVersion,
} from '../lib/experiment/result.ts';
import { renderExperimentHtml } from '../lib/report/experiment/html.ts';
import { renderExperimentMarkdown } from '../lib/report/experiment/markdown.ts';

/** Above this the host itself moves a p99 as much as a setting might (docs/measuring.md). */
const quietHostP99Ms = 1;

export async function completeExperiment(spec: ExperimentSpec, run: ExperimentRun): Promise<ExperimentResult> {
  const result = experimentResult(spec, run);
  const { folder } = run;
  await folder.write('experiment', result);
  await folder.write('html', renderExperimentHtml(result));
  await folder.write('markdown', renderExperimentMarkdown(result));
  return result;
}

export function experimentResult(
  spec: ExperimentSpec,
  { environment, repeats, notes }: ExperimentRun,
): ExperimentResult {
  const { plan, topic, question, factors, grid, refused, lengths } = spec;
  return {
    schemaVersion: experimentSchemaVersion,
    useCase: plan.useCase,
    question,
    topic: topic.name,
    factors,
    grid,
    refused,
    ...lengths,
    repeats,
    analysis: analyse({ ...spec, driver: spec.driver.name }, repeats),
    notes: [...hostNotes(environment), ...notes],
    environment,
  };
}

/** What the host itself did to the times, if anything. */
export function hostNotes({ hostNoiseP99Ms }: ExperimentEnvironment): readonly string[] {
  if (hostNoiseP99Ms <= quietHostP99Ms) return [];
  return [
    `the host was not quiet (idle timer p99 ${hostNoiseP99Ms.toFixed(1)} ms, quiet is ${quietHostP99Ms} ms or less): times are upper bounds, ratios hold`,
  ];
}
