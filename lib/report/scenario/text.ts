/** A scenario for the console. Ends without a line break. */
import type { ScenarioResult } from '../../experiment/scenario-result.ts';
import { renderTable } from '../../plan/table.ts';
import { answerText, cellText, placeText } from './words.ts';

export function renderScenarioText(result: ScenarioResult): string {
  const { useCase, question, tables, notes } = result;
  return [
    `${useCase}: ${question}`,
    `  ${placeText(result)}`,
    '',
    ...tables.flatMap(({ title, columns, rows }) => [
      title,
      ...renderTable([columns, ...rows.map((row) => row.map(cellText))]),
      '',
    ]),
    ...(notes.length === 0 ? [] : ['notes:', ...notes.map((note) => `  ${note}`), '']),
    answerText(result),
  ].join('\n');
}
