/** Bytes on disk over time against the prediction and its tolerance. */
import type { RetentionMeasurement } from '../../measurement/types.ts';
import { formatBytes, formatCount } from '../../units.ts';
import type { Chart } from './draw.ts';
import { palette } from './palette.ts';
import { axis, grid, line, roundRange } from './parts.ts';

export function storageChart(retention: RetentionMeasurement, tolerance: number): Chart | null {
  const { samples, predictedBytes, foundBytes } = retention;
  if (samples.length === 0 || foundBytes === null) return null;
  const bytes = [
    ...samples.map((sample) => sample.bytes),
    predictedBytes * (1 + tolerance),
    predictedBytes * (1 - tolerance),
  ];
  const seconds = samples.map(({ second }) => second);
  const from = Math.min(...seconds);
  const to = Math.max(...seconds);
  return {
    id: 'storage',
    title: 'Bytes on disk, all replicas',
    description: `Predicted ${formatBytes(predictedBytes)}, found ${formatBytes(foundBytes)} on average of ${formatCount(samples.length)} samples.`,
    legend: [
      { text: 'found', color: 'publish', stroke: 'solid' },
      { text: `found, mean ${formatBytes(foundBytes)}`, color: 'endToEnd', stroke: 'dashed' },
      {
        text: `predicted mean ${formatBytes(predictedBytes)} ± ${formatCount(tolerance * 100)} %`,
        color: 'band',
        stroke: 'band',
      },
    ],
    caption: 'The sawtooth is segments being deleted; the mean is what is judged. The axis does not begin at 0.',
    option: () => ({
      grid: { ...grid(70), bottom: 28 },
      xAxis: axis({ type: 'value', min: Math.floor(from), max: Math.ceil(to), format: (s) => `${formatCount(s)} s` }),
      yAxis: axis({ type: 'value', ...roundRange(bytes), format: formatBytes }),
      series: [
        line({
          color: 'publish',
          stroke: 'solid',
          points: samples.map((sample) => [sample.second, sample.bytes] as const),
          marks: {
            markArea: {
              silent: true,
              itemStyle: { color: palette.band },
              data: [[{ yAxis: predictedBytes * (1 - tolerance) }, { yAxis: predictedBytes * (1 + tolerance) }]],
            },
          },
        }),
        line({
          color: 'endToEnd',
          stroke: 'dashed',
          points: [
            [from, foundBytes],
            [to, foundBytes],
          ],
          width: 1.6,
        }),
      ],
    }),
  };
}
