/** `headroom report`: renders a finished run again, from its folder alone. */
import { resolve } from 'node:path';
import { openResultsFolder } from '../../bench/results.ts';
import { exitCodes, HeadroomError } from '../../lib/errors.ts';
import { renderText } from '../../lib/report/text.ts';
import type { Command } from '../command.ts';
import { writeReports } from '../judge-run.ts';
import { latestRunFolder, readRun } from '../read-run.ts';

export const command: Command = {
  name: 'report',
  arguments: 'DIR',
  minArguments: 1,
  maxArguments: 1,
  summary: 'render the report of a finished run again, from its folder alone',
  options: {
    json: { type: 'boolean', description: 'print the run as JSON: plan, environment, measurement and verdict' },
  },
  notes: [
    'DIR is the folder of a run, or of a use case, whose latest run is taken.',
    'Nothing is judged anew: the verdict is the one in the folder. Exits 0 whatever it says, 64 when the folder is not a run.',
  ].join('\n'),
  examples: ['headroom report results/course-events'],
  async run({ positionals, options, stdout, cwd }) {
    const path = await latestRunFolder(resolve(cwd, positionals[0] ?? ''));
    const run = await readRun(path);
    const folder = openResultsFolder(path);
    await renderAgain(() => writeReports(folder, run), path);
    stdout(
      options.json === true
        ? `${JSON.stringify(run, null, 2)}\n`
        : `${renderText(run)}\nreport  ${folder.pathOf('html')}\n`,
    );
    return exitCodes.met;
  },
};

/** Files of a run are plain JSON that anybody can edit: what cannot be rendered is damaged, not a defect of ours. */
async function renderAgain(render: () => Promise<void>, path: string): Promise<void> {
  try {
    await render();
  } catch (cause) {
    if (cause instanceof HeadroomError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new HeadroomError('FILE_UNREADABLE', `${path} cannot be rendered: ${reason}`, {
      hint: 'one of its JSON files is damaged; restore it, or run prove again',
      cause,
    });
  }
}
