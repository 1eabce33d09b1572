/** Until when it lasts: the use of each resource by month, and what to change in the month a limit is reached. */
import type { GrowthMonth } from '../../plan/types.ts';
import { formatBytes } from '../../units.ts';
import { runwayChart } from '../charts/runway.ts';
import { type Markup, markup } from '../markup.ts';
import { beside } from '../sections/pair.ts';
import { table } from '../sections/table.ts';
import type { CapacityReport } from './types.ts';
import { limitText, monthText } from './words.ts';

const yearMonths = 12;

export function growthSection({ plan, summary }: CapacityReport): Markup {
  const { growth } = plan;
  const limits = growth.flatMap(({ month, limitsReached }) =>
    limitsReached.map((limit) => markup`<li><strong>${monthText(month)}</strong>: ${limitText(limit)}</li>`),
  );
  const words =
    limits.length === 0
      ? markup`<p>Nothing planned today runs out within ${summary.monthsPlanned} months.</p>`
      : markup`<p>When each limit is reached, and what to change then:</p><ul class="plain">${limits}</ul>`;
  return markup`<section>
<h2>Until when it lasts</h2>
${beside(runwayChart(growth), words)}
${yearTable(growth)}
</section>
`;
}

function yearTable(growth: readonly GrowthMonth[]): Markup | null {
  const years = growth.filter(({ month }) => month % yearMonths === 0);
  const first = years[0];
  if (first === undefined || years.every(({ ingressBytesPerSec }) => ingressBytesPerSec === first.ingressBytesPerSec))
    return null;
  return table<GrowthMonth>(
    'Load by year',
    [
      { name: 'month', cell: ({ month }) => monthText(month) },
      { name: 'in at peak', kind: 'number', cell: ({ ingressBytesPerSec: in_ }) => `${formatBytes(in_)}/s` },
      { name: 'out at peak', kind: 'number', cell: ({ egressBytesPerSec: out }) => `${formatBytes(out)}/s` },
      { name: 'retained', kind: 'number', cell: ({ retainedBytes }) => formatBytes(retainedBytes) },
      { name: 'required', kind: 'number', cell: ({ requiredBytes }) => formatBytes(requiredBytes) },
      {
        name: 'partitions',
        kind: 'number',
        cell: ({ topics }) => String(topics.reduce((sum, { partitions }) => sum + partitions, 0)),
      },
    ],
    years,
  );
}
