/** A board's queries as PromQL of one profile, and what the profile cannot show. Used by the JSON and by the gate alike. */

import { renderExpression, signalsIn, unavailableIn } from '../lib/metrics/expression.ts';
import type { Presence, Profile } from '../lib/metrics/types.ts';
import { signalOf } from '../lib/metrics.ts';
import { type Board, type Cardinality, type Panel, presenceOf } from './board.ts';

export interface PanelQuery {
  readonly expression: string;
  readonly legend: string;
  readonly series: Cardinality;
  readonly presence: Presence;
  readonly signals: readonly string[];
}

export interface Gap {
  readonly panel: string;
  readonly signal: string;
  readonly reason: string;
}

/** The queries of a panel that the profile can answer. */
export function queriesOf(board: Board, panel: Panel, profile: Profile): readonly PanelQuery[] {
  const scope = {
    profile,
    matchers: ['cluster="$cluster"'],
    brokerMatchers: board.variables.includes('broker') ? ['broker=~"$broker"'] : [],
    timeDivisor: 1,
  };
  return panel.queries
    .filter(({ template }) => unavailableIn(template, profile, signalOf).length === 0)
    .map((query) => ({
      expression: renderExpression(query.template, scope, signalOf),
      legend: query.legend,
      series: query.series,
      presence: presenceOf(query),
      signals: signalsIn(query.template),
    }));
}

/** What a board cannot show under a profile, each with the reason. */
export function gapsOf(board: Board, profile: Profile): readonly Gap[] {
  return board.rows.flatMap(({ panels }) =>
    panels.flatMap((panel) =>
      panel.queries.flatMap(({ template }) =>
        unavailableIn(template, profile, signalOf).map((gap) => ({ panel: panel.title, ...gap })),
      ),
    ),
  );
}
