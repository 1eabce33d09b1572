/** What was read from the use case with every default written out, and every setting of the plan, for `plan --explain`. */
import { formatBytes, formatCount, formatDurationMs, formatPercent, formatRate } from '../units.ts';
import { renderTable } from './table.ts';
import type { Plan, TopicPlan } from './types.ts';

/** One section for the use case and one a topic; each a title and its rows. */
export function renderStated(plan: Plan): string[][] {
  return [
    ['use case, defaults written out', ...indented(useCaseRows(plan))],
    ...plan.topics.map((topic) => [
      `topic ${topic.name}, defaults and settings written out`,
      ...indented(topicRows(topic)),
    ]),
  ];
}

function useCaseRows({ description, cluster, cost, slo }: Plan): string[][] {
  return [
    ['description', description === '' ? 'none' : description],
    [
      'cluster',
      `target ${cluster.target}, region ${cost.region ?? 'none'}, zones ${cluster.zones}, survive ${cluster.survive}`,
    ],
    [
      'slo',
      [
        `publish p99 ${bound(slo.publishP99Ms, formatDurationMs)}`,
        `end to end p99 ${bound(slo.endToEndP99Ms, formatDurationMs)}`,
        `lag ${bound(slo.lagMaxRecords, formatCount)}`,
        `cost ${bound(slo.costMaxUsdPerMonth, (usd) => `${formatCount(usd)} USD/month`)}`,
      ].join(', '),
    ],
  ];
}

function bound(limit: number | null, format: (value: number) => string): string {
  return limit === null ? 'not asked for' : `<= ${format(limit)}`;
}

function topicRows(topic: TopicPlan): string[][] {
  const { load, guarantee, handover, reuse, guaranteedMs, config, producer, consumer, channels } = topic;
  const key = load.keyField === null ? 'none' : `${load.keyField} (${formatBytes(load.keyBytes)})`;
  const hidden = load.privateFields.length === 0 ? 'none' : load.privateFields.join(' ');
  return [
    [
      'message',
      `size ${formatBytes(load.messageSizeBytes)}, key ${key}, ratio ${load.compressionRatio}, private ${hidden}, envelope ${load.envelope}`,
    ],
    [
      'produce',
      `rate ${formatRate(load.averagePerSec)}, peak ${formatRate(load.peakPerSec)}, producers ${load.producers}, growth ${formatPercent(load.growthPerMonth)}/month`,
    ],
    ['handover', handover],
    [
      'retention',
      `guaranteed ${guaranteedMs === null ? 'not asked for' : formatDurationMs(guaranteedMs)}, keys ${load.keys === null ? 'none' : formatCount(load.keys)}`,
    ],
    ['reuse', reuse.length === 0 ? 'none' : reuse.join(', ')],
    ['guarantee', `loss ${guarantee.loss}, duplicates ${guarantee.duplicates}, order ${guarantee.order}`],
    ['channels', [channels.out, ...channels.in].join(', ')],
    ['topic', settings(config)],
    ['producer', settings(producer)],
    ['consumer', settings(consumer)],
  ];
}

function settings(values: Readonly<Record<string, string | number | boolean>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
}

function indented(rows: readonly (readonly string[])[]): string[] {
  return renderTable(rows).map((line) => `  ${line}`);
}
