/** Invariants of the dashboard JSON, and the rules of Grafana's dashboard linter that apply to boards without job and instance. */
import { describe, expect, it } from 'vitest';
import { dashboardFiles } from '../../dashboards/files.ts';
import { boards } from '../../dashboards/index.ts';
import { gapsOf, queriesOf } from '../../dashboards/queries.ts';
import { renderBoard } from '../../dashboards/render.ts';
import { dashboardIds, profiles } from '../../lib/metrics/types.ts';
import { alerts } from '../../lib/metrics.ts';
import { examplePlan } from '../bench/example-plan.ts';

interface PanelJson {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly datasource?: { readonly uid: string };
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly {
    readonly expr: string;
    readonly refId: string;
    readonly datasource: { readonly uid: string };
  }[];
  readonly fieldConfig?: { readonly defaults: { readonly unit?: string } };
  readonly links?: readonly { readonly url: string }[];
}

interface VariableJson {
  readonly name: string;
  readonly type: string;
  readonly refresh?: number;
  readonly allValue?: string;
}

const rendered = profiles.flatMap((profile) =>
  boards.flatMap((board) => {
    const dashboard = renderBoard(board, { profile });
    if (dashboard === null) return [];
    const json = JSON.parse(JSON.stringify(dashboard)) as Record<string, unknown>;
    const all = json.panels as readonly PanelJson[];
    return [{ name: `${profile} ${board.id}`, json, all, panels: all.filter(({ type }) => type !== 'row') }];
  }),
);

describe('the boards', () => {
  it('are all there, for every profile', () => {
    expect(boards.map(({ id }) => id)).toEqual(dashboardIds);
    expect(rendered).toHaveLength(profiles.length * boards.length);
  });

  it.each(rendered)('$name is a dashboard that imports as it stands', ({ json, all }) => {
    expect(json).toMatchObject({ id: null, schemaVersion: 42, editable: false });
    expect(json.uid).toMatch(/^headroom-[a-z]+$/);
    expect(json).not.toHaveProperty('__inputs');
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    expect(all.every(({ id }) => Number.isInteger(id) && id > 0)).toBe(true);
  });

  it.each(rendered)('$name asks only the data source that the user picks', ({ json, panels }) => {
    const variables = (json.templating as { list: readonly VariableJson[] }).list;
    expect(variables[0]).toMatchObject({ name: 'datasource', type: 'datasource' });
    for (const { name, type, refresh, allValue } of variables) {
      // Values that came with the time range must be asked for again when it changes.
      if (type === 'query') expect(refresh, name).toBe(2);
      if (type === 'query' && name !== 'cluster') expect(allValue, name).toBe('.+');
    }
    const uids = panels.flatMap(({ datasource, targets = [] }) => [
      datasource?.uid,
      ...targets.map((each) => each.datasource.uid),
    ]);
    expect(new Set(uids)).toEqual(new Set(['$datasource']));
  });

  it.each(rendered)('$name has title, description, unit and queries in every panel', ({ panels }) => {
    for (const { title, description = '', fieldConfig, targets = [] } of panels) {
      expect(title.length).toBeGreaterThan(2);
      expect(description.length, title).toBeGreaterThan(10);
      expect(fieldConfig?.defaults.unit, title).toMatch(/^[a-zA-Z]+$/);
      expect(targets.length, title).toBeGreaterThan(0);
      expect(new Set(targets.map(({ refId }) => refId)).size).toBe(targets.length);
    }
  });

  it.each(rendered)(
    '$name rates counters over $__rate_interval or a stated range, and names its cluster',
    ({ panels }) => {
      for (const { expr } of panels.flatMap(({ targets = [] }) => targets)) {
        expect(expr).toContain('cluster="$cluster"');
        expect(expr).not.toMatch(/irate\(|<[a-z]/);
        for (const [, range] of expr.matchAll(/\b(?:rate|increase|deriv)\([^[]*\[([^\]]+)\]/g)) {
          expect(range).toMatch(/^(\$__rate_interval|\$__range|\d+[smhd](:\d+[smhd])?)$/);
        }
        for (const [counter] of expr.matchAll(/\w+_total\{/g)) {
          expect(expr.slice(0, expr.indexOf(counter)), expr).toMatch(/(rate|increase)\($|sum\($/);
        }
      }
    },
  );

  it.each(rendered)('$name lays its panels side by side, none over another', ({ all }) => {
    const taken = new Set<string>();
    for (const { gridPos, title } of all) {
      expect(gridPos.x + gridPos.w, title).toBeLessThanOrEqual(24);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
          expect(taken.has(`${x},${y}`), `${title} at ${x},${y}`).toBe(false);
          taken.add(`${x},${y}`);
        }
      }
    }
  });

  it('lead from the overview to the detail and to runbooks of alerts there are', () => {
    const ids = new Set(alerts.map(({ id }) => id));
    for (const board of boards) {
      for (const { alert } of board.rows.flatMap(({ panels }) => panels)) {
        if (alert !== undefined) expect(ids.has(alert), alert).toBe(true);
      }
    }
    const overview = rendered.find(({ name }) => name === 'local overview');
    const urls = overview?.panels.flatMap(({ links = [] }) => links.map(({ url }) => url)) ?? [];
    expect(urls.some((url) => /^\/d\/headroom-quorum\?var-datasource=\$\{datasource\}&var-cluster=/.test(url))).toBe(
      true,
    );
    expect(urls.some((url) => /^\$\{runbooks\}KafkaOfflinePartitions\.md$/.test(url))).toBe(true);
  });

  it('show every alert on the board that it names', () => {
    for (const { id, dashboard, condition } of alerts) {
      if (condition !== null) expect(dashboardIds, id).toContain(dashboard);
    }
  });

  it('say what a profile cannot show, and show everything on our own brokers', () => {
    for (const board of boards) {
      expect(gapsOf(board, 'local'), board.id).toEqual([]);
      expect(gapsOf(board, 'ec2'), board.id).toEqual([]);
    }
    const onMsk = boards.flatMap((board) => gapsOf(board, 'msk'));
    expect(onMsk.length).toBeGreaterThan(10);
    for (const { reason } of onMsk) expect(reason.length).toBeGreaterThan(15);
  });

  it('ask for a quantile where MSK has a metric each', () => {
    const overview = boards[0];
    const produce = overview?.rows.flatMap(({ panels }) => panels).find(({ title }) => title === 'Produce p99');
    if (overview === undefined || produce === undefined) throw new Error('no such panel');
    expect(queriesOf(overview, produce, 'msk')[0]?.expression).toBe(
      'max by (broker) (kafka_network_RequestMetrics_99thPercentile{name="TotalTimeMs",request="Produce",cluster="$cluster"})',
    );
  });
});

describe('the export', () => {
  it('refuses an unknown profile by name', () => {
    expect(() => dashboardFiles({ profile: 'kubernetes' })).toThrow(
      /no profile "kubernetes": expected local, ec2, msk/,
    );
  });

  it('adds the figures of a plan, under the name of its cluster', () => {
    const files = dashboardFiles({
      profile: 'msk',
      plan: { plan: examplePlan(), cluster: 'orders' },
      runbookUrl: 'https://wiki.example',
    });
    expect(files['plan.yaml']).toContain(
      'record: headroom_plan_brokers\n        expr: vector(3)\n        labels:\n          cluster: orders',
    );
    expect(files['alerts.yaml']).toContain('runbook_url: https://wiki.example/KafkaUnderReplicated.md');
    expect(files['overview.json']).toContain('https://wiki.example/');
    expect(files).not.toHaveProperty('jmx-exporter.yaml');
  });
});
