/** The queries of the boards that have data only once something broke, every variable standing for all. */
import type { PanelQuery } from '../bench/drill/types.ts';
import { localClusterName } from '../bench/monitoring/start.ts';
import { boards } from '../dashboards/index.ts';
import { queriesOf } from '../dashboards/queries.ts';

export function afterFaultQueries(scrapeSec: number): readonly PanelQuery[] {
  return boards.flatMap((board) =>
    board.rows.flatMap(({ panels }) =>
      panels.flatMap((panel) =>
        queriesOf(board, panel, 'local')
          .filter(({ presence }) => presence === 'afterFault')
          .map(({ expression }) => ({
            panel: `${board.title} > ${panel.title}`,
            expression: expression
              .replaceAll('$__rate_interval', `${4 * scrapeSec}s`)
              .replaceAll('$__range', '1m')
              .replaceAll('$cluster', localClusterName)
              .replaceAll(/\$(broker|topic|group)\b/g, '.+'),
          })),
      ),
    ),
  );
}
