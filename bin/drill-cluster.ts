/** What the actions of `headroom faults` share: a cluster that goes with them, where reports and pages are. */
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { WorldOptions } from '../bench/drill/start-world.ts';
import type { DrillOutcome } from '../bench/drill/types.ts';
import { throwIfInterrupted } from '../bench/local/interrupted.ts';
import { makeFolders } from '../bench/make-folders.ts';
import { packageRoot } from '../bench/package-root.ts';
import { type ExitCode, exitCodes, HeadroomError } from '../lib/errors.ts';
import { planUseCase } from '../lib/plan/plan.ts';
import { type CommandContext, stringOption } from './command.ts';
import { readUseCase } from './read-use-case.ts';

/** The rules' seconds become scrapes: quicker, and Prometheus sees too little between two of them. */
export const [defaultDivisor, scrapeSec, ratePerSec] = [30, 2, 200];
const outcomeCodes: Readonly<Record<DrillOutcome, ExitCode>> = {
  met: exitCodes.met,
  notMet: exitCodes.notMet,
  inconclusive: exitCodes.inconclusive,
};

export interface Written {
  readonly report: { readonly outcome: DrillOutcome };
  readonly markdown: string;
}

/** In a folder that goes with the drill. `save` writes to --out; what is returned is printed. */
export async function onOwnCluster(
  context: CommandContext,
  name: string,
  run: (
    world: Omit<WorldOptions, 'timeDivisor' | 'needs'>,
    save: (written: Written) => Promise<void>,
  ) => Promise<Written>,
): Promise<ExitCode> {
  const useCase = stringOption(context, 'use-case') ?? join(packageRoot, 'examples', 'course-events.yaml');
  const plan = planUseCase(readUseCase(useCase, context.cwd).requirements);
  const out = stringOption(context, 'out');
  // Before half an hour of work, not after it.
  const folder = out === undefined ? null : await folderFor(resolve(context.cwd, out));
  const dir = await mkdtemp(join(tmpdir(), 'headroom-drill-'));
  try {
    const { onProgress, signal } = context;
    const world = { plan, dir, scrapeSec, ratePerSec, onProgress, signal };
    const { report, markdown } = await run(world, async (written) => {
      if (folder === null) return;
      await writeFile(join(folder, `${name}.json`), jsonOf(written));
      await writeFile(join(folder, `${name}.md`), written.markdown);
    });
    context.stdout(context.options.json === true ? jsonOf({ report }) : markdown);
    return outcomeCodes[report.outcome];
  } catch (error) {
    // Whatever was waited for when Ctrl-C came.
    throwIfInterrupted(context.signal);
    throw error;
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

function jsonOf({ report }: Pick<Written, 'report'>): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}

async function folderFor(path: string): Promise<string> {
  try {
    await makeFolders(path);
    await readdir(path);
    return path;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new HeadroomError('FILE_UNREADABLE', `--out ${path} is no folder to write to: ${reason}`, {
      hint: 'name a folder that you may write to',
      cause,
    });
  }
}

/** What lies in --out already: what is not done now keeps its results. */
export function earlierReport<Report>(context: CommandContext, name: string): Report | null {
  const out = stringOption(context, 'out');
  const path = out === undefined ? null : join(resolve(context.cwd, out), `${name}.json`);
  return path === null || !existsSync(path) ? null : (JSON.parse(readFileSync(path, 'utf8')) as Report);
}

/** Throws FILE_UNREADABLE when there is no such folder: half an hour later would be too late. */
export function pagesFolder(context: CommandContext): string | null {
  const named = stringOption(context, 'runbooks');
  if (named === undefined) return null;
  const folder = resolve(context.cwd, named);
  if (existsSync(join(folder, 'KafkaBrokerMissing.md'))) return folder;
  throw new HeadroomError('FILE_UNREADABLE', `--runbooks: ${folder} holds no runbook pages`, {
    hint: 'the folder runbooks/ of this project is one',
  });
}
