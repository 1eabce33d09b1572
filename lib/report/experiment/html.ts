/** An experiment as one HTML file: the answer first, then what it rests on. */
import { figures } from '../../experiment/analyse.ts';
import type { ExperimentResult } from '../../experiment/result.ts';
import type { CellSummary, Comparison } from '../../experiment/types.ts';
import { effectChart } from '../charts/effect.ts';
import { heatmapChart } from '../charts/heatmap.ts';
import { paretoChart } from '../charts/pareto.ts';
import { htmlDocument } from '../document.ts';
import { type Markup, markup } from '../markup.ts';
import { pair } from '../sections/pair.ts';
import { table } from '../sections/table.ts';
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

export function renderExperimentHtml(result: ExperimentResult): string {
  const { useCase, question, environment } = result;
  return htmlDocument({
    title: `${useCase}: ${question}`,
    kind: 'Headroom experiment',
    heading: question,
    lead: useCase,
    facts: methodText(result),
    body: markup`${answerSection(result)}${chartSection(result)}${cellSection(result)}${effectSection(result)}${remarks(result)}`,
    footer: `${environment.commandLine.join(' ')} --seed ${environment.seed}. The same figures for programs: experiment.json beside this page.`,
  });
}

function answerSection(result: ExperimentResult): Markup {
  const [answer = '', ...cheaper] = answerLines(result);
  return markup`<section>
<h2>Answer</h2>
<p><strong>${answer}</strong></p>
${list(cheaper)}${list(effectSentences(result))}
</section>
`;
}

function chartSection(result: ExperimentResult): Markup {
  const charts = [effectChart(result), paretoChart(result), heatmapChart(result)];
  return charts.every((chart) => chart === null)
    ? markup``
    : markup`<section>
<h2>Pictures</h2>
${pair(charts)}</section>
`;
}

function cellSection(result: ExperimentResult): Markup {
  const { analysis } = result;
  return markup`<section>
<h2>Measured</h2>
${table<CellSummary>(
  'Cells',
  [
    { name: 'setting', cell: ({ id }) => (analysis.pareto.includes(id) ? markup`<strong>${id}</strong>` : id) },
    { name: 'promise', cell: ({ promise }) => promise },
    { name: 'repeats', kind: 'number', cell: ({ repeats }) => String(repeats) },
    ...measuredFigures(result).map((name) => ({
      name: columnName(name),
      kind: 'number' as const,
      cell: ({ figures: found }: CellSummary) => intervalText(found[name]),
    })),
  ],
  analysis.cells,
)}
<p class="caption">Bold: no other setting beats it in publish p99, rate and promise.</p>
</section>
`;
}

function effectSection({ analysis }: ExperimentResult): Markup {
  const shown = analysis.comparisons.filter(({ ratio }) => ratio !== null);
  return markup`<section>
<h2>Effects</h2>
${table<Comparison>(
  'Effects',
  [
    { name: 'setting', cell: ({ factor, value, against }) => `${factor}=${value} against ${against}` },
    { name: 'figure', cell: ({ figure: name }) => figures[name].name },
    { name: 'ratio', kind: 'number', cell: ratioText },
    { name: 'found', cell: ({ outcome }) => outcomeText[outcome] },
  ],
  shown,
)}
</section>
`;
}

function remarks({ refused, notes, analysis }: ExperimentResult): Markup {
  const doubts = analysis.cells.flatMap(({ id, doubts: reasons }) => reasons.map((reason) => `${id}: ${reason}`));
  const parts = [
    { title: 'Not run', lines: refused.map(({ id, reason }) => `${id}: ${reason}`) },
    { title: 'Repeats left out', lines: doubts },
    { title: 'Notes', lines: notes },
  ].filter(({ lines }) => lines.length > 0);
  return markup`${parts.map(({ title, lines }) => markup`<section><h2>${title}</h2>${list(lines)}</section>`)}`;
}

function list(lines: readonly string[]): Markup | null {
  return lines.length === 0 ? null : markup`<ul>${lines.map((line) => markup`<li>${line}</li>`)}</ul>`;
}
