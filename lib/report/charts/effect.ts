/** What each value of each factor does to publish p99 and CPU: ratios to the first value with their intervals. */
import type { ExperimentResult } from '../../experiment/result.ts';
import type { Comparison, Figure } from '../../experiment/types.ts';
import type { Chart } from './draw.ts';
import { palette } from './palette.ts';
import { axis, grid, labelled, line, roundRange } from './parts.ts';

/** Those that a reader decides by; the table has all. */
const shownFigures: readonly { readonly figure: Figure; readonly name: string }[] = [
  { figure: 'publishP99Ms', name: 'p99' },
  { figure: 'clientCpuMicrosPerRecord', name: 'client CPU' },
  { figure: 'brokerCpuMicrosPerRecord', name: 'broker CPU' },
];
const rowPx = 38;
const mostLabelPx = 220;

export function effectChart({ analysis }: ExperimentResult): Chart | null {
  const rows = analysis.comparisons.flatMap((found) => {
    const figure = shownFigures.find((shown) => shown.figure === found.figure);
    return figure === undefined || found.ratio === null ? [] : [{ ...found, ratio: found.ratio, name: figure.name }];
  });
  if (rows.length === 0) return null;
  const highest = Math.max(1, ...rows.map(({ ratio }) => ratio.high));
  const names = rows.map((row) => `${settingName(row)}\n${row.name}`);
  const longest = Math.max(...rows.map((row) => settingName(row).length));
  const x = roundRange([0, highest]);
  return {
    id: 'effects',
    title: 'Effect of each setting',
    description: rows
      .map(({ ratio, outcome }, at) => `${names[at]?.replace('\n', ', ')}: x${ratio.median.toFixed(2)}, ${outcome}.`)
      .join(' '),
    legend: [
      { text: 'median ratio to the first value', color: 'publish', stroke: 'dot' },
      { text: '99 % interval', color: 'band', stroke: 'band' },
    ],
    caption: 'Dotted: no effect. A band that crosses it means that the rounds show no difference.',
    heightPx: 60 + rowPx * rows.length,
    option: ({ name }) => ({
      grid: { ...grid(Math.min(mostLabelPx, longest * (name === 'wide' ? 6 : 7) + 16)), right: 52 },
      xAxis: axis({ type: 'value', ...x, splitNumber: 4, format: (ratio) => `x${ratio}` }),
      yAxis: { ...axis({ type: 'category', data: names, format: String }), inverse: true },
      series: [
        line({
          color: 'neutral',
          stroke: 'dotted',
          width: 1.2,
          points: [
            [1, 0],
            [1, rows.length - 1],
          ],
        }),
        ...rows.map(({ ratio }, row) => ({
          ...line({
            color: 'band',
            stroke: 'solid',
            points: [
              [ratio.low, row],
              [ratio.high, row],
            ],
          }),
          lineStyle: { color: palette.band, width: 14, cap: 'butt' },
        })),
        ...rows.map(({ ratio }, row) => ({
          ...line({
            color: 'publish',
            stroke: 'solid',
            symbols: true,
            points: [labelled([ratio.median, row], `x${ratio.median.toFixed(2)}`, 'right')],
          }),
          symbolSize: 9,
        })),
      ],
    }),
  };
}

function settingName({ factor, value, against }: Comparison): string {
  return `${factor} ${against} to ${value}`;
}
