/** `headroom report`: the capacity report of a use case; of a finished run also its own report, again, from its folder alone. */
import { stat } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { makeFolders } from '../../bench/make-folders.ts';
import { openResultsFolder } from '../../bench/results.ts';
import { exitCodes, HeadroomError } from '../../lib/errors.ts';
import type { Calibration } from '../../lib/plan/calibration/types.ts';
import { renderCapacityText } from '../../lib/report/capacity/text.ts';
import { renderText } from '../../lib/report/text.ts';
import { capacityOfRun, makeCapacityReport, writeCapacityReport } from '../capacity-report.ts';
import { type Command, type CommandContext, stringOption } from '../command.ts';
import { writeReports } from '../judge-run.ts';
import { readCalibration } from '../read-calibration.ts';
import { latestRunFolder, readRun } from '../read-run.ts';

export const command: Command = {
  name: 'report',
  arguments: 'PATH',
  minArguments: 1,
  maxArguments: 1,
  summary: 'write the capacity report of a use case, or all reports of a finished run again',
  options: {
    out: {
      type: 'string',
      value: 'DIR',
      description: 'where the report of a use case goes; results/<useCase>/capacity when left out',
    },
    prices: { type: 'string', value: 'PRICES', description: 'prices in place of those carried for the region' },
    calibration: {
      type: 'string',
      value: 'FILE',
      description: 'what headroom calibrate measured; of a run, also its CPU predicted against measured',
    },
    json: { type: 'boolean', description: 'print the same as JSON: the capacity report of a use case, or the run' },
  },
  notes: [
    'PATH is a use case file: writes capacity.html, capacity.md and capacity.json; nothing is run and nothing is proven.',
    'Or it is the folder of a run, or of a use case, whose latest run is taken: renders report.html and report.md again,',
    'nothing is judged anew, and adds the capacity report of the use case in that folder, planned by this version.',
    'Exits 0 whatever a report says, 64 when PATH is neither.',
  ].join('\n'),
  examples: ['headroom report results/course-events', 'headroom report examples/course-events.yaml'],
  async run(context) {
    const path = resolve(context.cwd, context.positionals[0] ?? '');
    const isFile = await stat(path).then(
      (found) => !found.isDirectory(),
      () => /\.ya?ml$/.test(path),
    );
    await (isFile ? reportUseCase(context) : reportRun(context, path));
    return exitCodes.met;
  },
};

async function reportUseCase(context: CommandContext): Promise<void> {
  const { cwd, options, stdout } = context;
  const file = context.positionals[0] ?? '';
  const report = makeCapacityReport({
    file,
    cwd,
    pricesFile: stringOption(context, 'prices'),
    calibration: calibrationOf(context),
    run: null,
  });
  const folder = resolve(cwd, stringOption(context, 'out') ?? join('results', report.useCase, 'capacity'));
  await folderFor(folder);
  const page = await writeCapacityReport(folder, report);
  stdout(
    options.json === true
      ? `${JSON.stringify(report, null, 2)}\n`
      : `${renderCapacityText(report)}\nreport  ${relative(cwd, page)}\n`,
  );
}

function calibrationOf(context: CommandContext): Calibration | undefined {
  const file = stringOption(context, 'calibration');
  return file === undefined ? undefined : readCalibration(file, context.cwd);
}

async function folderFor(folder: string): Promise<void> {
  try {
    await makeFolders(folder);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw new HeadroomError('FILE_UNREADABLE', `cannot make ${folder}: ${code}`, {
      hint: 'choose a folder you may write with --out DIR',
      cause,
    });
  }
}

async function reportRun(context: CommandContext, given: string): Promise<void> {
  for (const name of ['out', 'prices'])
    if (context.options[name] !== undefined)
      throw new HeadroomError('USAGE', `report: --${name} goes with a use case file, and ${given} is a folder`, {
        hint: 'a run is rendered into its own folder',
      });
  const path = await latestRunFolder(given);
  const run = await readRun(path);
  const calibration = calibrationOf(context);
  const folder = openResultsFolder(path);
  const capacity = await renderAgain(async () => {
    await writeReports(folder, run);
    return writeCapacityReport(path, capacityOfRun(path, run, calibration));
  }, path);
  context.stdout(
    context.options.json === true
      ? `${JSON.stringify(run, null, 2)}\n`
      : `${renderText(run)}\nreport  ${folder.pathOf('html')}\ncapacity  ${capacity}\n`,
  );
}

/** Files of a run are plain JSON that anybody can edit: what cannot be rendered is damaged, not a defect of ours. */
async function renderAgain<T>(render: () => Promise<T>, path: string): Promise<T> {
  try {
    return await render();
  } catch (cause) {
    if (cause instanceof HeadroomError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new HeadroomError('FILE_UNREADABLE', `${path} cannot be rendered: ${reason}`, {
      hint: 'one of its JSON files is damaged; restore it, or run prove again',
      cause,
    });
  }
}
