import { type Chart, figure } from '../charts/draw.ts';
import { type Markup, markup } from '../markup.ts';

/** Charts side by side, below each other on narrow pages; those without data are left out. */
export function pair(charts: readonly (Chart | null)[]): Markup | null {
  const drawn = charts.filter((chart) => chart !== null);
  return drawn.length === 0 ? null : markup`<div class="pair">${drawn.map(figure)}</div>`;
}
