/** How much of its limit each resource uses, with every broker and after the loss: where the room is, and where it is not. */
import type { ClusterPlan } from '../../plan/types.ts';
import { formatPercent } from '../../units.ts';
import { lossName, resourceName } from '../capacity/words.ts';
import type { Chart } from './draw.ts';
import { axis, bar, grid, limitLine } from './parts.ts';

const rowPx = 36;

/** Null where nothing was sized. */
export function utilisationChart({ resources, degraded, survive }: ClusterPlan): Chart | null {
  const after = survive === 'none' ? [] : degraded.resources;
  const rows = resources
    .map((use) => ({
      name: resourceName(use.resource),
      normal: shown(use.utilisation),
      degraded: shown(after.find(({ resource }) => resource === use.resource)?.utilisation ?? 0),
    }))
    .sort((a, b) => Math.max(b.normal, b.degraded) - Math.max(a.normal, a.degraded));
  const [first] = rows;
  if (first === undefined) return null;
  const most = Math.max(first.normal, first.degraded);
  return {
    id: 'utilisation',
    title: 'Use of each resource, of what is allowed',
    description: rows
      .map(({ name, normal, degraded: lost }) =>
        after.length === 0
          ? `${name} ${formatPercent(normal)}.`
          : `${name} ${formatPercent(normal)}, ${formatPercent(lost)} after ${lossName(survive)}.`,
      )
      .join(' '),
    legend: [
      { text: 'every broker in service', color: 'publish', stroke: 'band' },
      ...(after.length === 0
        ? []
        : [{ text: `after ${lossName(survive)}`, color: 'endToEnd' as const, stroke: 'band' as const }]),
    ],
    caption: '100 % is the limit planned for, which lies below what the broker can do at most.',
    heightPx: rows.length * rowPx + 64,
    option: ({ name }) => ({
      grid: { ...grid(name === 'wide' ? 168 : 150), right: 46, top: 26 },
      xAxis: axis({
        type: 'value',
        min: 0,
        max: Math.ceil(Math.max(1, most) * 11) / 10,
        splitNumber: 4,
        format: formatPercent,
      }),
      yAxis: { ...axis({ type: 'category', data: rows.map((row) => row.name), format: String }), inverse: true },
      series: [
        bar({
          color: 'publish',
          values: rows.map((row) => row.normal),
          label: formatPercent,
          marks: limitLine(1, 'limit'),
        }),
        ...(after.length === 0
          ? []
          : [bar({ color: 'endToEnd', values: rows.map((row) => row.degraded), label: formatPercent })]),
      ],
    }),
  };
}

/** What cannot be carried at all still needs a bar with an end. */
function shown(utilisation: number): number {
  return Math.min(Number.isFinite(utilisation) ? utilisation : 10, 10);
}
