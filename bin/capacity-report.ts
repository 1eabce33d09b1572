/** Makes the capacity report of a use case and writes it: capacity.html, capacity.md and capacity.json. */
import { join } from 'node:path';
import { openResultsFolder, resultFiles } from '../bench/results.ts';
import type { Calibration } from '../lib/plan/calibration/types.ts';
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
  /** What headroom calibrate measured; undefined: CPU is a heuristic. */
  readonly calibration?: Calibration | undefined;
  /** What was proven of it; null: nothing. */
  readonly run: Run | null;
}

/** The report of a use case, planned now. Throws what reading and planning throw. */
export function makeCapacityReport({ file, cwd, pricesFile, calibration, run }: CapacitySource): CapacityReport {
  const { requirements, placeOf } = readUseCase(file, cwd);
  const options: Pick<PlanOptions, 'prices' | 'calibration'> = {
    ...(pricesFile === undefined ? {} : { prices: readPrices(pricesFile, cwd, requirements.cluster.region) }),
    ...(calibration === undefined ? {} : { calibration }),
  };
  return capacityReport({
    plan: planUseCase(requirements, { ...options, placeOf }),
    targets: compareTargets(requirements, options),
    sensitivity: sensitivityOf(requirements, options),
    run,
    calibration: calibration ?? null,
  });
}

/** The same for a finished run, from its folder. */
export function capacityOfRun(folder: string, run: Run, calibration: Calibration | undefined): CapacityReport {
  return makeCapacityReport({ file: join(folder, resultFiles.useCase), cwd: folder, calibration, run });
}

/** Writes into a folder that exists; gives the path of the page. Throws FILE_UNREADABLE or DISK_FULL. */
export async function writeCapacityReport(path: string, report: CapacityReport): Promise<string> {
  const folder = openResultsFolder(path);
  await folder.write('capacity', report);
  await folder.write('capacityMarkdown', renderCapacityMarkdown(report));
  await folder.write('capacityHtml', renderCapacityHtml(report));
  return folder.pathOf('capacityHtml');
}
