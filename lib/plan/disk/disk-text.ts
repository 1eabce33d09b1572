/** Storage for the console: the users' formula, what is required and what the disks will hold, side by side. */
import { formatBytes, formatCount } from '../../units.ts';
import { renderTable } from '../table.ts';
import type { DiskPart, StoragePlan, TopicPlan } from '../types.ts';

const gibibyte = 1_073_741_824;
/** Parts that are told apart; what is held for a moment is one column. */
const columns: readonly (readonly [title: string, parts: readonly DiskPart['part'][]])[] = [
  ['records', ['records']],
  ['open segment', ['open segment']],
  [
    'deletion, cleaning',
    ['waiting for the retention check', 'deleted, not yet removed', 'waiting for a cleaning', 'copy of a cleaning'],
  ],
  ['indexes, files', ['indexes', 'other files']],
];

/** A row a topic, one a topic of Kafka's own, the sums. Sizes are decimal: 1 KB is 1000 B. */
export function diskLines(storage: StoragePlan, topics: readonly TopicPlan[]): string[] {
  const rows = topics.map((topic) => [
    topic.name,
    formatBytes(topic.retainedBytes),
    formatBytes(topic.onDiskBytes),
    ...columns.map(([, parts]) => formatBytes(sum(topic.disk.parts.filter(({ part }) => parts.includes(part))))),
    `${formatCount(topic.disk.bytesPerRecord)} for ${formatCount(topic.load.messageSizeBytes)}`,
  ]);
  const own = storage.internalTopics.map(({ name, onDiskBytes }) => [name, '', formatBytes(onDiskBytes)]);
  return renderTable([
    ['all replicas, at most', "users' formula", 'on disk', ...columns.map(([title]) => title), 'B a record on disk'],
    ...rows,
    ...own,
    ['buffer', formatBytes(storage.bufferBytes)],
    ['required, on disk', inBoth(storage.requiredBytes), inBoth(storage.onDiskBytes + storage.internalBytes)],
  ]);
}

function sum(parts: readonly DiskPart[]): number {
  return parts.reduce((total, { bytes }) => total + bytes, 0);
}

/** 1 GB is 10^9 bytes, 1 GiB is 2^30: volumes are bought in GiB. */
export function inBoth(bytes: number): string {
  return `${formatBytes(bytes)} (${formatCount(bytes / gibibyte)} GiB)`;
}
