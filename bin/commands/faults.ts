/** `headroom faults`: what a drill can inject, and the drill that makes alerts fire and clear on a local cluster. */
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { runDrill } from '../../bench/drill/drill.ts';
import { mergeDrills } from '../../bench/drill/merge.ts';
import { renderDrill, renderRollingRestart } from '../../bench/drill/render.ts';
import { runRollingRestart } from '../../bench/drill/rolling-restart.ts';
import type { RunnableBlock } from '../../bench/drill/run-blocks.ts';
import { alertsOf } from '../../bench/drill/run-drill.ts';
import type { WorldOptions } from '../../bench/drill/start-world.ts';
import type { DrillOutcome, DrillReport, FaultResult } from '../../bench/drill/types.ts';
import { faults } from '../../bench/faults/index.ts';
import { makeFolders } from '../../bench/make-folders.ts';
import { packageRoot } from '../../bench/package-root.ts';
import { type ExitCode, exitCodes, HeadroomError } from '../../lib/errors.ts';
import { type FaultId, faultSummaries } from '../../lib/metrics/faults.ts';
import { nearest } from '../../lib/nearest.ts';
import { planUseCase } from '../../lib/plan/plan.ts';
import { afterFaultQueries } from '../after-fault-queries.ts';
import { type Command, type CommandContext, integerOption, stringOption } from '../command.ts';
import { blocksOf, runOnWorld, writeExercised, writeProcedure } from '../drill-pages.ts';
import { readUseCase } from '../read-use-case.ts';

const actions = ['list', 'drill', 'rolling-restart'] as const;
/** The rules' seconds become scrapes: quicker, and Prometheus sees too little between two of them. */
const [defaultDivisor, scrapeSec, ratePerSec] = [30, 2, 200];
const outcomeCodes: Readonly<Record<DrillOutcome, ExitCode>> = {
  met: exitCodes.met,
  notMet: exitCodes.notMet,
  inconclusive: exitCodes.inconclusive,
};

export const command: Command = {
  name: 'faults',
  arguments: 'list|drill|rolling-restart',
  minArguments: 1,
  maxArguments: 1,
  summary: 'make alerts fire and clear on a local cluster, by real faults',
  options: {
    fault: { type: 'string', value: 'ID', multiple: true, description: 'only this one; may be given more than once' },
    'use-case': {
      type: 'string',
      value: 'FILE',
      description: 'whose topic is loaded and whose figures are compared with; an example when left out',
    },
    divisor: {
      type: 'string',
      value: 'N',
      description: `every duration of the rules is divided by it, 1 to 60; ${defaultDivisor} when left out`,
    },
    runbooks: {
      type: 'string',
      value: 'DIR',
      description: 'pages whose checks are run while their alert fires; date and result are written into them',
    },
    out: {
      type: 'string',
      value: 'DIR',
      description: 'write the report there, as JSON and as Markdown; with --fault, other faults in it stay',
    },
    json: { type: 'boolean', description: 'print as JSON' },
  },
  notes: [
    'A drill starts a cluster of its own on 127.0.0.1 and ends it: no other is ever touched. It takes half an hour, a minute',
    'or two for a single fault. Needs prometheus on PATH, and root for the disk that fills up. Ctrl-C heals and ends all.',
    'Exits 0 when every alert fired by its fault, was clear again, and nobody was paged for anything else. rolling-restart',
    'restarts the three brokers under load, with the rules at their true durations: 0 when nobody was paged.',
  ].join('\n'),
  examples: [
    'headroom faults list',
    'headroom faults drill --fault broker-killed',
    'headroom faults drill --out drill',
  ],
  async run(context) {
    const [action = ''] = context.positionals;
    if (action === 'list') return list(context);
    if (action === 'drill') return await drill(context);
    if (action === 'rolling-restart') return await rollingRestart(context);
    throw new HeadroomError('USAGE', `faults: expected ${actions.join(' or ')}, got "${action}"`, {
      hint: `for instance: ${command.examples[1]}`,
    });
  },
};

function list(context: CommandContext): ExitCode {
  const rows = faults.map(({ id }) => ({
    fault: id,
    summary: faultSummaries[id],
    alerts: alertsOf(id).map((alert) => alert.id),
  }));
  const width = Math.max(...rows.map(({ fault }) => fault.length));
  context.stdout(
    context.options.json === true
      ? `${JSON.stringify({ schemaVersion: 1, faults: rows }, null, 2)}\n`
      : rows
          .map(
            ({ fault, summary, alerts }) =>
              `${fault.padEnd(width)}  ${summary}\n${' '.repeat(width)}  ${alerts.join(', ')}\n`,
          )
          .join(''),
  );
  return exitCodes.met;
}

