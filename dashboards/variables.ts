/** The variables of the boards, and where their values come from. */
import type * as cog from '@grafana/grafana-foundation-sdk/cog';
import {
  ConstantVariableBuilder,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  type VariableModel,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { renderExpression } from '../lib/metrics/expression.ts';
import type { Profile } from '../lib/metrics/types.ts';
import { signalOf } from '../lib/metrics.ts';
import type { Board, BoardVariable } from './board.ts';

/** Every query goes to the data source that the user picks at the top of the board. */
export const datasource = { type: 'prometheus', uid: '$datasource' } as const;

interface VariableQuery {
  readonly name: string;
  readonly label: string;
  readonly signal: string;
  /** Label whose values are offered. */
  readonly of: string;
}

const cluster: VariableQuery = { name: 'cluster', label: 'Cluster', signal: 'targetUp', of: 'cluster' };
const chosen: Readonly<Record<BoardVariable, VariableQuery>> = {
  broker: { name: 'broker', label: 'Broker', signal: 'targetUp', of: 'broker' },
  // Not from the logs: those of the metadata quorum are there too, and are no topic.
  topic: { name: 'topic', label: 'Topic', signal: 'partitionInSync', of: 'topic' },
  group: { name: 'group', label: 'Group', signal: 'groupLag', of: 'consumergroup' },
};

/** What Grafana sends to fill a variable: `label_values(selector, label)`. */
export function variableQueries(
  board: Board,
  profile: Profile,
): readonly { readonly name: string; readonly query: string }[] {
  return [cluster, ...board.variables.map((name) => chosen[name])].map(({ name, signal, of }) => {
    const matchers = name === 'cluster' ? [] : ['cluster="$cluster"'];
    const scope = { profile, matchers, brokerMatchers: [], timeDivisor: 1 };
    return { name, query: `label_values(${renderExpression(`<${signal}>`, scope, signalOf)}, ${of})` };
  });
}

export function variablesOf(board: Board, profile: Profile, runbookUrl: string): cog.Builder<VariableModel>[] {
  return [
    new DatasourceVariableBuilder('datasource').label('Data source').type('prometheus'),
    ...variableQueries(board, profile).map(({ name, query }) => {
      const { label } = name === 'cluster' ? cluster : chosen[name as BoardVariable];
      const variable = new QueryVariableBuilder(name)
        .label(label)
        .query({ query, refId: `variable-${name}` })
        .datasource(datasource)
        .refresh(VariableRefresh.OnTimeRangeChanged)
        .sort(VariableSort.AlphabeticalAsc);
      // `.+` and not `.*`: the sum over all topics carries no topic.
      return name === 'cluster'
        ? variable
        : variable
            .multi(true)
            .includeAll(true)
            .allValue('.+')
            .current({ selected: true, text: 'All', value: '$__all' });
    }),
    new ConstantVariableBuilder('runbooks').label('Runbooks').value(runbookUrl),
  ];
}
