/** What was seen of a fault, as its result. */
import { alertsIn } from '../../lib/metrics/prometheus-rules.ts';
import type { Alert } from '../../lib/metrics/types.ts';
import type { Fault } from '../faults/fault.ts';
import type { Firing } from './alert-watch.ts';
import type { AlertResult, BlockResult, FaultResult } from './types.ts';

/** Fires on a healthy cluster, too: its silence would be the fault. */
export const alwaysFiring = 'Watchdog';
export const pages = alertsIn('local').flatMap(({ id, severity }) => (severity === 'page' ? [id] : []));
/** Did not end in time, cannot be executed, not found. Others are answers: grep without a match, a broker that is down. */
export const brokenCodes: readonly number[] = [124, 126, 127];

export interface Observed {
  readonly evidence: string | null;
  readonly panels: readonly string[];
  readonly blocks: readonly BlockResult[];
}

export interface Found extends Observed {
  readonly missing: string | null;
  readonly left: ReadonlySet<string>;
  readonly times: { readonly at: string; readonly injectedMs: number; readonly healingMs: number };
  readonly firings: readonly Firing[];
}

export function judge(fault: Fault, expected: readonly Alert[], found: Found): FaultResult {
  const { injectedMs, healingMs } = found.times;
  const alerts = expected.map(({ id, severity }): AlertResult => {
    const own = found.firings.filter(({ alert }) => alert === id);
    const first = own[0];
    const last = own.at(-1);
    const clearedAfterSec =
      last?.toMs === null || last?.toMs === undefined ? null : seconds(Math.max(0, last.toMs - healingMs));
    return {
      ...{ alert: id, severity, clearedAfterSec },
      firedAfterSec: first === undefined ? null : seconds(Math.max(0, first.fromMs - injectedMs)),
    };
  });
  const ids = new Set(expected.map(({ id }) => id));
  const others = [...new Set(found.firings.map(({ alert }) => alert))].filter(
    (id) => !ids.has(id) && !found.left.has(id) && id !== alwaysFiring,
  );
  const unexpected = others.filter((id) => !fault.consequences.includes(id));
  const unexpectedPages = unexpected.filter((id) => pages.includes(id));
  const faults = [
    ...alerts.filter(({ firedAfterSec }) => firedAfterSec === null).map(({ alert }) => `${alert} did not fire`),
    ...expected.filter(({ id }) => found.left.has(id) && id !== alwaysFiring).map(({ id }) => `${id} fired before`),
    ...alerts
      .filter((each) => each.firedAfterSec !== null && each.clearedAfterSec === null && each.alert !== alwaysFiring)
      .map(({ alert }) => `${alert} was not clear in time`),
    ...unexpectedPages.map((id) => `${id} fired and is no consequence of the fault`),
    ...(found.missing === null ? [] : [`the cluster was not whole again: ${found.missing}`]),
    ...found.blocks
      .filter(({ exitCode }) => exitCode !== null && brokenCodes.includes(exitCode))
      .map(({ page, heading, exitCode }) => `a block of ${page}, ${heading}, ended with ${exitCode}`),
  ];
  return {
    fault: fault.id,
    at: found.times.at,
    outcome: faults.length > 0 ? 'notMet' : found.evidence === null ? 'inconclusive' : 'met',
    reasons: [...faults, ...(found.evidence === null ? ['nothing showed that the fault was there'] : [])],
    evidence: found.evidence,
    alerts,
    consequences: others.filter((id) => !unexpectedPages.includes(id)),
    unexpectedPages,
    panels: found.panels,
    blocks: found.blocks,
  };
}

export function notInjected(fault: Fault, expected: readonly Alert[], because: string): FaultResult {
  return {
    fault: fault.id,
    at: new Date().toISOString(),
    outcome: 'inconclusive',
    reasons: [`it cannot be injected here: ${because}`],
    evidence: null,
    alerts: expected.map(({ id, severity }) => ({
      ...{ alert: id, severity, firedAfterSec: null, clearedAfterSec: null },
    })),
    ...{ consequences: [], unexpectedPages: [], panels: [], blocks: [] },
  };
}

function seconds(milliseconds: number): number {
  return Math.round(milliseconds / 100) / 10;
}
