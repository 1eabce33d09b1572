/** What may go wrong although the plan adds up: what cannot be kept first, then the plan's other warnings. */
import { binding } from '../../plan/capacity/resources.ts';
import type { Plan } from '../../plan/types.ts';
import type { Warning } from '../../requirements/types.ts';
import { isBrokenPromise } from './broken-promises.ts';
import type { Risk, RunsOut } from './types.ts';
import { resourceName } from './words.ts';

/** Enlarging takes a budget round and a maintenance window: sooner than this is a risk. */
const soonMonths = 6;

export function risks(plan: Plan, runsOut: RunsOut | null): readonly Risk[] {
  return [
    ...plan.warnings
      .toSorted((a, b) => Number(isBrokenPromise(b)) - Number(isBrokenPromise(a)))
      .map((warning) => ({ risk: warningText(plan, warning), remedy: warning.remedy })),
    ...soon(plan, runsOut),
    ...weakEvidence(plan),
    ...plan.cluster.gaps.map((gap) => ({ risk: gap, remedy: '' })),
  ];
}

/** With the topic that it is about: whoever reads this does not have the file before him. */
export function warningText({ topics }: Plan, { path, message }: Warning): string {
  const [, index] = /^topics\[(\d+)\]/.exec(path) ?? [];
  const name = index === undefined ? undefined : topics[Number(index)]?.name;
  return name === undefined || message.includes(name) ? message : `${name}: ${message}`;
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
