/** From the repeats of an experiment to its files: analyses, renders, writes. */
import type { ExperimentRun } from '../bench/experiment/run-experiment.ts';
import type { ExperimentSpec } from '../bench/experiment/types.ts';
import { analyse } from '../lib/experiment/analyse.ts';
import { type ExperimentResult, experimentSchemaVersion } from '../lib/experiment/result.ts';
import { renderExperimentHtml } from '../lib/report/experiment/html.ts';
import { renderExperimentMarkdown } from '../lib/report/experiment/markdown.ts';

/** Above this the host itself moves a p99 as much as a setting might (docs/measuring.md). */
const quietHostP99Ms = 1;

export async function completeExperiment(spec: ExperimentSpec, run: ExperimentRun): Promise<ExperimentResult> {
  const { plan, topic, question, factors, grid, refused, lengths } = spec;
  const { environment, repeats, folder } = run;
  const noisy =
    environment.hostNoiseP99Ms > quietHostP99Ms
      ? [
          `the host was not quiet (idle timer p99 ${environment.hostNoiseP99Ms.toFixed(1)} ms, quiet is ${quietHostP99Ms} ms or less): times are upper bounds, ratios hold`,
        ]
      : [];
  const result: ExperimentResult = {
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
    notes: [...noisy, ...run.notes],
    environment,
  };
  await folder.write('experiment', result);
  await folder.write('html', renderExperimentHtml(result));
  await folder.write('markdown', renderExperimentMarkdown(result));
  return result;
}
