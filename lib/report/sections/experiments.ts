/** The two experiments of a run: what acknowledgements cost, and what a topic takes on disk. */
import type { Interval, RetentionMeasurement, TradeOffMeasurement, TradeOffRow } from '../../measurement/types.ts';
import { formatBytes, formatCount, formatDurationMs, formatRate, formatSignedPercent } from '../../units.ts';
import { storageTolerancePercent } from '../../verdict/storage.ts';
import { storageChart } from '../charts/storage.ts';
import { tradeOffChart } from '../charts/trade-off.ts';
import { type Markup, markup } from '../markup.ts';
import { modeName, storageDeviation, tradeOffSentence } from '../summary.ts';
import type { Run } from '../types.ts';
import { inputsText } from './inputs.ts';
import { beside } from './pair.ts';
import { table } from './table.ts';

export function experimentSections(run: Run): Markup {
  const { tradeOff, retention } = run.measurement;
  return markup`<section>
<h2>What acknowledgements cost</h2>
${tradeOff === null ? missing('The trade-off did not run') : tradeOffSection(tradeOff)}
</section>
<section>
<h2>Storage on disk</h2>
${retention === null ? missing('Retention on disk was not measured') : retentionSection(run, retention)}
</section>
`;
}

function missing(what: string): Markup {
  return markup`<p>${what}; the notes of the run say why.</p>`;
}

function tradeOffSection(tradeOff: TradeOffMeasurement): Markup {
  const { rows, topic, ratePerSec, repeatMs, order } = tradeOff;
  const sentence = tradeOffSentence(tradeOff);
  const repeats = Math.max(0, ...rows.map((row) => row.repeats.length));
  const words = markup`${sentence === null ? null : markup`<p>At ${formatRate(ratePerSec)}: ${sentence}.</p>`}
<p class="lead">The same load on ${topic} with equal settings but these two; ${repeats} interleaved repeats of ${formatDurationMs(repeatMs)} a mode, medians with bootstrap intervals. With acks=0 nobody answers: its figure ends where the socket took the record.</p>
<p class="caption">Order of the repeats: ${order.map((mode) => modeName({ mode })).join(', ')}</p>`;
  return markup`${beside(tradeOffChart(tradeOff), words)}
${table<TradeOffRow>(
  'Trade-off',
  [
    { name: 'acks', cell: modeName },
    { name: 'p50', kind: 'number', cell: ({ p50Ms }) => intervalText(p50Ms, formatDurationMs) },
    { name: 'p99', kind: 'number', cell: ({ p99Ms }) => intervalText(p99Ms, formatDurationMs) },
    { name: 'achieved', kind: 'number', cell: ({ achievedPerSec }) => intervalText(achievedPerSec, formatRate) },
    {
      name: 'failed',
      kind: 'number',
      cell: (row) => formatCount(row.repeats.reduce((sum, { failed }) => sum + failed, 0)),
    },
  ],
  rows,
)}`;
}

function intervalText(interval: Interval | null, format: (value: number) => string): string {
  if (interval === null) return '-';
  return `${format(interval.median)} (${format(interval.low)} to ${format(interval.high)})`;
}

function retentionSection(run: Run, retention: RetentionMeasurement): Markup {
  const deviation = storageDeviation(run);
  const found = retention.foundBytes === null ? 'nothing sampled' : formatBytes(retention.foundBytes);
  const words = markup`<p>Predicted ${formatBytes(retention.predictedBytes)}, found ${found}${deviation === null ? '' : `: ${formatSignedPercent(deviation)}`}. The formula may be off by ${storageTolerancePercent} % either way.</p>
<p class="lead">${retention.topic} on a scale of its own: ${retention.scaling}. Segments deleted on every partition: at least ${formatCount(retention.segmentsDeleted)}.</p>
<p>Formula: <code>${retention.formula}</code></p>
<p>with <code>${inputsText(retention.inputs)}</code></p>`;
  return beside(storageChart(retention, storageTolerancePercent / 100), words);
}
