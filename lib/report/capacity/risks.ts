/** What may go wrong although the plan adds up: what cannot be kept first, then the plan's other warnings. */
import { binding } from '../../plan/capacity/resources.ts';
import type { Plan } from '../../plan/types.ts';
import type { Warning } from '../../requirements/types.ts';
import { isBrokenPromise } from './broken-promises.ts';
import type { Risk, RunsOut } from './types.ts';
import { listed, resourceName } from './words.ts';

/** Enlarging takes a budget round and a maintenance window: sooner than this is a risk. */
const soonMonths = 6;

export function risks(plan: Plan, runsOut: RunsOut | null): readonly Risk[] {
  return [
    ...warned(plan),
    ...soon(plan, runsOut),
    ...weakEvidence(plan),
    ...plan.cluster.gaps.map((gap) => ({ risk: gap, remedy: '' })),
  ];
}

/** One risk for each kind of warning: a hundred topics that grow alike are not a hundred risks. */
function warned(plan: Plan): readonly Risk[] {
  const kinds = new Map<string, Warning[]>();
  for (const warning of plan.warnings) kinds.set(warning.code, [...(kinds.get(warning.code) ?? []), warning]);
  return [...kinds.values()]
    .sort(([a], [b]) => Number(b !== undefined && isBrokenPromise(b)) - Number(a !== undefined && isBrokenPromise(a)))
    .flatMap(([first, ...others]) =>
      first === undefined
        ? []
        : [{ risk: `${warningText(plan, first)}${likewise(plan, first, others)}`, remedy: first.remedy }],
    );
}

function likewise(plan: Plan, first: Warning, others: readonly Warning[]): string {
  const names = [...new Set(others.map((each) => topicName(plan, each) ?? each.path))].filter(
    (name) => name !== topicName(plan, first),
  );
  if (names.length === 0) return others.length === 0 ? '' : ` (${others.length + 1} times)`;
  return ` (likewise ${listed(names)})`;
}

/** With the topic that it is about: whoever reads this does not have the file before him. */
export function warningText(plan: Plan, warning: Warning): string {
  const name = topicName(plan, warning);
  return name === null || warning.message.includes(name) ? warning.message : `${name}: ${warning.message}`;
}

function topicName({ topics }: Plan, { path }: Warning): string | null {
  const [, index] = /^topics\[(\d+)\]/.exec(path) ?? [];
  return index === undefined ? null : (topics[Number(index)]?.name ?? null);
}

function soon({ warnings }: Plan, runsOut: RunsOut | null): readonly Risk[] {
  if (runsOut === null || runsOut.month > soonMonths) return [];
  // Partitions that run out where order counts have a warning already, which says more.
  if (runsOut.limits.length === 1 && warnings.some(({ code }) => code === 'ORDER_BROKEN_BY_GROWTH')) return [];
  return [
    {
      risk: `the first limit is reached ${runsOut.month === 0 ? 'today' : `in month ${runsOut.month}`}: ${runsOut.limits[0] ?? ''}`,
      remedy: 'plan the change now, or size for a later month with headroom plan FILE --what-if',
    },
  ];
}

function weakEvidence({ cluster }: Plan): readonly Risk[] {
  const most = binding([...cluster.resources, ...cluster.degraded.resources]);
  if (most === null || most.evidence !== 'heuristic') return [];
  return [
    {
      risk: `what binds is ${resourceName(most.resource)}, which is known by a rule of thumb only`,
      remedy: 'measure it before signing: headroom prove on a cluster of the type planned',
    },
  ];
}
