/** Storage required over the months to come, by the growth the use case states. */
import type { GrowthMonth } from '../../plan/types.ts';
import { formatBytes } from '../../units.ts';
import type { Chart } from './draw.ts';
import { axis, grid, line } from './parts.ts';

/** Null when nothing grows. */
export function growthChart(growth: readonly GrowthMonth[]): Chart | null {
  const first = growth[0];
  const last = growth.at(-1);
  if (first === undefined || last === undefined || last.requiredBytes === first.requiredBytes) return null;
  return {
    id: 'growth',
    title: 'Storage required in the months to come',
    description: `${formatBytes(first.requiredBytes)} today, ${formatBytes(last.requiredBytes)} in month ${last.month}.`,
    legend: [{ text: 'required = retained + buffer', color: 'publish', stroke: 'solid' }],
    caption: '',
    option: () => ({
      grid: grid(70),
      xAxis: axis({
        type: 'value',
        min: 0,
        max: last.month,
        interval: 12,
        format: (month) => (month === 0 ? 'today' : `month ${month}`),
      }),
      yAxis: axis({ type: 'value', min: 0, splitNumber: 4, format: formatBytes }),
      series: [
        line({
          color: 'publish',
          stroke: 'solid',
          points: growth.map(({ month, requiredBytes }) => [month, requiredBytes] as const),
        }),
      ],
    }),
  };
}