async function drill(context: CommandContext): Promise<ExitCode> {
  const only = chosenFaults(context);
  const timeDivisor = integerOption(context, 'divisor', { min: 1, max: 60, fallback: defaultDivisor });
  const pages = pagesFolder(context);
  const earlier = only === null ? null : earlierDrill(context);
  return await onOwnCluster(context, 'drill', async (world, save) => {
    const told = async (report: DrillReport): Promise<Written> => {
      if (pages !== null) writeExercised(pages, report);
      const whole = earlier === null ? report : mergeDrills(earlier, report);
      const written = { report: whole, markdown: renderDrill(whole) };
      await save(written);
      return written;
    };
    const report = await runDrill({
      ...{ ...world, timeDivisor },
      ...(only === null ? {} : { only }),
      panelQueries: afterFaultQueries(scrapeSec),
      runBlocks: async (faultWorld, ids) => await runOnWorld(faultWorld, checksOf(pages, ids), context.signal),
      onResult: async (soFar) => {
        context.stderr(soFar.faults.slice(-1).map(lineOf).join(''));
        await told(soFar);
      },
    });
    return await told(report);
  });
}

/** What lies in --out already: faults that are not drilled now keep their results. */
function earlierDrill(context: CommandContext): DrillReport | null {
  const out = stringOption(context, 'out');
  const path = out === undefined ? null : join(resolve(context.cwd, out), 'drill.json');
  return path === null || !existsSync(path) ? null : (JSON.parse(readFileSync(path, 'utf8')) as DrillReport);
}

function checksOf(pages: string | null, ids: readonly string[]): readonly RunnableBlock[] {
  return pages === null ? [] : ids.flatMap((id) => blocksOf(pages, id, 'checks'));
}

/** Throws FILE_UNREADABLE when there is no such folder: half an hour later would be too late. */
function pagesFolder(context: CommandContext): string | null {
  const named = stringOption(context, 'runbooks');
  if (named === undefined) return null;
  const folder = resolve(context.cwd, named);
  if (existsSync(join(folder, 'KafkaBrokerMissing.md'))) return folder;
  throw new HeadroomError('FILE_UNREADABLE', `--runbooks: ${folder} holds no runbook pages`, {
    hint: 'the folder runbooks/ of this project is one',
  });
}

const restartPage = 'procedure-rolling-restart';

async function rollingRestart(context: CommandContext): Promise<ExitCode> {
  const pages = pagesFolder(context);
  const blocks = pages === null ? [] : blocksOf(pages, restartPage, 'all');
  return await onOwnCluster(context, 'rolling-restart', async (world, save) => {
    const report = await runRollingRestart({
      ...world,
      runPage: async (faultWorld) => await runOnWorld(faultWorld, blocks, context.signal),
    });
    if (pages !== null) {
      const told = report.outcome === 'met' ? 'three brokers restarted, nobody paged.' : report.reasons.join('; ');
      writeProcedure(pages, restartPage, report.startedAt.slice(0, 10), told, report.blocks);
    }
    const written = { report, markdown: renderRollingRestart(report) };
    await save(written);
    return written;
  });
}

interface Written {
  readonly report: { readonly outcome: DrillOutcome };
  readonly markdown: string;
}

/** In a folder that goes with the drill. `save` writes to --out; what is returned is printed. */
async function onOwnCluster(
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

function chosenFaults(context: CommandContext): readonly FaultId[] | null {
  const named = context.options.fault;
  if (!Array.isArray(named)) return null;
  return named.map((each: string) => {
    const found = faults.find(({ id }) => id === each);
    if (found !== undefined) return found.id;
    const close = nearest(each, Object.keys(faultSummaries));
    throw new HeadroomError(
      'USAGE',
      `--fault: no fault is called "${each}"${close === null ? '' : `, did you mean ${close}?`}`,
      {
        hint: 'headroom faults list shows them all',
      },
    );
  });
}

function lineOf({ fault, outcome, alerts, reasons }: FaultResult): string {
  const fired = alerts.map(
    ({ alert, firedAfterSec, clearedAfterSec }) =>
      `${alert} ${firedAfterSec ?? '-'} s, clear ${clearedAfterSec ?? '-'} s`,
  );
  return `${fault}: ${outcome}; ${[...fired, ...reasons].join('; ')}\n`;
}
