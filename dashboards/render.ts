/**
 * A board as Grafana's dashboard JSON (schema version of the SDK, v1 form, which every supported Grafana reads). What the
 * profile cannot show is left out; a row without panels goes too. Never loaded in a real Grafana by our tests: they check
 * the JSON's invariants and run every query on a real Prometheus.
 */
import {
  AnnotationQueryBuilder,
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  type Panel as GrafanaPanel,
  RowBuilder,
  type RowPanel,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { dashboardUid } from '../lib/metrics/prometheus-rules.ts';
import type { Profile } from '../lib/metrics/types.ts';
import type { Board, Panel } from './board.ts';
import { buildPanel } from './panels.ts';
import { queriesOf } from './queries.ts';
import { datasource, variablesOf } from './variables.ts';

const columns = 24;
const panelHeight = { stat: 4, lines: 8, heatmap: 9, states: 6 } as const;
const defaultWidth = { stat: 4, lines: 12, heatmap: 12, states: 24 } as const;

export interface RenderOptions {
  readonly profile: Profile;
  /**
   * Address in front of `<alert>.md`.
   *
   * @default 'runbooks/'
   */
  readonly runbookUrl?: string;
}

/** The dashboard; null when the profile can show nothing of it. */
export function renderBoard(board: Board, { profile, runbookUrl = 'runbooks/' }: RenderOptions): Dashboard | null {
  const panels = placed(board, profile);
  if (panels.length === 0) return null;
  const builder = new DashboardBuilder(board.title)
    .uid(dashboardUid(board.id))
    .description(board.description)
    .tags(['headroom', profile])
    .readonly()
    .tooltip(DashboardCursorSync.Crosshair)
    .time({ from: 'now-1h', to: 'now' })
    .refresh('30s')
    .variables(variablesOf(board, profile, runbookUrl))
    .annotations(annotations())
    .link(
      new DashboardLinkBuilder('Headroom')
        .type(DashboardLinkType.Dashboards)
        .tags(['headroom'])
        .asDropdown(true)
        .includeVars(true)
        .keepTime(true),
    );
  return withoutPlacement({ ...builder.build(), id: null as never, panels: [...panels] });
}

/** The SDK puts links and annotations into a menu that hides them; left out, they stand on the board. */
function withoutPlacement(dashboard: Dashboard): Dashboard {
  return JSON.parse(
    JSON.stringify(dashboard, (key, value) => (key === 'placement' && value === 'inControlsMenu' ? undefined : value)),
  );
}

/** Runs, faults and pages, marked on every panel of every board. */
function annotations(): AnnotationQueryBuilder[] {
  const marked = (name: string, expression: string, title: string, colour: string): AnnotationQueryBuilder =>
    new AnnotationQueryBuilder()
      .name(name)
      .datasource(datasource)
      .enable(true)
      .iconColor(colour)
      .expr(expression)
      .titleFormat(title)
      .step('15s');
  return [
    marked('Phases of a run', 'bench_phase{cluster="$cluster"} == 1', '{{phase}}', 'blue'),
    marked('Injected faults', 'bench_fault{cluster="$cluster"} == 1', '{{fault}}', 'purple'),
    marked('Pages', 'ALERTS{alertstate="firing",severity="page",cluster="$cluster"}', '{{alertname}}', 'red'),
  ];
}

/** Left to right, row under row; ids count up from 1, because the SDK leaves them open. */
function placed(board: Board, profile: Profile): readonly (GrafanaPanel | RowPanel)[] {
  const all: (GrafanaPanel | RowPanel)[] = [];
  let y = 0;
  for (const row of board.rows) {
    const shown = row.panels.filter((panel) => queriesOf(board, panel, profile).length > 0);
    if (shown.length === 0) continue;
    const heading = new RowBuilder(row.title).build();
    all.push({ ...heading, id: all.length + 1, gridPos: { x: 0, y, w: columns, h: 1 } });
    y += 1;
    for (const line of linesOf(shown)) {
      let x = 0;
      for (const panel of line) {
        const gridPos = { x, y, w: widthOf(panel), h: panelHeight[panel.kind] };
        all.push({ ...buildPanel(panel, queriesOf(board, panel, profile)), id: all.length + 1, gridPos });
        x += gridPos.w;
      }
      y += Math.max(...line.map(({ kind }) => panelHeight[kind]));
    }
  }
  return all;
}

function linesOf(panels: readonly Panel[]): readonly (readonly Panel[])[] {
  const lines: Panel[][] = [];
  let used = columns;
  for (const panel of panels) {
    if (used + widthOf(panel) > columns) {
      lines.push([]);
      used = 0;
    }
    lines.at(-1)?.push(panel);
    used += widthOf(panel);
  }
  return lines;
}

function widthOf({ kind, width }: Panel): number {
  return width ?? defaultWidth[kind];
}
