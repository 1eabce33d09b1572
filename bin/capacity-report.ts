/** Makes the capacity report of a use case and writes it: capacity.html, capacity.md and capacity.json. */
import { join } from 'node:path';
import { openResultsFolder, resultFiles } from '../bench/results.ts';
import { compareTargets } from '../lib/plan/compare.ts';
import { type PlanOptions, planUseCase } from '../lib/plan/plan.ts';
import { sensitivityOf } from '../lib/plan/sensitivity.ts';
import { capacityReport } from '../lib/report/capacity/build.ts';
import { renderCapacityHtml } from '../lib/report/capacity/html.ts';
import { renderCapacityMarkdown } from '../lib/report/capacity/markdown.ts';
import type { CapacityReport } from '../lib/report/capacity/types.ts';
import type { Run } from '../lib/report/types.ts';
import { readPrices } from './read-prices.ts';
import { readUseCase } from './read-use-case.ts';

export interface CapacitySource {
  /** The use case file; it and `pricesFile` are relative to `cwd`. */
  readonly file: string;
  readonly cwd: string;
  /** Undefined: the prices carried for the region. */
  readonly pricesFile?: string | undefined;
  /** What was proven of it; null: nothing. */
  readonly run: Run | null;
}

/** The report of a use case, planned now. Throws what reading and planning throw. */
export function makeCapacityReport({ file, cwd, pricesFile, run }: CapacitySource): CapacityReport {
  const { requirements, placeOf } = readUseCase(file, cwd);
  const options: Pick<PlanOptions, 'prices'> =
    pricesFile === undefined ? {} : { prices: readPrices(pricesFile, cwd, requirements.cluster.region) };
  return capacityReport({
    plan: planUseCase(requirements, { ...options, placeOf }),
    targets: compareTargets(requirements, options),
    sensitivity: sensitivityOf(requirements, options),
    run,
  });
}

/** The same for a finished run, from its folder alone. */
export function capacityOfRun(folder: string, run: Run): CapacityReport {
  return makeCapacityReport({ file: join(folder, resultFiles.useCase), cwd: folder, run });
}

/** Writes into a folder that exists; gives the path of the page. Throws FILE_UNREADABLE or DISK_FULL. */
export async function writeCapacityReport(path: string, report: CapacityReport): Promise<string> {
  const folder = openResultsFolder(path);
  await folder.write('capacity', report);
  await folder.write('capacityMarkdown', renderCapacityMarkdown(report));
  await folder.write('capacityHtml', renderCapacityHtml(report));
  return folder.pathOf('capacityHtml');
}
