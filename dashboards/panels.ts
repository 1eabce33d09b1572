/** A panel in Grafana's form: looks, units, limits, links. */
import type * as cog from '@grafana/grafana-foundation-sdk/cog';
import {
  BigValueColorMode,
  BigValueGraphMode,
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  VisibilityMode,
  VizLegendOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import {
  DashboardLinkBuilder,
  DashboardLinkType,
  type Panel as GrafanaPanel,
  type Threshold,
  type ThresholdsConfig,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder as HeatmapBuilder } from '@grafana/grafana-foundation-sdk/heatmap';
import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as StatesBuilder } from '@grafana/grafana-foundation-sdk/statetimeline';
import { PanelBuilder as LinesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { dashboardUid } from '../lib/metrics/prometheus-rules.ts';
import type { Unit } from '../lib/metrics/types.ts';
import type { Panel } from './board.ts';
import type { PanelQuery } from './queries.ts';
import { datasource } from './variables.ts';

/** Grafana's names of our units; sizes are decimal, as everywhere. */
const grafanaUnits: Readonly<Record<Unit, string>> = {
  count: 'short',
  records: 'short',
  recordsPerSec: 'cps',
  bytes: 'decbytes',
  bytesPerSec: 'Bps',
  milliseconds: 'ms',
  seconds: 's',
  ratio: 'percentunit',
  percent: 'percent',
  perSec: 'cps',
  epoch: 'none',
  state: 'none',
};
const colours = { good: 'green', warn: 'orange', bad: 'red' } as const;

/** What every kind of panel builder can do. */
interface AnyPanelBuilder extends cog.Builder<GrafanaPanel> {
  title(title: string): this;
  description(description: string): this;
  datasource(reference: { type: string; uid: string }): this;
  unit(unit: string): this;
  thresholds(thresholds: cog.Builder<ThresholdsConfig>): this;
  withTarget(target: cog.Builder<cog.Dataquery>): this;
  links(links: cog.Builder<ReturnType<DashboardLinkBuilder['build']>>[]): this;
}

/** The panel without id and place, which the board gives. */
export function buildPanel(panel: Panel, queries: readonly PanelQuery[]): GrafanaPanel {
  const builder = kindOf(panel)
    .title(panel.title)
    .description(panel.description)
    .datasource(datasource)
    .unit(grafanaUnits[panel.unit])
    .thresholds(thresholdsOf(panel))
    .links(linksOf(panel));
  for (const [index, query] of queries.entries()) builder.withTarget(targetOf(panel, query, index));
  return builder.build();
}

function kindOf(panel: Panel): AnyPanelBuilder {
  switch (panel.kind) {
    case 'stat':
      return new StatBuilder()
        .colorMode(panel.limits === undefined ? BigValueColorMode.None : BigValueColorMode.Background)
        .graphMode(BigValueGraphMode.Area)
        .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false));
    case 'heatmap':
      return new HeatmapBuilder().calculate(false).cellGap(1);
    case 'states':
      return new StatesBuilder().mergeValues(true).showValue(VisibilityMode.Never);
    case 'lines':
      return new LinesBuilder()
        .lineWidth(1)
        .fillOpacity(0)
        .showPoints(VisibilityMode.Never)
        .axisSoftMin(0)
        .legend(
          new VizLegendOptionsBuilder()
            .displayMode(LegendDisplayMode.Table)
            .placement(LegendPlacement.Bottom)
            .showLegend(true)
            .calcs(['lastNotNull', 'max']),
        )
        .thresholdsStyle(
          new GraphThresholdsStyleConfigBuilder().mode(
            panel.limits === undefined ? GraphThresholdsStyleMode.Off : GraphThresholdsStyleMode.Line,
          ),
        );
  }
}

function thresholdsOf({ limits }: Panel): cog.Builder<ThresholdsConfig> {
  const builder = new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute);
  if (limits === undefined) return builder.steps([{ value: null, color: colours.good }]);
  const { warn, bad, worse } = limits;
  const [first, second, third] =
    worse === 'above' ? [colours.good, colours.warn, colours.bad] : [colours.bad, colours.warn, colours.good];
  const [low, high] = worse === 'above' ? [warn, bad] : [bad, warn];
  const steps: Threshold[] = [{ value: null, color: first }];
  if (low !== high) steps.push({ value: low, color: second });
  steps.push({ value: high, color: third });
  return builder.steps(steps);
}

function targetOf(panel: Panel, query: PanelQuery, index: number): cog.Builder<cog.Dataquery> {
  const target = new DataqueryBuilder()
    .refId(String.fromCharCode(65 + index))
    .datasource(datasource)
    .expr(query.expression)
    .legendFormat(query.legend)
    .range();
  return panel.kind === 'heatmap' ? target.format(PromQueryFormat.Heatmap) : target;
}

/** From overview to detail with the same cluster and time, and to the runbook of the alert over it. */
function linksOf({ detail, alert }: Panel): cog.Builder<ReturnType<DashboardLinkBuilder['build']>>[] {
  const links = [];
  if (detail !== undefined) {
    links.push(
      link(
        `Detail: ${detail}`,
        `/d/${dashboardUid(detail)}?var-datasource=\${datasource}&var-cluster=\${cluster}&\${__url_time_range}`,
      ),
    );
  }
  if (alert !== undefined) links.push(link(`Runbook: ${alert}`, `\${runbooks}${alert}.md`));
  return links;
}

function link(title: string, url: string): DashboardLinkBuilder {
  return new DashboardLinkBuilder(title).type(DashboardLinkType.Link).url(url).targetBlank(true);
}
