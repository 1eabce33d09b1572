/** docs/reference/metrics.md: the signal table and its alerts, for people. */
import { alerts, runbookPath, signals } from '../metrics.ts';
import { durationText } from './expression.ts';
import { type Alert, isAvailable, type NotAvailable, type PrometheusSource, type Signal } from './types.ts';

/** The page, without its heading note. */
export function metricsReference(): string {
  return [
    '# Metrics and alerts',
    '',
    'Every signal Headroom observes, once, with its name in each place. `local` and `ec2` read brokers through',
    '`dashboards/generated/ec2/jmx-exporter.yaml`; `msk` through open monitoring, whose names were checked against a broker',
    'that exports in the same form, not against a live MSK cluster. **-** says that a place does not have it; why is listed below.',
    '',
    '## Signals',
    '',
    '| id | meaning | unit | when | self-managed | MSK open monitoring | CloudWatch |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...signals.map(signalRow),
    '',
    '## Not available',
    '',
    ...signals.flatMap(missingLines),
    '',
    '## Alerts',
    '',
    'Severity: `page` wants a person now, `ticket` a working day, `failRun` voids a measurement, `none` proves that alerts arrive.',
    '',
    '| alert | severity | after | what it means | CloudWatch alarm | runbook |',
    '| --- | --- | --- | --- | --- | --- |',
    ...alerts.map(alertRow),
    '',
  ].join('\n');
}

function signalRow({ id, meaning, unit, presence, sources }: Signal): string {
  const { selfManaged, msk, cloudWatch } = sources;
  const watched = isAvailable(cloudWatch)
    ? `\`${cloudWatch.metric}\` ${cloudWatch.statistic}, ${cloudWatch.level}`
    : '-';
  const cells = [`\`${id}\``, meaning, unit, presence, nameOf(selfManaged), nameOf(msk), watched];
  return `| ${cells.map(escaped).join(' | ')} |`;
}

function nameOf(source: PrometheusSource | NotAvailable): string {
  if (!isAvailable(source)) return '-';
  const matchers = Object.entries(source.matchers).map(([label, value]) => `${label}="${value}"`);
  const metrics = Object.values(source.byQuantile ?? {}).map(({ metric }) => metric);
  const names = metrics.length > 0 ? metrics : [source.metric];
  return names.map((name) => `\`${name}${matchers.length > 0 ? `{${matchers.join(',')}}` : ''}\``).join(' ');
}

function missingLines({ id, sources }: Signal): readonly string[] {
  const places: Readonly<Record<string, object | NotAvailable>> = {
    'self-managed': sources.selfManaged,
    MSK: sources.msk,
    CloudWatch: sources.cloudWatch,
  };
  return Object.entries(places).flatMap(([place, source]) =>
    'notAvailable' in source ? [`- \`${id}\`, ${place}: ${source.notAvailable}`] : [],
  );
}

function alertRow(alert: Alert): string {
  const { id, severity, forSec, meaning, cloudWatch, condition } = alert;
  const after = condition === null ? 'CloudWatch only' : forSec === 0 ? 'at once' : durationText(forSec);
  const alarm = isAvailable(cloudWatch) ? `for every ${cloudWatch.per}` : cloudWatch.notAvailable;
  return `| ${[`\`${id}\``, severity, after, meaning, alarm, `\`${runbookPath(alert)}\``].map(escaped).join(' | ')} |`;
}

function escaped(text: string): string {
  return text.replaceAll('|', '\\|');
}
