/** An experiment for the console. */
import type { ExperimentResult } from '../../experiment/result.ts';
import type { CellSummary, Figure } from '../../experiment/types.ts';
import { renderTable } from '../../plan/table.ts';
import { answerLines, columnName, effectSentences, methodText, valueText } from './words.ts';

/** What fits a terminal; the rest is in the report. */
const shown: readonly Figure[] = [
  'recordsPerSec',
  'publishP50Ms',
  'publishP99Ms',
  'endToEndP99Ms',
  'clientCpuMicrosPerRecord',
  'brokerCpuMicrosPerRecord',
  'wireBytesPerRecord',
  'lostRecords',
];

/** Ends without a line break. */
export function renderExperimentText(result: ExperimentResult): string {
  const { useCase, question, analysis, refused, notes } = result;
  const doubts = analysis.cells.flatMap(({ id, doubts: reasons }) => reasons.map((reason) => `${id}: ${reason}`));
  return [
    `${useCase}: ${question}`,
    `  ${methodText(result)}`,
    '',
    ...renderTable([
      ['setting', 'promise', 'repeats', ...shown.map(columnName)],
      ...analysis.cells.map((cell) => row(cell, analysis.pareto.includes(cell.id))),
    ]),
    '',
    ...effectSentences(result),
    ...block(
      'not run',
      refused.map(({ id, reason }) => `${id}: ${reason}`),
    ),
    ...block('repeats left out', doubts),
    ...block('notes', notes),
    '',
    ...answerLines(result),
  ].join('\n');
}

function row({ id, promise, repeats, figures }: CellSummary, isBest: boolean): readonly string[] {
  const values = shown.map((figure) => {
    const interval = figures[figure];
    return interval === null ? '-' : valueText(interval.median);
  });
  return [isBest ? `${id} *` : id, promise, String(repeats), ...values];
}

function block(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', `${title}:`, ...lines.map((line) => `  ${line}`)];
}
