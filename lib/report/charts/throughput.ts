/** What was offered, what the cluster acknowledged and what the groups received, each second. */
import type { PhaseMeasurement } from '../../measurement/types.ts';
import { formatCount, formatRate } from '../../units.ts';
import type { Chart } from './draw.ts';
import { axis, grid, line } from './parts.ts';
import { overSeconds, secondsAxis } from './seconds.ts';

/** A second may begin or end beside a slot, and at random arrivals a little more. */
const steadyShare = 0.1;
const steadyRecords = 2;

export function throughputChart({ phase, series }: PhaseMeasurement): Chart | null {
  if (series.length === 0) return null;
  const mean = (figure: 'offered' | 'acknowledged' | 'received'): string =>
    formatRate(series.reduce((sum, point) => sum + point[figure], 0) / series.length);
  return {
    id: `throughput-${phase}`,
    title: `Throughput at the ${phase} rate`,
    description: `On average ${mean('offered')} offered${rangeText(series)}, ${mean('acknowledged')} acknowledged, ${mean('received')} received by all groups together.`,
    legend: [
      { text: 'offered', color: 'neutral', stroke: 'dotted' },
      { text: 'acknowledged', color: 'publish', stroke: 'solid' },
      { text: 'received, all groups', color: 'endToEnd', stroke: 'dashed' },
    ],
    caption: '',
    option: () => ({
      grid: grid(),
      xAxis: secondsAxis(series),
      yAxis: axis({ type: 'value', min: 0, splitNumber: 4, format: (rate) => `${formatCount(rate)}/s` }),
      series: [
        line({ color: 'endToEnd', stroke: 'dashed', points: overSeconds(series, 'received') }),
        line({ color: 'publish', stroke: 'solid', points: overSeconds(series, 'acknowledged') }),
        line({ color: 'neutral', stroke: 'dotted', points: overSeconds(series, 'offered') }),
      ],
    }),
  };
}

/** Where what was offered was not the same in each second, as along a curve. */
function rangeText(series: PhaseMeasurement['series']): string {
  const offered = series.map((point) => point.offered);
  const [low, high] = [Math.min(...offered), Math.max(...offered)];
  return high - low <= Math.max(steadyRecords, steadyShare * high)
    ? ''
    : ` (${formatRate(low)} to ${formatRate(high)})`;
}
