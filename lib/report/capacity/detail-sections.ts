/** What it rests on: the topics in words, the disk taken apart, options not taken, and every figure with its formula. */
import type { Plan, TopicPlan } from '../../plan/types.ts';
import { formatBytes, formatCount, formatDurationMs, formatRate } from '../../units.ts';
import { type DiskRow, diskParts, diskPartsChart, diskTotals, diskTotalsChart } from '../charts/disk-parts.ts';
import { type Markup, markup } from '../markup.ts';
import { pair } from '../sections/pair.ts';
import { warningList, whyTable } from '../sections/plan.ts';
import { table } from '../sections/table.ts';
import type { CapacityReport } from './types.ts';

export function detailSections({ plan }: CapacityReport): Markup {
  return markup`<section>
<h2>What the disks hold</h2>
<p>Retained is size x rate x time x copies, required adds the buffer asked for. On disk is what Kafka really writes: batch and record overhead, compression, the segment still open, what waits to be deleted, indexes.</p>
${pair([diskTotalsChart(plan), diskPartsChart(plan)])}
${diskTable(plan)}
</section>
<section>
<h2>What was planned</h2>
${topicTable(plan.topics)}
${warningList(plan)}
${rejected(plan)}
${unknown(plan)}
</section>
<section>
<h2>How each figure came to be</h2>
${plan.topics.map((topic) => whyTable(`Topic ${topic.name}`, topic.why))}
${whyTable('Storage', plan.storage.why)}
${whyTable('Cluster', plan.cluster.why)}
</section>
`;
}

function diskTable(plan: Plan): Markup {
  return table<DiskRow>(
    'Disk',
    [
      { name: 'what', cell: ({ name }) => name },
      { name: 'bytes', kind: 'number', cell: ({ bytes }) => formatCount(bytes) },
      { name: 'about', kind: 'number', cell: ({ bytes }) => formatBytes(bytes) },
    ],
    [...diskTotals(plan), ...diskParts(plan)],
  );
}

function topicTable(topics: readonly TopicPlan[]): Markup {
  return table<TopicPlan>(
    'Topics',
    [
      { name: 'topic', cell: ({ name }) => name },
      { name: 'average', kind: 'number', cell: ({ load }) => formatRate(load.averagePerSec) },
      { name: 'peak', kind: 'number', cell: ({ load }) => formatRate(load.peakPerSec) },
      { name: 'message', kind: 'number', cell: ({ load }) => formatBytes(load.messageSizeBytes) },
      { name: 'kept', cell: keptText },
      { name: 'copies', kind: 'number', cell: ({ replicationFactor }) => String(replicationFactor) },
      { name: 'partitions', kind: 'number', cell: ({ partitions }) => String(partitions) },
      { name: 'loss', cell: ({ guarantee }) => guarantee.loss },
      { name: 'read by', kind: 'wrap', cell: ({ groups }) => groups.map(({ service }) => service).join(', ') },
    ],
    topics,
  );
}

function keptText({ config, load }: TopicPlan): string {
  const retentionMs = config['retention.ms'];
  if (typeof retentionMs === 'number') return formatDurationMs(retentionMs);
  return load.keys === null ? 'for ever' : `the last of ${formatCount(load.keys)} keys`;
}

function rejected({ cluster }: Plan): Markup | null {
  if (cluster.rejected.length === 0) return null;
  return markup`<h3>Options not taken</h3>
${table<Plan['cluster']['rejected'][number]>(
  'Options not taken',
  [
    { name: 'option', cell: ({ option }) => option },
    { name: 'because', kind: 'wrap', cell: ({ reason }) => reason },
  ],
  cluster.rejected,
)}`;
}

function unknown({ missing, cluster }: Plan): Markup | null {
  const gaps = [...Object.entries(missing).map(([path, reason]) => `${path}: ${reason}`), ...cluster.gaps];
  if (gaps.length === 0) return null;
  return markup`<h3>Not known</h3>
<ul class="plain">${gaps.map((gap) => markup`<li>${gap}</li>`)}</ul>`;
}
