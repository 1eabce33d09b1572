/** The rules as Prometheus reads them: promtool replays for each alert a history that fires it and one that does not. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { sourceOf } from '../../lib/metrics/expression.ts';
import { alertsIn, faultsOf, prometheusRules } from '../../lib/metrics/prometheus-rules.ts';
import { type Alert, isAvailable, type Profile } from '../../lib/metrics/types.ts';
import { alerts, signalOf, signals } from '../../lib/metrics.ts';
import { hasProgram } from '../monitoring/programs.ts';
import { alertCases, type History, type Scenario } from './alert-cases.ts';

const isInstalled = hasProgram('promtool');
let dir: string;

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'headroom-rules-'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function promtool(...args: readonly string[]): { ok: boolean; output: string } {
  const { status, stdout, stderr } = spawnSync('promtool', args, { cwd: dir, encoding: 'utf8' });
  return { ok: status === 0, output: `${stdout}${stderr}` };
}

function seriesOf([signal, values, labels = {}]: History, profile: Profile): { series: string; values: string } {
  const row = signalOf(signal);
  const source = sourceOf(row, profile);
  if (!isAvailable(source)) throw new Error(`${signal} is not there under ${profile}`);
  // An empty label is none.
  const own = Object.fromEntries(Object.entries(source.matchers).filter(([, value]) => value !== ''));
  const all = { cluster: 'c', ...(row.perBroker ? { broker: '1' } : {}), ...own, ...labels };
  const text = Object.entries(all).map(([label, value]) => `${label}="${value}"`);
  return { series: `${source.metric}{${text.join(',')}}`, values };
}

function testOf(alert: string, { history, at }: Scenario, profile: Profile, fires: boolean): object {
  return {
    name: `${alert} ${fires ? 'fires' : 'stays quiet'}`,
    interval: '1m',
    input_series: history.map((each) => seriesOf(each, profile)),
    promql_expr_test: [
      {
        expr: `clamp_max(count(ALERTS{alertname="${alert}",alertstate="firing"}) or vector(0), 1)`,
        eval_time: `${at}m`,
        exp_samples: [{ labels: '{}', value: fires ? 1 : 0 }],
      },
    ],
  };
}

describe.skipIf(!isInstalled)('rules under promtool', () => {
  it.each(['local', 'ec2', 'msk'] as const)('of %s are read without a fault', (profile) => {
    writeFileSync(join(dir, `${profile}.yaml`), prometheusRules({ profile }));
    const checked = promtool('check', 'rules', `${profile}.yaml`);
    expect(checked.output).toContain(`SUCCESS: ${alertsIn(profile).length} rules found`);
  });

  it.each(['local', 'msk'] as const)(
    'of %s fire when they should and not when they should not',
    (profile) => {
      const known = alertsIn(profile);
      // A file of rules for each: the others need not be replayed over its days.
      const files = known.map((alert) => {
        const { id } = alert;
        const { fires, quiet } = alertCases[id] ?? { fires: null, quiet: null };
        const tests = [
          ...(fires === null ? [] : [testOf(id, fires, profile, true)]),
          ...(quiet === null ? [] : [testOf(id, quiet, profile, false)]),
        ];
        expect(tests.length, id).toBe(id === 'Watchdog' ? 1 : 2);
        writeFileSync(join(dir, `${id}.rules.yaml`), prometheusRules({ profile }, [alert]));
        const rules = { rule_files: [`${id}.rules.yaml`], evaluation_interval: '1m', tests };
        writeFileSync(join(dir, `${id}.test.yaml`), stringify(rules));
        return `${id}.test.yaml`;
      });
      const { ok, output } = promtool('test', 'rules', ...files);
      expect(output).not.toContain('FAILED');
      expect(output.match(/SUCCESS/g)).toHaveLength(known.length);
      expect(ok).toBe(true);
    },
    60_000,
  );

  it('would be found if one could not fire: the planted fault', () => {
    const blunted = alerts.map((alert) =>
      alert.id === 'KafkaOfflinePartitions' ? { ...alert, condition: 'count(<offlinePartitions> > 100) == 0' } : alert,
    );
    writeFileSync(join(dir, 'rules.yaml'), prometheusRules({ profile: 'local' }, blunted));
    const tests = [
      testOf('KafkaOfflinePartitions', { history: [['offlinePartitions', '2x10']], at: 5 }, 'local', true),
    ];
    writeFileSync(join(dir, 'test.yaml'), stringify({ rule_files: ['rules.yaml'], evaluation_interval: '1m', tests }));
    expect(promtool('test', 'rules', 'test.yaml').ok).toBe(false);
  });

  it('with a syntax error are refused', () => {
    const broken = alerts.map((alert) =>
      alert.id === 'Watchdog' ? { ...alert, condition: 'vector(1) >>> 2' } : alert,
    );
    writeFileSync(join(dir, 'rules.yaml'), prometheusRules({ profile: 'local' }, broken));
    expect(promtool('check', 'rules', 'rules.yaml').output).toMatch(/"Watchdog": could not parse expression/);
  });
});

describe('rules', () => {
  const rulesOf = (text: string) => (parse(text) as { groups: { interval: string; rules: Rule[] }[] }).groups[0];
  interface Rule {
    readonly alert: string;
    readonly expr: string;
    readonly for?: string;
    readonly labels: Record<string, string>;
    readonly annotations: Record<string, string>;
  }

  it('have a case each', () => {
    const conditioned = alerts.filter(({ condition }) => condition !== null).map(({ id }) => id);
    expect(Object.keys(alertCases).sort()).toEqual([...conditioned].sort());
  });

  it('name severity, board and runbook', () => {
    for (const { alert, labels, annotations } of rulesOf(prometheusRules({ profile: 'local' }))?.rules ?? []) {
      expect(labels.severity, alert).toMatch(/^(page|ticket|failRun|none)$/);
      expect(annotations.runbook_url).toBe(`runbooks/${alert}.md`);
      expect(annotations.dashboard_url).toMatch(/^\/d\/headroom-[a-z]+$/);
      expect(annotations.summary?.length).toBeGreaterThan(10);
    }
  });

  it('never page for what a rolling restart does', () => {
    const short = alerts.filter(
      ({ severity, condition }) =>
        severity === 'page' && /underReplicated|targetUp>|activeBrokers/.test(condition ?? ''),
    );
    for (const { id, forSec } of short) expect(forSec, id).toBeGreaterThanOrEqual(180);
  });

  it('divide every duration by one factor', () => {
    const rules = rulesOf(prometheusRules({ profile: 'local', timeDivisor: 60 }));
    const rule = (id: string) => rules?.rules.find(({ alert }) => alert === id);
    expect(rule('KafkaUnderReplicated')?.for).toBe('15s');
    expect(rule('KafkaSloFastBurn')?.expr).toContain('[1m]');
    expect(rule('KafkaSloFastBurn')?.expr).toContain('[5s]');
    expect(rule('KafkaDiskWillFill')?.expr).toMatch(/\[6m\], 1440\)/);
    expect(rule('KafkaConsumerStalled')?.expr).toContain('[10s:500ms]');
  });

  it('refuse an unknown profile by name', () => {
    expect(() => prometheusRules({ profile: 'kubernetes' as Profile })).toThrow(
      /no profile "kubernetes": expected local, ec2, msk/,
    );
  });

  it('refuse what is not sound, each by name', () => {
    const [first] = alerts;
    const broken = [
      { ...(first as Alert), id: 'Unbalanced', condition: 'sum(<offlinePartitions> > 0' },
      { ...(first as Alert), id: 'Unknown', condition: '<noSuchSignal> > 0' },
    ];
    const [signal] = signals;
    const table = [...signals, { ...(signal as (typeof signals)[number]), id: 'bare', unit: '' as never }];
    expect(faultsOf(broken, table)).toEqual([
      'signal bare has no unit',
      'alert Unbalanced has a condition whose brackets do not match: sum(<offlinePartitions> > 0',
      'alert Unknown speaks of noSuchSignal, which is no signal',
    ]);
    expect(() => prometheusRules({ profile: 'local' }, broken)).toThrow(/Unbalanced/);
  });

  it('are sound as they are', () => {
    expect(faultsOf(alerts, signals)).toEqual([]);
  });
});
