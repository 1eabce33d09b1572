/** Publish p99 over two factors: one square a pair of values, darker is slower. */
import 'echarts/lib/chart/heatmap.js';
import 'echarts/lib/component/visualMap.js';
import type { ExperimentResult } from '../../experiment/result.ts';
import { formatDurationMs } from '../../units.ts';
import type { Chart } from './draw.ts';
import { palette } from './palette.ts';
import { axis, grid } from './parts.ts';

export function heatmapChart({ analysis, factors }: ExperimentResult): Chart | null {
  const [across, down] = factors;
  if (across === undefined || down === undefined || factors.length !== 2) return null;
  const squares = analysis.cells.flatMap(({ settings, figures }) => {
    const p99Ms = figures.publishP99Ms?.median;
    const x = across.values.indexOf(settings[across.name] ?? '');
    const y = down.values.indexOf(settings[down.name] ?? '');
    return p99Ms === undefined ? [] : [{ x, y, p99Ms }];
  });
  if (squares.length < 3) return null;
  const all = squares.map(({ p99Ms }) => p99Ms);
  return {
    id: 'heatmap',
    title: `Publish p99 by ${across.name} and ${down.name}`,
    description: squares
      .map(
        ({ x, y, p99Ms }) =>
          `${across.name}=${across.values[x]}, ${down.name}=${down.values[y]}: ${formatDurationMs(p99Ms)}.`,
      )
      .join(' '),
    legend: [],
    caption: `Across: ${across.name}; down: ${down.name}. The fuller the colour, the slower. An empty square was not run or not measured.`,
    option: () => ({
      grid: grid(90),
      xAxis: axis({ type: 'category', data: across.values.map(String), format: String }),
      yAxis: { ...axis({ type: 'category', data: down.values.map(String), format: String }), inverse: true },
      visualMap: {
        show: false,
        min: Math.min(...all),
        max: Math.max(...all),
        // Opacity alone: a colour that the library mixes is none of the page's.
        inRange: { opacity: [0.1, 0.75] },
      },
      series: [
        {
          type: 'heatmap',
          silent: true,
          data: squares.map(({ x, y, p99Ms }) => [x, y, p99Ms]),
          itemStyle: { color: palette.publish },
          label: {
            show: true,
            opacity: 1,
            color: palette.text,
            formatter: ({ value }: { value: readonly number[] }) => formatDurationMs(value[2] ?? 0),
          },
        },
      ],
    }),
  };
}
