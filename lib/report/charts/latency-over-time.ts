/** Whether latency stayed where it was: p50 and p99 of every second. */
import type { PhaseMeasurement, SeriesPoint } from '../../measurement/types.ts';
import type { Plan } from '../../plan/types.ts';
import { formatDurationMs } from '../../units.ts';
import type { Chart } from './draw.ts';
import { axis, bounds, decades, grid, line, type Point } from './parts.ts';
import { latencyBounds } from './percentiles.ts';
import { secondsAxis } from './seconds.ts';

type Figure = 'publishP50Ms' | 'publishP99Ms' | 'endToEndP50Ms' | 'endToEndP99Ms';

export function latencyOverTimeChart(phase: PhaseMeasurement, slo: Plan['slo'], span: readonly number[]): Chart | null {
  const { series } = phase;
  if (series.length === 0) return null;
  const limits = latencyBounds(slo);
  return {
    id: `latency-${phase.phase}`,
    title: `Second by second at the ${phase.phase} rate`,
    description: `Publish p99 between ${range(series, 'publishP99Ms')}, end to end p99 between ${range(series, 'endToEndP99Ms')}, over ${series.length} seconds.`,
    legend: [
      { text: 'publish p99', color: 'publish', stroke: 'solid' },
      { text: 'publish p50', color: 'publish', stroke: 'dotted' },
      { text: 'end to end p99', color: 'endToEnd', stroke: 'dashed' },
      { text: 'end to end p50', color: 'endToEnd', stroke: 'dotted' },
    ],
    caption: '',
    option: () => ({
      grid: grid(),
      xAxis: secondsAxis(series),
      yAxis: axis({
        type: 'log',
        ...decades([...span, ...limits.map(({ value }) => value)]),
        format: formatDurationMs,
      }),
      series: [
        line({
          color: 'publish',
          stroke: 'solid',
          points: pointsOf(series, 'publishP99Ms'),
          symbols: true,
          marks: bounds(limits),
        }),
        line({ color: 'publish', stroke: 'dotted', points: pointsOf(series, 'publishP50Ms'), width: 1.6 }),
        line({ color: 'endToEnd', stroke: 'dashed', points: pointsOf(series, 'endToEndP99Ms'), symbols: true }),
        line({ color: 'endToEnd', stroke: 'dotted', points: pointsOf(series, 'endToEndP50Ms'), width: 1.6 }),
      ],
    }),
  };
}

function pointsOf(series: readonly SeriesPoint[], figure: Figure): readonly Point[] {
  return series.flatMap((point) => {
    const ms = point[figure];
    return ms === null ? [] : [[point.second, Math.max(ms, 0.001)] as const];
  });
}

function range(series: readonly SeriesPoint[], figure: Figure): string {
  const values = pointsOf(series, figure).map(([, ms]) => ms);
  if (values.length === 0) return 'no samples';
  return `${formatDurationMs(Math.min(...values))} and ${formatDurationMs(Math.max(...values))}`;
}
