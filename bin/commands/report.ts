/** `headroom report`: renders a finished run again, from its folder alone. */
import { resolve } from 'node:path';
import { openResultsFolder } from '../../bench/results.ts';
import { exitCodes } from '../../lib/errors.ts';
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
    'Nothing is judged anew: the verdict is the one in the folder.',
  ].join('\n'),
  examples: ['headroom report results/course-events'],
  async run({ positionals, options, stdout, cwd }) {
    const path = await latestRunFolder(resolve(cwd, positionals[0] ?? ''));
    const run = await readRun(path);
    const folder = openResultsFolder(path);
    await writeReports(folder, run);
    stdout(
      options.json === true
        ? `${JSON.stringify(run, null, 2)}\n`
        : `${renderText(run)}\nreport  ${folder.pathOf('html')}\n`,
    );
    return exitCodes.met;
  },
};
