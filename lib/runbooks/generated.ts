/** What the tables know of a page: its head and, for an alert, the first check. Also the skeleton of a page nobody wrote yet. */

import { durationText, renderExpression, unscoped } from '../metrics/expression.ts';
import { alertsIn, dashboardUid } from '../metrics/prometheus-rules.ts';
import { type Alert, type CloudWatchSource, isAvailable, type Profile } from '../metrics/types.ts';
import { alerts, runbookPath, signalOf } from '../metrics.ts';
import { alertSections, procedureSections, region, withRegion } from './page.ts';
import { type Procedure, procedures } from './procedures.ts';

/** What one page is about. */
export type Subject = { readonly alert: Alert } | { readonly procedure: Procedure };

/** Every page there must be, by its id: the alerts' first. */
export const subjects: ReadonlyMap<string, Subject> = new Map<string, Subject>([
  ...alerts.map((alert) => [alert.id, { alert }] as const),
  ...procedures.map((procedure) => [`procedure-${procedure.id}`, { procedure }] as const),
]);

/** Path of a page from the root of the repository. */
export function pagePath(id: string): string {
  return runbookPath({ id });
}

/** The page with everything that comes from the tables written anew; null: there is no page, a skeleton of it. */
export function generatePage(id: string, page: string | null): string {
  const subject = subjects.get(id);
  if (subject === undefined) return page ?? '';
  const start = page ?? skeleton(id, subject);
  return Object.entries(regionsOf(subject)).reduce(
    (text, [name, content]) => withRegion(text, `generated ${name}`, content),
    start,
  );
}

/** Region -> content. */
export function regionsOf(subject: Subject): Readonly<Record<string, string>> {
  if ('procedure' in subject) return { head: subject.procedure.purpose };
  return { head: headOf(subject.alert), check: checkOf(subject.alert) };
}

function skeleton(id: string, subject: Subject): string {
  const title = 'procedure' in subject ? subject.procedure.title : id;
  const sections = ('procedure' in subject ? procedureSections : alertSections).map((name) => {
    if (name === 'Meaning') return region('generated head', '');
    if (name === 'Check') return `## Check\n\n${region('generated check', '')}`;
    return `## ${name}\n\n${name === 'Exercised' ? region('drill', 'Not yet.') : ''}`;
  });
  const head = 'procedure' in subject ? [region('generated head', '')] : [];
  return `${[`# ${title}`, ...head, ...sections].join('\n\n').trim()}\n`;
}

const severities: Readonly<Record<Alert['severity'], string>> = {
  page: 'wakes a person',
  ticket: 'wants a working day',
  failRun: 'voids a measurement',
  none: 'wants nobody while it fires',
};

function headOf(alert: Alert): string {
  const { severity, forSec, dashboard, summary, meaning, condition } = alert;
  const after = condition === null ? '' : forSec === 0 ? ', at once' : `, after ${durationText(forSec)}`;
  const board = condition === null ? 'the CloudWatch dashboard' : `board \`/d/${dashboardUid(dashboard)}\``;
  return [
    `**${severity}** ${severities[severity]}${after}; ${board}.`,
    `> ${summary.replaceAll(/\{\{ \$(?:labels\.)?(\w+)[^}]*\}\}/g, '‹$1›')}`,
    '',
    '## Meaning',
    '',
    meaning,
  ].join('\n');
}

function checkOf(alert: Alert): string {
  return [
    ...queryStep(alert, 'local', 'self-managed'),
    ...(isAvailable(alert.cloudWatch) ? cloudWatchStep(alert) : queryStep(alert, 'msk', 'MSK')),
  ].join('\n');
}

/** The condition itself: what it gives is what the alert is about, and nothing means that it is over. */
function queryStep(alert: Alert, profile: Profile, place: string): readonly string[] {
  const known = alertsIn(profile, [alert])[0];
  if (known === undefined) return [];
  const query = renderExpression(known.condition, { ...unscoped, profile }, signalOf);
  return [
    `### 1. What the alert sees (${place})`,
    '',
    'No line: it is over.',
    '',
    '```sh',
    `promtool query instant "$PROMETHEUS" '${query}'`,
    '```',
    '',
  ];
}

function cloudWatchStep({ cloudWatch }: Alert): readonly string[] {
  if (!isAvailable(cloudWatch)) return [];
  const sources = Object.values(cloudWatch.metrics)
    .map((id) => signalOf(id).sources.cloudWatch)
    .filter(isAvailable);
  return [
    '### 1. What the alert sees (MSK)',
    '',
    'The last hour, oldest first.',
    '',
    '```sh',
    ...sources.map((source) => metricCommand(source, cloudWatch.periodSec)),
    '```',
    '',
  ];
}

const dimensionValues: Readonly<Record<string, string>> = {
  'Cluster Name': '$CLUSTER_NAME',
  'Broker ID': '$BROKER',
  Topic: '$TOPIC',
  'Consumer Group': '$GROUP',
};

function metricCommand({ metric, statistic, dimensions }: CloudWatchSource, periodSec: number): string {
  const given = dimensions.filter((dimension) => dimension in dimensionValues);
  return [
    `aws cloudwatch get-metric-statistics --namespace AWS/Kafka --metric-name ${metric}`,
    `  --dimensions ${given.map((name) => `"Name=${name},Value=${dimensionValues[name]}"`).join(' ')}`,
    `  --start-time "$(date -u -d '-1 hour' +%FT%TZ)" --end-time "$(date -u +%FT%TZ)"`,
    `  --period ${periodSec} --statistics ${statistic} --output text`,
    `  --query 'sort_by(Datapoints,&Timestamp)[].[Timestamp,${statistic}]'`,
  ].join(' \\\n');
}
