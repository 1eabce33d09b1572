/** Latency by percentile: how late the latest records are, on an axis that gives each further nine the same room. */
import { decodeFromCompressedBase64 } from 'hdr-histogram-js';
import type { Latency, PhaseMeasurement } from '../../measurement/types.ts';
import type { Plan } from '../../plan/types.ts';
import { formatDurationMs } from '../../units.ts';
import { latencyText, summarise } from '../summary.ts';
import type { Chart } from './draw.ts';
import { axis, type Bound, bounds, decades, grid, labelled, line, type Point } from './parts.ts';

const pointsPerDecade = 10;
/** 1 / (1 - 0.5), less what rounding may take: the curve begins here. */
const median = 1.99;

/** Null when the phase has no samples. */
export function percentileChart(phase: PhaseMeasurement, slo: Plan['slo'], span: readonly number[]): Chart | null {
  const { publish, endToEnd } = summarise(phase);
  if (publish === null) return null;
  const publishCurve = percentileCurve(publish.latency);
  const endToEndCurve = endToEnd === null ? [] : percentileCurve(endToEnd.latency);
  const limits = latencyBounds(slo);
  // The label of the later one stands above its point, the other's below: they never run into each other.
  const publishAbove = (publish.latency.p99Ms ?? 0) > (endToEnd?.latency.p99Ms ?? Number.POSITIVE_INFINITY);
  const widest = Math.max(publish.latency.count, endToEnd?.latency.count ?? 0);
  return {
    id: `percentiles-${phase.phase}`,
    title: `Percentiles at the ${phase.phase} rate`,
    description: [
      `Publish p50 ${latencyText(publish.latency.p50Ms, publish.latency)}, p99 ${latencyText(publish.latency.p99Ms, publish.latency)}, highest ${latencyText(publish.latency.maxMs, publish.latency)}.`,
      ...(endToEnd === null
        ? []
        : [
            `End to end p50 ${latencyText(endToEnd.latency.p50Ms, endToEnd.latency)}, p99 ${latencyText(endToEnd.latency.p99Ms, endToEnd.latency)}, highest ${latencyText(endToEnd.latency.maxMs, endToEnd.latency)}.`,
          ]),
    ].join(' '),
    legend: [
      { text: `publish, ${publish.name}`, color: 'publish', stroke: 'solid' },
      ...(endToEnd === null
        ? []
        : [{ text: `end to end, ${endToEnd.name}`, color: 'endToEnd', stroke: 'dashed' } as const]),
      ...(limits.length === 0 ? [] : [{ text: 'required p99', color: 'bound', stroke: 'dashed' } as const]),
    ],
    caption: '',
    option: () => ({
      grid: grid(),
      xAxis: axis({
        type: 'log',
        min: 1,
        max: 10 ** Math.ceil(Math.log10(Math.max(10, widest))),
        format: quantileText,
      }),
      yAxis: axis({
        type: 'log',
        ...decades([...span, ...limits.map(({ value }) => value)]),
        format: formatDurationMs,
      }),
      series: [
        line({
          color: 'publish',
          stroke: 'solid',
          points: withP99(publishCurve, publish.latency, publishAbove ? 'top' : 'bottom'),
          symbols: true,
          marks: bounds(limits),
        }),
        ...(endToEnd === null
          ? []
          : [
              line({
                color: 'endToEnd',
                stroke: 'dashed',
                points: withP99(endToEndCurve, endToEnd.latency, publishAbove ? 'bottom' : 'top'),
                symbols: true,
              }),
            ]),
      ],
    }),
  };
}

/** (1 / (1 - quantile), ms) from the median to the highest sample; empty without samples. */
export function percentileCurve({ histogram }: Latency): readonly Point[] {
  if (histogram === null) return [];
  const decoded = decodeFromCompressedBase64(histogram);
  const held = decoded.totalCount;
  const curve: Point[] = [];
  for (let step = 0; 10 ** (step / pointsPerDecade) < held; step += 1) {
    const x = 10 ** (step / pointsPerDecade);
    if (x < median) continue;
    curve.push([x, decoded.getValueAtPercentile(100 * (1 - 1 / x)) / 1000]);
  }
  curve.push([Math.max(median, held), decoded.maxValue / 1000]);
  // A logarithmic axis has no zero.
  return curve.map(([x, ms]) => [x, Math.max(ms, 0.001)]);
}

export function latencyBounds({ publishP99Ms, endToEndP99Ms }: Plan['slo']): readonly Bound[] {
  const entry = (name: string, value: number | null): Bound[] =>
    value === null ? [] : [{ value, text: `${name} ≤ ${formatDurationMs(value)}` }];
  return [...entry('publish', publishP99Ms), ...entry('end to end', endToEndP99Ms)];
}

/** Only the p99 point carries a mark and its number. */
function withP99(curve: readonly Point[], { p99Ms }: Latency, position: 'top' | 'bottom'): readonly object[] {
  return curve.map((point) =>
    Math.abs(point[0] - 100) < 1e-6 && p99Ms !== null
      ? labelled([100, p99Ms], `p99 ${formatDurationMs(p99Ms)}`, position)
      : { value: point, symbol: 'none' },
  );
}

/** 1 / (1 - quantile) as the quantile: 100 is 99 %. */
function quantileText(x: number): string {
  const nines = Math.round(Math.log10(x));
  if (nines === 0) return '0 %';
  return nines <= 2 ? `${100 - 10 ** (2 - nines)} %` : `99.${'9'.repeat(nines - 2)} %`;
}
