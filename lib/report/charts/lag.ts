/** Records acknowledged and not yet received, summed over the groups, at the end of each second. */
import type { PhaseMeasurement } from '../../measurement/types.ts';
import { formatCount } from '../../units.ts';
import type { Chart } from './draw.ts';
import { axis, bounds, grid, line } from './parts.ts';
import { overSeconds, secondsAxis } from './seconds.ts';

/** A bound further away than this would press the curve flat. */
const boundShownUpTo = 5;

export function lagChart({ phase, series }: PhaseMeasurement, boundRecords: number | null): Chart | null {
  if (series.length === 0) return null;
  const highest = Math.max(...series.map(({ lag }) => lag));
  const isShown = boundRecords !== null && boundRecords <= Math.max(10, highest * boundShownUpTo);
  const top = Math.max(10, highest, isShown ? boundRecords : 0);
  return {
    id: `lag-${phase}`,
    title: `Consumer lag at the ${phase} rate`,
    description: `The highest lag at the end of a second was ${formatCount(highest)} records.`,
    legend: [{ text: 'lag, sum over the groups', color: 'endToEnd', stroke: 'solid' }],
    caption:
      boundRecords === null || isShown
        ? ''
        : `The bound of ${formatCount(boundRecords)} records is far above this chart.`,
    option: () => ({
      grid: grid(),
      xAxis: secondsAxis(series),
      yAxis: axis({ type: 'value', min: 0, max: Math.ceil((top * 1.15) / 5) * 5, splitNumber: 4, format: formatCount }),
      series: [
        line({
          color: 'endToEnd',
          stroke: 'solid',
          points: overSeconds(series, 'lag'),
          symbols: true,
          marks: isShown ? bounds([{ value: boundRecords, text: `lag ≤ ${formatCount(boundRecords)}` }]) : {},
        }),
      ],
    }),
  };
}
