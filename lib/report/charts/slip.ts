/** How late the generator itself sent: p99 of actual send - slot, each second. It is part of every latency shown. */
import type { PhaseMeasurement } from '../../measurement/types.ts';
import { formatDurationMs } from '../../units.ts';
import type { Chart } from './draw.ts';
import { axis, grid, line } from './parts.ts';
import { overSeconds, secondsAxis } from './seconds.ts';

export function slipChart({ phase, series, generator }: PhaseMeasurement): Chart | null {
  const points = overSeconds(series, 'slipP99Ms');
  if (points.length === 0) return null;
  const highest = Math.max(...points.map(([, ms]) => ms));
  return {
    id: `slip-${phase}`,
    title: `Slip at the ${phase} rate`,
    description: `The p99 of the generator's own lateness was at most ${formatDurationMs(highest)} in any second${generator.slipP99Ms === null ? '' : `, ${formatDurationMs(generator.slipP99Ms)} over the phase`}.`,
    legend: [{ text: 'slip p99 of the generator', color: 'neutral', stroke: 'solid' }],
    caption: '',
    option: () => ({
      grid: grid(),
      xAxis: secondsAxis(series),
      yAxis: axis({ type: 'value', min: 0, splitNumber: 4, format: formatDurationMs }),
      series: [line({ color: 'neutral', stroke: 'solid', points, symbols: true })],
    }),
  };
}
