/** The capacity report as Markdown, for a pull request or a wiki: the same figures as the page, without the charts. */
import { recoveryText } from '../../plan/capacity/recovery-text.ts';
import { formatBytes, formatCount, formatPercent } from '../../units.ts';
import { diskParts, diskTotals } from '../charts/disk-parts.ts';
import { inert, joined, list, table } from '../markdown-parts.ts';
import { calibrationMarkdown } from './calibration-section.ts';
import { useText } from './resources-section.ts';
import { keyFigures, states } from './summary-section.ts';
import type { CapacityReport, Risk } from './types.ts';
import { changeText, limitText, loadText, lossName, monthText, resourceName, usdText } from './words.ts';

export function renderCapacityMarkdown(report: CapacityReport): string {
  const { summary, plan } = report;
  return joined([
    [`# ${inert(report.useCase)}: capacity, ${states[summary.state].word}`],
    [`**${inert(summary.verdict)}.**`],
    plan.description === '' ? [] : [inert(plan.description)],
    [inert(loadText(plan))],
    table(
      keyFigures(summary).map(([label]) => label),
      [keyFigures(summary).map(([, figure, words]) => (words === '' ? figure : `${figure} (${words})`))],
    ),
    list('## Risks', summary.risks.map(riskText)),
    list('## What this rests on', summary.assumptions),
    resources(report),
    calibrationMarkdown(report),
    growth(report),
    cost(report),
    disk(report),
  ]);
}

export function riskText({ risk, remedy }: Risk): string {
  return remedy === '' ? risk : `${risk}. What to do: ${remedy}`;
}

function resources({ plan }: CapacityReport): string[] {
  const { cluster } = plan;
  if (cluster.resources.length === 0) return [];
  const after = cluster.degraded.resources;
  const times = recoveryText(cluster.recovery);
  return [
    '## Where the room is',
    '',
    ...table(
      ['resource', 'used of the limit', `after ${lossName(cluster.survive)}`, 'evidence'],
      cluster.resources.map((use) => [
        resourceName(use.resource),
        useText(use),
        cluster.survive === 'none' ? '' : useText(after.find(({ resource }) => resource === use.resource)),
        use.evidence,
      ]),
    ),
    ...(times === null ? [] : ['', `At peak ${times}.`]),
  ];
}

function growth({ plan, summary }: CapacityReport): string[] {
  const limits = plan.growth.flatMap(({ month, limitsReached }) =>
    limitsReached.map((limit) => `${monthText(month)}: ${limitText(limit)}`),
  );
  return limits.length === 0
    ? ['## Until when it lasts', '', `Nothing planned today runs out within ${summary.monthsPlanned} months.`]
    : list('## Until when it lasts', limits);
}

function cost({ plan, targets, sensitivity }: CapacityReport): string[] {
  return [
    '## What it costs',
    '',
    ...(plan.cost.items.length === 0
      ? []
      : [
          ...table(
            ['item', 'a month'],
            plan.cost.items.map(({ item, monthlyUsd }) => [item, usdText(monthlyUsd)]),
          ),
          '',
        ]),
    ...table(
      ['target', 'smallest that holds', 'a month', 'headroom', 'used most', 'to know'],
      targets.map((option) => [
        option.name,
        option.chosen ?? 'not possible',
        usdText(option.monthlyUsd),
        option.headroom === null ? '' : formatPercent(option.headroom),
        option.bindingConstraint === null ? '' : resourceName(option.bindingConstraint),
        [...option.notes, ...option.caveats].join('; '),
      ]),
    ),
    '',
    ...table(
      ['input', 'change', 'smallest then', 'a month'],
      sensitivity.inputs.map(({ input, change, outcome }) => [
        input,
        changeText(change),
        outcome.chosen ?? 'nothing fits',
        usdText(outcome.monthlyUsd),
      ]),
    ),
  ];
}

function disk({ plan }: CapacityReport): string[] {
  return [
    '## What the disks hold',
    '',
    ...table(
      ['what', 'bytes', 'about'],
      [...diskTotals(plan), ...diskParts(plan)].map(({ name, bytes }) => [
        name,
        formatCount(bytes),
        formatBytes(bytes),
      ]),
    ),
  ];
}
