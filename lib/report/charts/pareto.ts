/** Publish p99 against the rate achieved, one point a setting; those that no other beats stand out. */
import type { ExperimentResult } from '../../experiment/result.ts';
import { formatDurationMs, formatRate } from '../../units.ts';
import type { Chart } from './draw.ts';
import { axis, grid, labelled, line, roundRange } from './parts.ts';

const mostLabelLetters = 16;

export function paretoChart({ analysis }: ExperimentResult): Chart | null {
  const points = analysis.cells.flatMap(({ id, promise, figures }) =>
    figures.publishP99Ms === null || figures.recordsPerSec === null
      ? []
      : [{ id, promise, p99Ms: figures.publishP99Ms.median, perSec: figures.recordsPerSec.median }],
  );
  if (points.length < 2) return null;
  const isBest = ({ id }: { id: string }): boolean => analysis.pareto.includes(id);
  // Many long names would lie over each other: numbers then, and the names below.
  const isNumbered = points.length > 4 || points.some(({ id }) => id.length > mostLabelLetters);
  const labelOf = (id: string): string => (isNumbered ? String(points.findIndex((point) => point.id === id) + 1) : id);
  const key = isNumbered ? ` ${points.map(({ id }) => `${labelOf(id)}: ${id}`).join('; ')}.` : '';
  const x = roundRange(points.map(({ perSec }) => perSec));
  const y = roundRange([0, ...points.map(({ p99Ms }) => p99Ms * 1.15)]);
  return {
    id: 'pareto',
    title: 'Latency against throughput',
    description: points
      .map(
        (point) =>
          `${point.id}: ${formatDurationMs(point.p99Ms)} at ${formatRate(point.perSec)}, promises ${point.promise}${isBest(point) ? ', not beaten' : ''}.`,
      )
      .join(' '),
    legend: [
      { text: 'not beaten in latency, rate and promise', color: 'publish', stroke: 'dot' },
      { text: 'beaten by another', color: 'neutral', stroke: 'dot' },
    ],
    caption: `Better is lower and further right. A stronger promise keeps a slower setting from being beaten.${key}`,
    option: () => ({
      grid: { ...grid(64), right: 60 },
      xAxis: { ...axis({ type: 'value', ...x, format: formatRate }) },
      yAxis: axis({ type: 'value', ...y, format: formatDurationMs }),
      series: [false, true].map((best) => ({
        ...line({
          color: best ? 'publish' : 'neutral',
          stroke: 'solid',
          symbols: true,
          points: points
            .filter((point) => isBest(point) === best)
            .map(({ id, p99Ms, perSec }) => labelled([perSec, p99Ms], labelOf(id), 'top')),
        }),
        lineStyle: { opacity: 0 },
      })),
    }),
  };
}
