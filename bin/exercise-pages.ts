/** Runbook pages in an exercise: their blocks, and what the pages are told of it. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { typedFile } from '../bench/drill/exercises/exercise.ts';
import { exercisedText } from '../bench/drill/exercises/render.ts';
import type { ExerciseReport, ExercisesOptions } from '../bench/drill/exercises/run-exercises.ts';
import { type RunnableBlock, runBlock } from '../bench/drill/run-blocks.ts';
import { subjects } from '../lib/runbooks/generated.ts';
import { region, withRegion } from '../lib/runbooks/page.ts';
import { blocksOf, namesIn } from './drill-pages.ts';

/** What an exercise has to know of pages. */
export function pagesIn(
  dir: string,
  signal: AbortSignal,
): Pick<ExercisesOptions, 'blocksOf' | 'ownNames' | 'runBlock'> {
  return {
    blocksOf: (page) => exercisedBlocks(dir, page),
    ownNames: async (world) => ({ ...(await namesIn(world)) }),
    runBlock: async (block, values, path) =>
      await runBlock(block, { values, dir: { path, typed: join(path, typedFile) }, signal }),
  };
}

/** All of a procedure; of an alert's page what it tells to do, and its checks unless a drill ran them while it fired. */
function exercisedBlocks(dir: string, id: string): readonly RunnableBlock[] {
  const subject = subjects.get(id);
  const all = blocksOf(dir, id, 'all', 'withHost');
  if (subject === undefined || 'procedure' in subject) return all;
  const isChecked = /^- Check, .*: run/m.test(drillRegion(dir, id));
  return all.filter(({ heading }) => heading.startsWith('Act, ') || !isChecked);
}

/** Writes into each page what was done with it. */
export function writeExercises(dir: string, report: ExerciseReport): void {
  for (const result of report.pages) {
    const path = join(dir, `${result.page}.md`);
    if (!existsSync(path)) continue;
    const text = exercisedText(result, report);
    const page = readFileSync(path, 'utf8');
    writeFileSync(
      path,
      result.page.startsWith('procedure-') ? withRegion(page, 'drill', text) : withExercise(page, text),
    );
  }
}

/** Beside what the drill of the alert wrote. */
function withExercise(page: string, text: string): string {
  const drill = '<!-- /drill -->';
  const start = page.includes('<!-- exercise -->')
    ? page
    : page.replace(drill, `${drill}\n\n${region('exercise', '')}`);
  return withRegion(start, 'exercise', text);
}

function drillRegion(dir: string, id: string): string {
  const page = readFileSync(join(dir, `${id}.md`), 'utf8');
  return page.slice(page.indexOf('<!-- drill -->'), page.indexOf('<!-- /drill -->'));
}
