/** `headroom faults`: what a drill can inject, and the drill that makes alerts fire and clear on a local cluster. */
import { runDrill } from '../../bench/drill/drill.ts';
import { mergeDrills } from '../../bench/drill/merge.ts';
import { renderDrill, renderRollingRestart } from '../../bench/drill/render.ts';
import { runRollingRestart } from '../../bench/drill/rolling-restart.ts';
import type { RunnableBlock } from '../../bench/drill/run-blocks.ts';
import { alertsOf } from '../../bench/drill/run-drill.ts';
import type { DrillReport, FaultResult } from '../../bench/drill/types.ts';
import { faults } from '../../bench/faults/index.ts';
import { type ExitCode, exitCodes, HeadroomError } from '../../lib/errors.ts';
import { type FaultId, faultSummaries } from '../../lib/metrics/faults.ts';
import { nearest } from '../../lib/nearest.ts';
import { afterFaultQueries } from '../after-fault-queries.ts';
import { type Command, type CommandContext, integerOption } from '../command.ts';
import { defaultDivisor, earlierReport, onOwnCluster, pagesFolder, scrapeSec, type Written } from '../drill-cluster.ts';
import { blocksOf, runOnWorld, writeExercised, writeProcedure } from '../drill-pages.ts';
import { exercise } from '../exercise.ts';

const actions = ['list', 'drill', 'exercise', 'rolling-restart'] as const;

export const command: Command = {
  name: 'faults',
  arguments: 'list|drill|exercise|rolling-restart',
  minArguments: 1,
  maxArguments: 1,
  summary: 'make alerts fire and clear on a local cluster, by real faults',
  options: {
    fault: { type: 'string', value: 'ID', multiple: true, description: 'only this one; may be given more than once' },
    page: {
      type: 'string',
      value: 'ID',
      multiple: true,
      description: 'exercise: only this page; may be given more than once',
    },
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
      description: 'pages whose blocks are run; date and result are written into them',
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
    'restarts the three brokers under load, with the rules at their true durations: 0 when nobody was paged. exercise does',
    'what the pages in --runbooks tell to do, block by block, and exits 0 when every block had its effect and nothing was lost.',
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
    if (action === 'exercise') return await exercise(context);
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
  const earlier = only === null ? null : earlierReport<DrillReport>(context, 'drill');
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

function checksOf(pages: string | null, ids: readonly string[]): readonly RunnableBlock[] {
  return pages === null ? [] : ids.flatMap((id) => blocksOf(pages, id, 'checks'));
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
