/** An experiment as Markdown: for a page in a repository or a ticket. */

import { figures } from '../../experiment/analyse.ts';
import type { ExperimentResult } from '../../experiment/result.ts';
import type { Comparison } from '../../experiment/types.ts';
import {
  answerLines,
  columnName,
  effectSentences,
  intervalText,
  measuredFigures,
  methodText,
  outcomeText,
  ratioText,
} from './words.ts';

export function renderExperimentMarkdown(result: ExperimentResult): string {
  const { useCase, question, analysis, refused, notes, environment } = result;
  const columns = measuredFigures(result);
  return [
    `# ${useCase}: ${question}`,
    '',
    ...answerLines(result).map((line) => `- ${line}`),
    '',
    methodText(result),
    '',
    '## Measured',
    '',
    ...table(
      ['setting', 'promise', 'repeats', ...columns.map(columnName)],
      analysis.cells.map(({ id, promise, repeats, figures: found }) => [
        analysis.pareto.includes(id) ? `**${id}**` : id,
        promise,
        String(repeats),
        ...columns.map((figure) => intervalText(found[figure])),
      ]),
    ),
    '',
    'In bold: settings that no other beats in publish p99, rate and promise.',
    '',
    '## Effects',
    '',
    ...effectSentences(result).map((sentence) => `- ${sentence}`),
    '',
    ...table(['setting', 'figure', 'ratio', 'found'], effectRows(analysis.comparisons)),
    ...section(
      'Not run',
      refused.map(({ id, reason }) => `${id}: ${reason}`),
    ),
    ...section(
      'Repeats left out',
      analysis.cells.flatMap(({ id, doubts }) => doubts.map((doubt) => `${id}: ${doubt}`)),
    ),
    ...section('Notes', notes),
    '',
    '## Repeat it',
    '',
    `\`${environment.commandLine.join(' ')} --seed ${environment.seed}\`, measured ${environment.startedAt.slice(0, 10)} on ${environment.host.cpus} x ${environment.host.cpuModel}, ${environment.host.os}.`,
    '',
  ].join('\n');
}

export function effectRows(comparisons: readonly Comparison[]): readonly (readonly string[])[] {
  return comparisons
    .filter(({ ratio }) => ratio !== null)
    .map((found) => [
      `${found.factor}=${found.value} against ${found.against}`,
      figures[found.figure].name,
      ratioText(found),
      outcomeText[found.outcome],
    ]);
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', `## ${title}`, '', ...lines.map((line) => `- ${oneLine(line)}`)];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const line = (cells: readonly string[]): string => `| ${cells.map(oneLine).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}

function oneLine(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
