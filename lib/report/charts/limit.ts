/** Publish p99 over the offered rate of every probe, and which rates were sustained: where the curve turns is the limit. */
import type { LimitMeasurement, LimitProbe } from '../../measurement/limit/types.ts';
import { formatCount, formatDurationMs, formatRate } from '../../units.ts';
import { answerText, publishOf } from '../limit.ts';
import type { Chart } from './draw.ts';
import { axis, bounds, decades, grid, line, type Point } from './parts.ts';

export function limitChart(limit: LimitMeasurement): Chart | null {
  const { probes, objectives } = limit;
  const held = pointsOf(probes.filter(({ sustained }) => sustained));
  const failed = pointsOf(probes.filter(({ sustained }) => !sustained));
  const all = [...held, ...failed];
  if (all.length === 0) return null;
  const bound = objectives.publishP99Ms;
  const latencies = all.map(([, p99Ms]) => p99Ms);
  return {
    id: 'limit',
    title: 'Publish p99 by offered rate',
    description: `${probes.length} probes. ${answerText(limit)}. Highest rate tried: ${formatRate(Math.max(...all.map(([rate]) => rate)))}.`,
    legend: [
      { text: 'sustained', color: 'publish', stroke: 'solid' },
      { text: 'not sustained', color: 'bound', stroke: 'dotted' },
    ],
    caption: '',
    option: () => ({
      grid: grid(),
      xAxis: axis({ type: 'log', ...decades(all.map(([rate]) => rate)), format: (rate) => `${formatCount(rate)}/s` }),
      yAxis: axis({
        type: 'log',
        ...decades(bound === null ? latencies : [...latencies, bound]),
        format: (milliseconds) => formatDurationMs(milliseconds),
      }),
      series: [
        line({
          color: 'publish',
          stroke: 'solid',
          points: held,
          symbols: true,
          marks: bound === null ? {} : bounds([{ value: bound, text: `allowed ${formatDurationMs(bound)}` }]),
        }),
        line({ color: 'bound', stroke: 'dotted', points: failed, symbols: true }),
      ],
    }),
  };
}

function pointsOf(probes: readonly LimitProbe[]): readonly Point[] {
  return probes
    .flatMap((probe): Point[] => {
      const p99Ms = publishOf(probe)?.latency.p99Ms ?? null;
      return p99Ms === null ? [] : [[probe.ratePerSec, p99Ms]];
    })
    .toSorted(([a], [b]) => a - b);
}
