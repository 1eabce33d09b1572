/** Publish p99 of each mode: the median of the repeats with its bootstrap interval, and every repeat as a dot. */
import type { TradeOffMeasurement } from '../../measurement/types.ts';
import { formatDurationMs, formatPercent, formatRate } from '../../units.ts';
import { modeName } from '../summary.ts';
import type { Chart } from './draw.ts';
import { palette } from './palette.ts';
import { axis, grid, labelled, line } from './parts.ts';

export function tradeOffChart({ rows, ratePerSec }: TradeOffMeasurement): Chart | null {
  const shown = rows.flatMap((row) => (row.p99Ms === null ? [] : [{ ...row, interval: row.p99Ms }]));
  const [first] = shown;
  if (first === undefined) return null;
  const all = shown.flatMap(({ repeats }) => repeats.flatMap(({ p99Ms }) => (p99Ms === null ? [] : [p99Ms])));
  const names = shown.map(modeName);
  return {
    id: 'trade-off',
    title: `Publish p99 by acks at ${formatRate(ratePerSec)}`,
    description: shown
      .map(
        ({ interval, ...row }) =>
          `acks=${modeName(row)}: ${formatDurationMs(interval.median)}, between ${formatDurationMs(interval.low)} and ${formatDurationMs(interval.high)}.`,
      )
      .join(' '),
    legend: [
      { text: 'median of the repeats', color: 'publish', stroke: 'dot' },
      { text: `${formatPercent(first.interval.confidence)} interval`, color: 'band', stroke: 'band' },
      { text: 'one repeat', color: 'neutral', stroke: 'dot' },
    ],
    caption: 'Intervals that overlap cannot be told apart by this run.',
    option: ({ name }) => ({
      grid: { ...grid(name === 'wide' ? 116 : 112), right: 30 },
      xAxis: axis({ type: 'value', min: 0, max: Math.max(...all) * 1.15, splitNumber: 4, format: formatDurationMs }),
      yAxis: { ...axis({ type: 'category', data: names, format: String }), inverse: true },
      series: shown.flatMap(({ interval, repeats }, row) => [
        {
          ...line({
            color: 'band',
            stroke: 'solid',
            width: 16,
            points: [
              [interval.low, row],
              [interval.high, row],
            ],
          }),
          lineStyle: { color: palette.band, width: 16, cap: 'butt' },
        },
        {
          ...line({
            color: 'neutral',
            stroke: 'solid',
            width: 0,
            symbols: true,
            points: repeats.flatMap(({ p99Ms }) => (p99Ms === null ? [] : [[p99Ms, row] as const])),
          }),
          lineStyle: { opacity: 0 },
        },
        {
          ...line({
            color: 'publish',
            stroke: 'solid',
            symbols: true,
            points: [labelled([interval.median, row], formatDurationMs(interval.median), 'top')],
          }),
          symbolSize: 10,
        },
      ]),
    }),
  };
}
