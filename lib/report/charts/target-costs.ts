/** What the use case costs a month on every target that can carry it and has prices. */
import type { TargetOption } from '../../plan/compare.ts';
import { formatCount } from '../../units.ts';
import type { Chart } from './draw.ts';
import { axis, bar, grid } from './parts.ts';

const rowPx = 28;

/** Null when fewer than two can be compared. */
export function targetCostsChart(targets: readonly TargetOption[]): Chart | null {
  const priced = targets
    .flatMap(({ name, chosen, monthlyUsd }) => (chosen === null || monthlyUsd === null ? [] : [{ name, monthlyUsd }]))
    .sort((a, b) => a.monthlyUsd - b.monthlyUsd);
  if (priced.length < 2) return null;
  const usd = (amount: number): string => `${formatCount(Math.round(amount))} USD`;
  return {
    id: 'target-costs',
    title: 'Cost a month on each target',
    description: priced.map(({ name, monthlyUsd }) => `${name}: ${usd(monthlyUsd)}.`).join(' '),
    legend: [],
    caption: 'The smallest cluster that holds, at list prices. Work of your own people is in none of these figures.',
    heightPx: priced.length * rowPx + 52,
    option: ({ name }) => ({
      grid: { ...grid(name === 'wide' ? 112 : 108), right: 78 },
      xAxis: axis({ type: 'value', min: 0, splitNumber: name === 'wide' ? 4 : 2, format: formatCount }),
      yAxis: { ...axis({ type: 'category', data: priced.map((row) => row.name), format: String }), inverse: true },
      series: [bar({ color: 'publish', values: priced.map((row) => row.monthlyUsd), label: usd, widthPx: 16 })],
    }),
  };
}
