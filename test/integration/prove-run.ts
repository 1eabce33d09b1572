/** What the tests of `prove` share: short runs of an example, judged, in a folder of their own. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultDriver } from '../../bench/drivers/index.ts';
import { packageRoot } from '../../bench/package-root.ts';
import { type Proof, type ProveOptions, prove } from '../../bench/prove.ts';
import type { RunLengths } from '../../bench/run-lengths.ts';
import { judgeRun } from '../../bin/judge-run.ts';
import { planUseCase } from '../../lib/plan/plan.ts';
import type { Run } from '../../lib/report/types.ts';
import { parseUseCase } from '../../lib/requirements/parse.ts';

/** Enough to see that everything happens; too short for a verdict on time. */
export const shortLengths: RunLengths = {
  phases: {
    average: { measureMs: 1_500, warmUpMinMs: 0, warmUpMaxMs: 1_000, drainMaxMs: 20_000 },
    peak: { measureMs: 1_500, warmUpMinMs: 0, warmUpMaxMs: 1_000, drainMaxMs: 20_000 },
  },
  tradeOff: null,
  retention: false,
};

export interface FinishedRun {
  readonly proof: Proof;
  readonly run: Run;
}

/** `edit` changes the example's text before it is read. */
export function optionsFor(
  example: string,
  folder: string,
  change: Partial<ProveOptions>,
  edit = (text: string): string => text,
) {
  const useCaseText = edit(readFileSync(join(packageRoot, 'examples', example), 'utf8'));
  const requirements = parseUseCase(useCaseText, example);
  const options: ProveOptions = {
    plan: planUseCase(requirements),
    useCaseText,
    target: { kind: 'local' },
    driver: defaultDriver,
    seed: 7,
    lengths: shortLengths,
    commandLine: ['headroom', 'prove', example],
    resultsBase: join(folder, 'results'),
    stateFolder: join(folder, '.headroom'),
    onProgress: () => {},
    signal: new AbortController().signal,
    ...change,
  };
  return { requirements, options };
}

export async function proveExample(
  example: string,
  folder: string,
  change: Partial<ProveOptions>,
  edit?: (text: string) => string,
): Promise<FinishedRun> {
  const { requirements, options } = optionsFor(example, folder, change, edit);
  const proof = await prove(options);
  return { proof, run: await judgeRun(requirements, options.plan, proof) };
}
