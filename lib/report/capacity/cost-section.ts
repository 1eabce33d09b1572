/** What it costs: the bill of the plan, the other targets, later years, and which input moves it most. */
import type { TargetOption } from '../../plan/compare.ts';
import type { Sensitivity } from '../../plan/sensitivity.ts';
import type { CostPlan } from '../../plan/types.ts';
import { formatPercent } from '../../units.ts';
import { targetCostsChart } from '../charts/target-costs.ts';
import { type Markup, markup } from '../markup.ts';
import { beside } from '../sections/pair.ts';
import { type Column, table } from '../sections/table.ts';
import type { CapacityReport } from './types.ts';
import { changeText, monthText, resourceName, usdText } from './words.ts';

export function costSection({ plan, targets, sensitivity }: CapacityReport): Markup {
  return markup`<section>
<h2>What it costs</h2>
${beside(targetCostsChart(targets), bill(plan.cost))}
<h3>The same use case on every target</h3>
${targetTable(targets)}
${notes(targets)}
${curve(targets)}
<h3>Which input moves the result most</h3>
<p>Each changed alone, the number of brokers free to choose.</p>
${sensitivityTable(sensitivity)}
</section>
`;
}

function bill({ items, monthlyUsd, reason, pricesAsOf, region }: CostPlan): Markup {
  if (monthlyUsd === null && items.length === 0) return markup`<p>Not known: ${reason ?? 'nothing was sized'}.</p>`;
  return markup`<p>The plan, ${monthlyUsd === null ? `without what has no price: ${reason}` : `${usdText(monthlyUsd)} a month at list prices of ${region}, ${pricesAsOf}`}:</p>
${table<CostPlan['items'][number]>(
  'Bill',
  [
    { name: 'item', cell: ({ item }) => item },
    { name: 'a month', kind: 'number', cell: (row) => usdText(row.monthlyUsd) },
  ],
  items,
)}`;
}

function targetTable(targets: readonly TargetOption[]): Markup {
  return table<TargetOption>(
    'Targets',
    [
      { name: 'target', cell: ({ name }) => name },
      { name: 'smallest that holds', kind: 'wrap', cell: ({ chosen }) => chosen ?? 'not possible' },
      { name: 'a month', kind: 'number', cell: ({ monthlyUsd }) => usdText(monthlyUsd) },
      {
        name: 'a GB sent',
        kind: 'number',
        cell: ({ usdPerProducedGb: usd }) => (usd === null ? '' : `${usd.toFixed(3)} USD`),
      },
      { name: 'headroom', kind: 'number', cell: ({ headroom }) => (headroom === null ? '' : formatPercent(headroom)) },
      { name: 'used most', cell: ({ bindingConstraint: binds }) => (binds === null ? '' : resourceName(binds)) },
    ],
    targets,
  );
}

function notes(targets: readonly TargetOption[]): Markup | null {
  const own = targets.flatMap(({ name, notes: each }) => each.map((note) => `${name}: ${note}`));
  const known = targets.flatMap(({ target, caveats }) => caveats.map((caveat) => `${target}: ${caveat}`));
  const all = [...new Set([...own, ...known])];
  return all.length === 0 ? null : markup`<ul class="plain">${all.map((note) => markup`<li>${note}</li>`)}</ul>`;
}

function curve(targets: readonly TargetOption[]): Markup | null {
  const grown = targets.filter((option) => option.curve.length > 0);
  const [first] = grown;
  if (first === undefined) return null;
  const columns: Column<TargetOption>[] = [
    { name: 'target', cell: ({ name }) => name },
    ...first.curve.map(({ month }, index) => ({
      name: monthText(month),
      kind: 'number' as const,
      cell: (option: TargetOption) => {
        const point = option.curve[index];
        return point === undefined || point.chosen === null ? 'nothing fits' : usdText(point.monthlyUsd);
      },
    })),
  ];
  return markup`<h3>As the load grows, sized anew each year</h3>
${table('Cost by year', columns, grown)}`;
}

function sensitivityTable({ base, inputs }: Sensitivity): Markup {
  return table<Sensitivity['inputs'][number]>(
    'Sensitivity',
    [
      { name: 'input', cell: ({ input }) => input },
      { name: 'change', cell: ({ change }) => changeText(change) },
      { name: 'smallest then', kind: 'wrap', cell: ({ outcome }) => outcome.chosen ?? 'nothing fits' },
      { name: 'a month', kind: 'number', cell: ({ outcome }) => usdText(outcome.monthlyUsd) },
      {
        name: 'difference',
        kind: 'number',
        cell: ({ extraUsd }) => (extraUsd === null ? '' : `${extraUsd < 0 ? '' : '+'}${usdText(extraUsd)}`),
      },
    ],
    [{ input: 'as it is', change: '', outcome: base, extraUsd: null }, ...inputs],
  );
}
