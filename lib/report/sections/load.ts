/** What the load of the use case met: latency, throughput and lag, the average rate beside the peak rate. */
import type { Latency, PhaseMeasurement } from '../../measurement/types.ts';
import { formatCount, formatDurationMs, formatRate } from '../../units.ts';
import { lagChart } from '../charts/lag.ts';
import { latencyOverTimeChart } from '../charts/latency-over-time.ts';
import { percentileChart } from '../charts/percentiles.ts';
import { throughputChart } from '../charts/throughput.ts';
import { type Markup, markup } from '../markup.ts';
import { latencyText, summarise } from '../summary.ts';
import type { Run } from '../types.ts';
import { pair } from './pair.ts';
import { table } from './table.ts';

export function loadSections({ measurement, plan }: Run): Markup {
  const { phases } = measurement;
  if (phases.length === 0) {
    return markup`<section><h2>Latency</h2><p>No phase was measured, so there is nothing to show.</p></section>\n`;
  }
  return markup`<section>
<h2>Latency</h2>
<p class="lead">Counted from the moment a record was due, not from when it was sent, so a stall shows at its full length. Curves and charts show the topic or group with the highest p99.</p>
${pair(phases.map((phase) => percentileChart(phase, plan.slo, curveSpan(phases))))}
${pair(phases.map((phase) => latencyOverTimeChart(phase, plan.slo, secondsSpan(phases))))}
${latencyTable(phases)}<p class="caption">Publish is slip (due to sent) plus service time (sent to acknowledged), record by record; end to end is due to received.</p>
</section>
<section>
<h2>Throughput and lag</h2>
${pair(phases.map(throughputChart))}
${pair(phases.map((phase) => lagChart(phase, plan.slo.lagMaxRecords)))}
${throughputTable(phases)}
</section>
`;
}

/** Lowest and highest of both phases, so that their charts share an axis and can be compared. */
function curveSpan(phases: readonly PhaseMeasurement[]): readonly number[] {
  return phases
    .map(summarise)
    .flatMap(({ publish, endToEnd }) =>
      [publish?.latency.p50Ms, publish?.latency.maxMs, endToEnd?.latency.maxMs].filter(
        (value): value is number => typeof value === 'number',
      ),
    );
}

function secondsSpan(phases: readonly PhaseMeasurement[]): readonly number[] {
  return phases
    .flatMap(({ series }) =>
      series.flatMap(({ publishP50Ms, publishP99Ms, endToEndP99Ms }) => [publishP50Ms, publishP99Ms, endToEndP99Ms]),
    )
    .filter((value) => value !== null);
}

interface LatencyRow {
  readonly what: string;
  readonly phase: string;
  readonly latency: Latency;
}

function latencyTable(phases: readonly PhaseMeasurement[]): Markup {
  const rows = phases.flatMap(({ phase, topics }) =>
    topics.flatMap(({ topic, publish, service, slip, groups }): LatencyRow[] => [
      { what: `publish, ${topic}`, phase, latency: publish },
      { what: `service time, ${topic}`, phase, latency: service },
      { what: `slip, ${topic}`, phase, latency: slip },
      ...groups.map(({ group, endToEnd }) => ({ what: `end to end, ${group}`, phase, latency: endToEnd })),
    ]),
  );
  const percentile = (name: string, of: (latency: Latency) => number | null) => ({
    name,
    kind: 'number' as const,
    cell: ({ latency }: LatencyRow) => latencyText(of(latency), latency),
  });
  return table<LatencyRow>(
    'Latencies',
    [
      { name: 'latency', cell: ({ what }) => what },
      { name: 'rate', cell: ({ phase }) => phase },
      { name: 'records', kind: 'number', cell: ({ latency }) => formatCount(latency.count) },
      percentile('p50', ({ p50Ms }) => p50Ms),
      percentile('p90', ({ p90Ms }) => p90Ms),
      percentile('p99', ({ p99Ms }) => p99Ms),
      percentile('p99.9', ({ p999Ms }) => p999Ms),
      percentile('highest', ({ maxMs }) => maxMs),
      { name: 'out of range', kind: 'number', cell: ({ latency }) => notHeld(latency) },
    ],
    rows,
  );
}

/** Samples beside the histogram; shown, never dropped. */
function notHeld({ overflow, negative }: Latency): string {
  const parts = [
    ...(overflow > 0 ? [`${formatCount(overflow)} above`] : []),
    ...(negative > 0 ? [`${formatCount(negative)} negative`] : []),
  ];
  return parts.length === 0 ? '0' : parts.join(', ');
}

function throughputTable(phases: readonly PhaseMeasurement[]): Markup {
  const rows = phases.flatMap((phase) => phase.topics.map((topic) => ({ phase, topic })));
  return table<(typeof rows)[number]>(
    'Throughput',
    [
      { name: 'topic', cell: ({ topic }) => topic.topic },
      { name: 'rate', cell: ({ phase }) => phase.phase },
      { name: 'offered', kind: 'number', cell: ({ topic }) => formatRate(topic.offeredPerSec) },
      { name: 'achieved', kind: 'number', cell: ({ topic }) => formatRate(topic.achievedPerSec) },
      { name: 'due', kind: 'number', cell: ({ topic }) => formatCount(topic.scheduled) },
      { name: 'acknowledged', kind: 'number', cell: ({ topic }) => formatCount(topic.acknowledged) },
      { name: 'failed', kind: 'number', cell: ({ topic }) => formatCount(topic.failed) },
      { name: 'not sent', kind: 'number', cell: ({ topic }) => formatCount(topic.unsent) },
      { name: 'highest lag', kind: 'number', cell: ({ topic }) => lags(topic.groups.map(({ maxLag }) => maxLag)) },
      { name: 'measured', kind: 'number', cell: ({ phase }) => formatDurationMs(phase.measuredMs) },
    ],
    rows,
  );
}

function lags(values: readonly (number | null)[]): string {
  return values.map((lag) => (lag === null ? '-' : formatCount(lag))).join(', ');
}
