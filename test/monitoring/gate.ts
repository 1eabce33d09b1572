/**
 * The gate over dashboards: every query of every panel, with its variables filled as Grafana fills them, on a real
 * Prometheus. A query must give finite values and as many series as its panel says; empty is a fault, and each is named.
 */

import { instant, labelValues, type Sample } from '../../bench/monitoring/prometheus-api.ts';
import type { Board, Cardinality } from '../../dashboards/board.ts';
import { boards } from '../../dashboards/index.ts';
import { type PanelQuery, queriesOf } from '../../dashboards/queries.ts';
import { variableQueries } from '../../dashboards/variables.ts';
import { sourceOf } from '../../lib/metrics/expression.ts';
import { isAvailable, type Profile } from '../../lib/metrics/types.ts';
import { signalOf } from '../../lib/metrics.ts';

export interface GateRequest {
  readonly prometheusUrl: string;
  readonly profile: Profile;
  readonly brokers: number;
  /** Of the harness under load. */
  readonly groups: number;
  readonly benchTopics: number;
  /** Grafana: the larger of four scrapes and what a pixel stands for. */
  readonly rateInterval: string;
}

export interface GateResult {
  readonly checked: number;
  /** Only after a fault: not checked here. */
  readonly waiting: number;
  /** Board, panel, what is wrong. */
  readonly faults: readonly string[];
}

export async function runGate(request: GateRequest): Promise<GateResult> {
  const faults: string[] = [];
  let checked = 0;
  let waiting = 0;
  for (const board of boards) {
    const values = await fillVariables(board, request);
    for (const panel of board.rows.flatMap(({ panels }) => panels)) {
      for (const query of queriesOf(board, panel, request.profile)) {
        if (query.presence === 'afterFault') {
          waiting += 1;
          continue;
        }
        checked += 1;
        const expression = substitute(query.expression, values, request);
        const expected = expectedSeries(query, values, request);
        const fault = faultOf(await instant(request.prometheusUrl, expression), expected);
        if (fault !== null) faults.push(`${board.title} > ${panel.title}: ${fault}: ${expression}`);
      }
    }
  }
  return { checked, waiting, faults };
}

/** First the cluster, then what depends on it; All stands for everything there is. */
async function fillVariables(
  board: Board,
  { prometheusUrl, profile }: GateRequest,
): Promise<Map<string, readonly string[]>> {
  const values = new Map<string, readonly string[]>();
  for (const { name, query } of variableQueries(board, profile)) {
    values.set(name, await labelValues(prometheusUrl, query.replaceAll('$cluster', values.get('cluster')?.[0] ?? '')));
  }
  return values;
}

function substitute(
  expression: string,
  values: ReadonlyMap<string, readonly string[]>,
  { rateInterval }: GateRequest,
): string {
  return (
    expression
      .replaceAll('$__rate_interval', rateInterval)
      .replaceAll('$__range', '1m')
      .replaceAll('$cluster', values.get('cluster')?.[0] ?? '')
      // All, with the value that the variable gives it.
      .replaceAll(/\$(broker|topic|group)\b/g, '.+')
  );
}

function expectedSeries(
  { series, signals }: PanelQuery,
  values: ReadonlyMap<string, readonly string[]>,
  { brokers, groups, benchTopics, profile }: GateRequest,
): number | null {
  const ofHarness = signals.some((id) => {
    const source = sourceOf(signalOf(id), profile);
    return isAvailable(source) && source.exporter === 'harness';
  });
  const counts: Readonly<Record<Cardinality, number | null>> = {
    one: 1,
    perBroker: brokers,
    perTopic: ofHarness ? benchTopics : (values.get('topic')?.length ?? 0),
    perGroup: groups,
    some: null,
  };
  return counts[series];
}

function faultOf(samples: readonly Sample[], expected: number | null): string | null {
  if (samples.length === 0) return 'no data';
  if (expected !== null && samples.length !== expected) return `${samples.length} series instead of ${expected}`;
  const wild = samples.filter(({ value }) => !Number.isFinite(value));
  return wild.length > 0 ? `${wild.length} of ${samples.length} values are not finite` : null;
}
