import { type Chart, figure } from '../charts/draw.ts';
import { type Markup, markup } from '../markup.ts';

/** A single chart with what there is to say about it at its side. */
export function beside(chart: Chart | null, words: Markup): Markup {
  return chart === null ? words : markup`<div class="pair">${figure(chart)}<div>${words}</div></div>`;
}

/** Charts side by side, below each other on narrow pages; those without data are left out. */
export function pair(charts: readonly (Chart | null)[]): Markup | null {
  const drawn = charts.filter((chart) => chart !== null);
  return drawn.length === 0 ? null : markup`<div class="pair">${drawn.map(figure)}</div>`;
}
