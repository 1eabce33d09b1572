/** A scenario as Markdown: the page of docs/experiments, or for a ticket. */
import type { ScenarioResult } from '../../experiment/scenario-result.ts';
import { table } from '../markdown-parts.ts';
import { answerText, cellText, placeText, questionText, repeatText } from './words.ts';

export function renderScenarioMarkdown(result: ScenarioResult): string {
  const { method, tables, notes } = result;
  return [
    `# ${questionText(result)}`,
    '',
    `**${answerText(result)}**`,
    '',
    method,
    '',
    ...tables.flatMap(({ title, columns, rows }) => [
      `## ${title}`,
      '',
      ...table(
        columns,
        rows.map((row) => row.map(cellText)),
      ),
      '',
    ]),
    `Measured ${placeText(result)}`,
    ...(notes.length === 0 ? [] : ['', ...notes.map((note) => `- ${note}`)]),
    '',
    '## Repeat it',
    '',
    '```',
    repeatText(result),
    '```',
    '',
  ].join('\n');
}
