/** The plan that was proven, with the formula behind every figure. */
import type { Plan, TopicPlan, Why } from '../../plan/types.ts';
import { counted, formatBytes, formatCount, formatRate } from '../../units.ts';
import { growthChart } from '../charts/growth.ts';
import { dottedName, type Markup, markup } from '../markup.ts';
import type { Run } from '../types.ts';
import { inputsText } from './inputs.ts';
import { beside } from './pair.ts';
import { table } from './table.ts';

export function planSection({ plan }: Run): Markup {
  const { storage, cluster } = plan;
  return markup`<section>
<h2>Plan</h2>
<p>${cluster.brokers} brokers in ${cluster.zones} zones on ${cluster.target}, planned to survive the loss of: ${cluster.survive}. ${formatBytes(storage.requiredBytes)} required = ${formatBytes(storage.retainedBytes)} retained + ${formatBytes(storage.bufferBytes)} buffer; up to ${formatBytes(storage.onDiskBytes)} on disk. At peak ${formatBytes(cluster.ingressBytesPerSec)}/s in and ${formatBytes(cluster.egressBytesPerSec)}/s out.</p>
${topics(plan.topics)}
${warningList(plan)}
${growth(plan)}
<h3>How each figure came to be</h3>
${plan.topics.map((topic) => whyTable(`Topic ${topic.name}`, topic.why))}
${whyTable('Storage', storage.why)}
${whyTable('Cluster', cluster.why)}
${missing(plan)}
</section>
`;
}

function topics(rows: readonly TopicPlan[]): Markup {
  return table<TopicPlan>(
    'Topics',
    [
      { name: 'topic', cell: ({ name }) => name },
      { name: 'partitions', kind: 'number', cell: ({ partitions }) => String(partitions) },
      { name: 'replicas', kind: 'number', cell: ({ replicationFactor }) => String(replicationFactor) },
      { name: 'min.insync', kind: 'number', cell: ({ minInsyncReplicas }) => String(minInsyncReplicas) },
      { name: 'producer', cell: producerText },
      { name: 'average', kind: 'number', cell: ({ load }) => formatRate(load.averagePerSec) },
      { name: 'peak', kind: 'number', cell: ({ load }) => formatRate(load.peakPerSec) },
      { name: 'retained', kind: 'number', cell: ({ retainedBytes }) => formatBytes(retainedBytes) },
      { name: 'groups', kind: 'wrap', cell: groupsText },
    ],
    rows,
  );
}

function producerText({ producer }: TopicPlan): string {
  return `acks=${producer.acks}${producer['enable.idempotence'] ? ' idempotent' : ''}`;
}

function groupsText({ groups }: TopicPlan): string {
  return groups.map(({ name, threads }) => `${name} (${counted(threads, 'thread')})`).join(', ');
}

export function warningList({ warnings: all }: Plan): Markup | null {
  if (all.length === 0) return null;
  return markup`<h3>Warnings of the plan</h3>
<ul class="plain">${all.map(({ path, message, remedy }) => markup`<li><code>${path}</code>: ${message}. Remedy: ${remedy}.</li>`)}</ul>
`;
}

function growth({ growth: months }: Plan): Markup | null {
  const chart = growthChart(months);
  const limits = months.flatMap(({ month, limitsReached }) =>
    limitsReached.map((limit) => markup`<li>month ${month}: ${limit}</li>`),
  );
  if (chart === null && limits.length === 0) return null;
  const words = markup`${limits.length === 0 ? markup`<p>No limit is reached within ${months.at(-1)?.month ?? 0} months.</p>` : markup`<ul class="plain">${limits}</ul>`}`;
  return markup`<h3>Growth</h3>
${beside(chart, words)}`;
}

export function whyTable(title: string, why: readonly Why[]): Markup | null {
  if (why.length === 0) return null;
  return markup`<h4>${title}</h4>${table<Why>(
    title,
    [
      { name: 'figure', cell: ({ figure }) => dottedName(figure) },
      { name: 'value', kind: 'number', cell: valueText },
      { name: 'formula', kind: 'formula', cell: ({ formula }) => formula },
      { name: 'with', kind: 'formula', cell: ({ inputs }) => inputsText(inputs) },
      { name: 'source', kind: 'wrap', cell: ({ source }) => dottedName(source) },
    ],
    why,
    'formulas',
  )}`;
}

/** Bytes stand exact here: this is the table to check a sum by. */
function valueText({ value, unit }: Why): string {
  const figure = typeof value === 'number' ? formatCount(value) : value;
  return unit === '' ? figure : `${figure} ${unit}`;
}

function missing({ missing: figures }: Plan): Markup | null {
  const paths = Object.entries(figures).filter(([path]) => !path.startsWith('cluster.degraded.'));
  if (paths.length === 0) return null;
  return markup`<h4>Not known yet</h4><ul class="plain">${paths.map(([path, reason]) => markup`<li><code>${path}</code>: ${reason}</li>`)}</ul>`;
}
