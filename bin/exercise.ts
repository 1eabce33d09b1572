/** `headroom faults exercise`: does what the runbook pages say on a local cluster. */
import { join } from 'node:path';
import { renderExercises } from '../bench/drill/exercises/render.ts';
import {
  type ExerciseReport,
  exercises,
  mergeExercises,
  runExercises,
} from '../bench/drill/exercises/run-exercises.ts';
import { packageRoot } from '../bench/package-root.ts';
import { type ExitCode, HeadroomError } from '../lib/errors.ts';
import { nearest } from '../lib/nearest.ts';
import type { CommandContext } from './command.ts';
import { defaultDivisor, earlierReport, onOwnCluster, pagesFolder, type Written } from './drill-cluster.ts';
import { pagesIn, writeExercises } from './exercise-pages.ts';

export async function exercise(context: CommandContext): Promise<ExitCode> {
  const pages = pagesFolder(context) ?? join(packageRoot, 'runbooks');
  const only = chosenPages(context);
  const earlier = only === null ? null : earlierReport<ExerciseReport>(context, 'exercises');
  return await onOwnCluster(context, 'exercises', async (world, save) => {
    const told = async (report: ExerciseReport): Promise<Written> => {
      if (context.options.runbooks !== undefined) writeExercises(pages, report);
      const whole = earlier === null ? report : mergeExercises(earlier, report);
      const written = { report: whole, markdown: renderExercises(whole) };
      await save(written);
      return written;
    };
    const report = await runExercises({
      ...{ ...world, timeDivisor: defaultDivisor },
      ...(only === null ? {} : { only }),
      ...pagesIn(pages, context.signal),
      onResult: async (soFar) => {
        const last = soFar.pages.at(-1);
        if (last !== undefined) context.stderr(`${[`${last.page}: ${last.outcome}`, ...last.reasons].join('; ')}\n`);
        await told(soFar);
      },
    });
    return await told(report);
  });
}

function chosenPages(context: CommandContext): readonly string[] | null {
  const named = context.options.page;
  if (!Array.isArray(named)) return null;
  const known = exercises.map(({ page }) => page);
  return named.map((each: string) => {
    if (known.includes(each)) return each;
    const close = nearest(each, known);
    throw new HeadroomError(
      'USAGE',
      `--page: no page to exercise is called "${each}"${close === null ? '' : `, did you mean ${close}?`}`,
      { hint: 'runbooks/README.md lists the pages; the rolling restart has a command of its own' },
    );
  });
}
