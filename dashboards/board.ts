/**
 * A dashboard as data: rows of panels over signals. `render.ts` makes Grafana's JSON of it, one for each profile, and the
 * gate runs every query of it on a real cluster; both read the same value.
 */

import { signalsIn } from '../lib/metrics/expression.ts';
import type { DashboardId, Presence, Unit } from '../lib/metrics/types.ts';
import { signalOf } from '../lib/metrics.ts';

/** How many series a query must give on a healthy cluster under load; `some`: one or more. */
export type Cardinality = 'one' | 'perBroker' | 'perTopic' | 'perGroup' | 'some';

export interface Query {
  /** PromQL over signals, see lib/metrics/expression.ts. */
  readonly template: string;
  readonly legend: string;
  readonly series: Cardinality;
}

export interface Panel {
  readonly title: string;
  readonly kind: 'stat' | 'lines' | 'heatmap' | 'states';
  /** What it shows and how to read it. */
  readonly description: string;
  readonly unit: Unit;
  readonly queries: readonly Query[];
  /** From a good value to a bad one; `above` or `below` says in which direction it gets worse. */
  readonly limits?: { readonly warn: number; readonly bad: number; readonly worse: 'above' | 'below' };
  /** Board with the detail. */
  readonly detail?: DashboardId;
  /** Alert over what is shown: its runbook is linked. */
  readonly alert?: string;
  /** Of 24. */
  readonly width?: number;
}

export type BoardVariable = 'broker' | 'topic' | 'group';

export interface Board {
  readonly id: DashboardId;
  readonly title: string;
  readonly description: string;
  readonly variables: readonly BoardVariable[];
  readonly rows: readonly { readonly title: string; readonly panels: readonly Panel[] }[];
}

/** A figure now, coloured by its limits. */
export function stat(title: string, template: string, rest: Omit<Panel, 'title' | 'kind' | 'queries'>): Panel {
  return { title, kind: 'stat', queries: [{ template, legend: title, series: 'one' }], width: 4, ...rest };
}

/** Lines over time, one or more queries. */
export function lines(
  title: string,
  queries: readonly Query[],
  rest: Omit<Panel, 'title' | 'kind' | 'queries'>,
): Panel {
  return { title, kind: 'lines', queries, ...rest };
}

export function query(template: string, legend: string, series: Cardinality): Query {
  return { template, legend, series };
}

const rank: Readonly<Record<Presence, number>> = { always: 0, underLoad: 1, afterFault: 2 };

/** When a query can give data: as late as the latest of its signals. */
export function presenceOf({ template }: Query): Presence {
  return signalsIn(template)
    .map((id) => signalOf(id).presence)
    .reduce<Presence>((latest, each) => (rank[each] > rank[latest] ? each : latest), 'always');
}
