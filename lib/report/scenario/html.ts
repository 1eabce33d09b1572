/** A scenario as one HTML file: the answer first, then what it rests on. */
import type { ExperimentResult } from '../../experiment/result.ts';
import type { ScenarioCell, ScenarioResult, ScenarioTable } from '../../experiment/scenario-result.ts';
import { effectChart } from '../charts/effect.ts';
import { heatmapChart } from '../charts/heatmap.ts';
import { paretoChart } from '../charts/pareto.ts';
import { htmlDocument } from '../document.ts';
import { type Markup, markup } from '../markup.ts';
import { pair } from '../sections/pair.ts';
import { table } from '../sections/table.ts';
import { answerText, cellText, placeText, questionText, repeatText } from './words.ts';

/** `experiment`: the grid behind the table of the load; null for a scenario that is a trial alone. */
export function renderScenarioHtml(result: ScenarioResult, experiment: ExperimentResult | null): string {
  const { useCase, question, method, tables, notes } = result;
  return htmlDocument({
    title: `${useCase}: ${question}`,
    kind: 'Headroom scenario',
    heading: questionText(result),
    lead: useCase,
    facts: placeText(result),
    body: markup`<section>
<h2>Answer</h2>
<p><strong>${answerText(result)}</strong></p>
</section>
<section>
<h2>Method</h2>
<p>${method}</p>
</section>
${tables.map(tableSection)}${experiment === null ? null : charts(experiment)}${remarks(notes)}`,
    footer: `${repeatText(result)}. The same figures for programs: scenario.json beside this page.`,
  });
}

function tableSection({ title, columns, rows }: ScenarioTable): Markup {
  const isNumber = (index: number): boolean => rows.some((row) => typeof row[index] === 'number');
  return markup`<section>
<h2>${title}</h2>
${table<readonly ScenarioCell[]>(
  title,
  columns.map((name, index) => ({
    name,
    ...(isNumber(index) ? { kind: 'number' as const } : {}),
    cell: (row) => cellText(row[index] ?? null),
  })),
  rows,
)}
</section>
`;
}

function charts(experiment: ExperimentResult): Markup {
  const drawn = pair([effectChart(experiment), paretoChart(experiment), heatmapChart(experiment)]);
  return drawn === null
    ? markup``
    : markup`<section>
<h2>Pictures</h2>
${drawn}</section>
`;
}

function remarks(notes: readonly string[]): Markup | null {
  if (notes.length === 0) return null;
  return markup`<section>
<h2>Notes</h2>
<ul>${notes.map((note) => markup`<li>${note}</li>`)}</ul>
</section>
`;
}
