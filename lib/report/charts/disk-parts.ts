/** What the disks hold, part by part, beside the users' sum and what is bought. */
import type { Plan } from '../../plan/types.ts';
import { formatBytes } from '../../units.ts';
import type { Chart } from './draw.ts';
import { axis, bar, grid } from './parts.ts';

const rowPx = 28;
/** The longest name takes one line of a wide chart and two of a narrow one. */
const labelWidthPx = { wide: 190, narrow: 116 };

export interface DiskRow {
  readonly name: string;
  readonly bytes: number;
}

/** The parts of all topics together, the largest first, then Kafka's own topics. */
export function diskParts({ topics, storage }: Plan): readonly DiskRow[] {
  const sums = new Map<string, number>();
  for (const { disk } of topics)
    for (const { part, bytes } of disk.parts) sums.set(part, (sums.get(part) ?? 0) + bytes);
  return [
    ...[...sums].map(([name, bytes]) => ({ name, bytes })).sort((a, b) => b.bytes - a.bytes),
    { name: "Kafka's own topics", bytes: storage.internalBytes },
  ].filter(({ bytes }) => bytes > 0);
}

/** The users' sum, what is required, what the disks will hold, what is bought: over all brokers. */
export function diskTotals({ storage, cluster }: Plan): readonly DiskRow[] {
  const { retainedBytes, requiredBytes, onDiskBytes, internalBytes, provisionedBytesPerBroker } = storage;
  return [
    { name: 'retained', bytes: retainedBytes },
    { name: 'required', bytes: requiredBytes },
    { name: 'on disk at most', bytes: onDiskBytes + internalBytes },
    ...(provisionedBytesPerBroker === null
      ? []
      : [{ name: 'bought', bytes: provisionedBytesPerBroker * cluster.brokers }]),
  ];
}

export function diskTotalsChart(plan: Plan): Chart {
  return rowsChart('disk-totals', 'Disk over all brokers', diskTotals(plan), '');
}

/** Null when nothing is stored. */
export function diskPartsChart(plan: Plan): Chart | null {
  const parts = diskParts(plan);
  return parts.length === 0
    ? null
    : rowsChart('disk-parts', 'What the disks will hold, at most', parts, 'All replicas, at the fullest moment.');
}

function rowsChart(id: string, title: string, rows: readonly DiskRow[], caption: string): Chart {
  return {
    id,
    title,
    description: rows.map(({ name, bytes }) => `${name}: ${formatBytes(bytes)}.`).join(' '),
    legend: [],
    caption,
    heightPx: rows.length * rowPx + 52,
    option: ({ name }) => ({
      grid: { ...grid(labelWidthPx[name] + 10), right: 76 },
      xAxis: axis({ type: 'value', min: 0, splitNumber: name === 'wide' ? 3 : 2, format: formatBytes }),
      yAxis: {
        ...axis({
          type: 'category',
          data: rows.map((row) => row.name),
          format: String,
          labelWidthPx: labelWidthPx[name],
        }),
        inverse: true,
      },
      series: [bar({ color: 'publish', values: rows.map((row) => row.bytes), label: formatBytes, widthPx: 14 })],
    }),
  };
}
