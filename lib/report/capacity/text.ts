/** The first page of the capacity report for the console. */
import { renderTable } from '../../plan/table.ts';
import { keyFigures, risksShown, states } from './summary-section.ts';
import type { CapacityReport } from './types.ts';

/** Ends without a line break: the caller adds where the report is. */
export function renderCapacityText({ useCase, summary }: CapacityReport): string {
  const left = summary.risks.length - risksShown;
  return [
    `${useCase}: ${states[summary.state].word}`,
    `  ${summary.verdict}`,
    ...renderTable(keyFigures(summary).map(([label, figure, words]) => [`  ${label}`, figure, words])),
    ...summary.risks.slice(0, risksShown).map(({ risk }) => `  risk  ${risk}`),
    ...(left > 0 ? [`        ${left} more in the report`] : []),
  ].join('\n');
}
