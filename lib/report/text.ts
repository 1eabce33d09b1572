/** A run for the console: the same value as the report, in lines of text without colour. */
import { renderTable } from '../plan/table.ts';
import { formatBytes, formatCount, formatDurationMs, formatRate, formatSignedPercent } from '../units.ts';
import { evidenceText, foundText, marginText, outcomeWords, requiredText } from './figures.ts';
import { countsText, missText } from './headline.ts';
import { answerText, causeText, conditionsText } from './limit.ts';
import { clusterText, modeName, p99Text, storageDeviation, summarise } from './summary.ts';
import type { Run } from './types.ts';

const label = 9;
const incidentsShown = 3;

/** Ends without a line break: the caller adds where the report is. */
export function renderText(run: Run): string {
  const { plan } = run;
  return [
    `${plan.useCase} on ${clusterText(run)}`,
    ...planLines(run),
    ...limitLines(run),
    ...phaseLines(run),
    ...tradeOffLine(run),
    ...retentionLine(run),
    ...catchUpLines(run),
    ...incidentLines(run),
    ...requirementLines(run),
    ...shortfalls(run),
    countsLine(run),
  ].join('\n');
}

function line(name: string, text: string): string {
  return `  ${name.padEnd(label)}  ${text}`;
}

function planLines({ plan }: Run): string[] {
  const required = `${formatBytes(plan.storage.requiredBytes)} required`;
  const rows = renderTable(
    plan.topics.map(({ name, partitions, replicationFactor, producer }) => [
      name,
      `${partitions} partitions x ${replicationFactor} replicas`,
      `acks=${producer.acks}${producer['enable.idempotence'] ? ' idempotent' : ''}`,
      ...(plan.topics.length === 1 ? [required] : []),
    ]),
  );
  return [...rows.map((row) => line('plan', row)), ...(plan.topics.length === 1 ? [] : [line('storage', required)])];
}

function limitLines({ measurement: { limit } }: Run): string[] {
  if (limit === undefined) return [];
  return [line('limit', answerText(limit)), line('', causeText(limit)), line('', conditionsText(limit))];
}

function phaseLines({ measurement }: Run): string[] {
  const rows = measurement.phases
    .map(summarise)
    .map((phase) => [
      `  ${phase.phase.padEnd(label)}`,
      formatRate(phase.offeredPerSec),
      `publish p99  ${p99Text(phase.publish)}`,
      `end to end p99  ${p99Text(phase.endToEnd)}`,
      `lag ${phase.maxLag === null ? '-' : formatCount(phase.maxLag)}`,
      phase.state,
    ]);
  return renderTable(rows);
}

function tradeOffLine({ measurement }: Run): string[] {
  const { tradeOff } = measurement;
  if (tradeOff === null || tradeOff.rows.length === 0) return [];
  const modes = tradeOff.rows.map(
    (row) => `${modeName(row)}  ${row.p99Ms === null ? 'no samples' : formatDurationMs(row.p99Ms.median)}`,
  );
  return [line('trade-off', `acks=${modes.join('   ')}  (p99 at ${formatRate(tradeOff.ratePerSec)})`)];
}

function retentionLine(run: Run): string[] {
  const { retention } = run.measurement;
  if (retention === null) return [];
  const deviation = storageDeviation(run);
  const found = retention.foundBytes === null ? 'not sampled' : formatBytes(retention.foundBytes);
  const text = `predicted ${formatBytes(retention.predictedBytes)}   on disk ${found}`;
  return [line('retention', deviation === null ? text : `${text}   ${formatSignedPercent(deviation)}`)];
}

function catchUpLines({ measurement }: Run): string[] {
  return (measurement.catchUp ?? []).flatMap(({ backlogRecords, groups }) =>
    groups.map(({ group, readPerSec, drainedMs, maxLagSeconds }) => {
      const rate = readPerSec === null ? 'nothing read' : `read at ${formatRate(Math.round(readPerSec))}`;
      const end = drainedMs === null ? 'not drained' : `drained in ${formatDurationMs(Math.round(drainedMs))}`;
      const lag = `${formatCount(backlogRecords)} records, ${formatDurationMs(Math.round(maxLagSeconds * 1000))} behind at most`;
      return line('catch-up', `${group}  ${lag}   ${rate}   ${end}`);
    }),
  );
}

function incidentLines({ measurement }: Run): string[] {
  const { incidents } = measurement;
  const left = incidents.length - incidentsShown;
  return [
    ...incidents
      .slice(0, incidentsShown)
      .map(({ atMs, message }) => line('incident', `${message}, ${formatDurationMs(atMs)} into the run`)),
    ...(left > 0 ? [line('', `${left} more in the report`)] : []),
  ];
}

function requirementLines(run: Run): string[] {
  return renderTable([
    ['requirement', 'required', 'found', 'margin', 'outcome', 'evidence'],
    ...run.verdict.lines.map((entry) => [
      entry.requirement,
      requiredText(entry),
      foundText(entry, run),
      marginText(entry),
      outcomeWords[entry.outcome],
      evidenceText(entry),
    ]),
  ]);
}

/** Each line that is not a pass, with the number that decided; what is inconclusive for one reason is said once. */
function shortfalls(run: Run): string[] {
  const { lines } = run.verdict;
  const notMet = lines
    .filter(({ outcome }) => outcome === 'notMet')
    .flatMap((entry) => {
      const said = missText(entry, run);
      return [`not met: ${said}`, ...(said.includes(entry.reason) ? [] : [`  ${entry.reason}`])];
    });
  const doubtful = new Map<string, string[]>();
  for (const { outcome, requirement, reason } of lines) {
    if (outcome === 'inconclusive') doubtful.set(reason, [...(doubtful.get(reason) ?? []), requirement]);
  }
  return [
    ...notMet,
    ...[...doubtful].flatMap(([reason, names]) => [`inconclusive: ${names.join('; ')}`, `  ${reason}`]),
  ];
}

function countsLine(run: Run): string {
  const [first, ...rest] = run.verdict.notes;
  if (first === undefined) return countsText(run);
  const more = rest.length === 0 ? '' : ` (${rest.length} more in the report)`;
  return `${countsText(run)}     note: ${first}${more}`;
}
