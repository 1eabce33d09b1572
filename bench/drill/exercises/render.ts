/** What was done of each page, as Markdown: the whole report, and what stands in the page itself. */
import { standIns } from './broker-host.ts';
import type { ExercisedBlock, ExerciseResult } from './exercise.ts';
import type { ExerciseReport } from './run-exercises.ts';

export function renderExercises(report: ExerciseReport): string {
  const { pages } = report;
  const met = pages.filter(({ outcome }) => outcome === 'met');
  return [
    '# Exercises of the runbooks',
    '',
    `Written by \`headroom faults exercise\`, ${datesOf(pages)}; do not edit.`,
    '',
    `${met.length} of ${pages.length} pages met: their blocks were run on a cluster under load, what they should bring about was asked of the`,
    'cluster itself, and afterwards it was whole and no acknowledged record was lost.',
    `Kafka ${report.kafkaVersion}, ${report.brokers} brokers, ${report.ratePerSec} records/s, ${report.machine}; ${report.minutes} minutes.`,
    `${standIns[0]?.toUpperCase()}${standIns.slice(1)}.`,
    '',
    '| Page | Outcome | Fault | Blocks run | Effects seen | Not done here |',
    '| --- | --- | --- | ---: | ---: | ---: |',
    ...pages.map((each) => {
      const ran = each.blocks.filter(isRun).length;
      const seen = each.blocks.filter(({ effect }) => effect !== null).length;
      const cells = [each.fault ?? '-', ran, seen, each.blocks.length - ran];
      return `| [${each.page}](../../runbooks/${each.page}.md) | ${each.outcome === 'met' ? 'met' : 'not met'} | ${cells.join(' | ')} |`;
    }),
    '',
    ...pages
      .filter(({ reasons }) => reasons.length > 0)
      .flatMap(({ page, reasons }) => reasons.map((reason) => `- ${page}, not as it should be: ${reason}`)),
    '',
  ]
    .join('\n')
    .replace(/\n+$/, '\n');
}

/** For the page: date, what was run, what it brought about, what was not done and why. */
export function exercisedText({ at, fault, outcome, reasons, blocks }: ExerciseResult, report: ExerciseReport): string {
  const where = `on a local cluster of ${report.brokers} brokers under load, Kafka ${report.kafkaVersion}`;
  const during = fault === null ? '' : ` Fault: \`${fault}\`.`;
  const result =
    outcome === 'met' ? 'Done, afterwards the cluster was whole and nothing lost.' : `Not met: ${reasons.join('; ')}.`;
  const skipped = [...new Set(blocks.filter((each) => !isRun(each)).map(({ note }) => note))];
  return [
    `${at.slice(0, 10)}, ${where}.${during} ${result}`,
    '',
    ...blocks.filter(isRun).map(({ heading, exitCode, effect }) => {
      return `- ${heading}: run, exit code ${exitCode}${effect === null ? '' : `; ${effect}`}.`;
    }),
    ...skipped.map((reason) => {
      const headings = blocks.filter((each) => !isRun(each) && each.note === reason).map(({ heading }) => heading);
      return `- Not run here, ${reason}: ${headings.join('; ')}.`;
    }),
  ].join('\n');
}

function datesOf(pages: readonly ExerciseResult[]): string {
  const days = pages.map(({ at }) => at.slice(0, 10)).toSorted();
  return days[0] === days.at(-1) ? `on ${days[0]}` : `from ${days[0]} to ${days.at(-1)}`;
}

function isRun({ exitCode }: ExercisedBlock): boolean {
  return exitCode !== null;
}
