/** A run as Markdown, for a pull request or a wiki: the same figures as the page, without the charts. */
import type { LimitMeasurement } from '../measurement/limit/types.ts';
import { formatBytes, formatCount, formatDurationMs, formatRate, formatSignedPercent } from '../units.ts';
import { evidenceText, foundText, marginText, outcomeWords, requiredText, typographic } from './figures.ts';
import { countsText, headline } from './headline.ts';
import { achievedPerSec, answerText, causeText, conditionsText, probeOutcome, publishOf } from './limit.ts';
import { inert, joined, list, table } from './markdown-parts.ts';
import { clusterText, modeName, p99Text, storageDeviation, summarise, tradeOffSentence } from './summary.ts';
import type { Run } from './types.ts';

export function renderMarkdown(run: Run): string {
  const { plan, verdict, measurement, environment } = run;
  const sections = [
    [`# ${inert(plan.useCase)}: ${outcomeWords[verdict.outcome]}`],
    [`**${inert(typographic(headline(run)))}.**`],
    plan.description === '' ? [] : [inert(plan.description)],
    [`${inert(clusterText(run))}. Run ${inert(environment.runId)}, started ${inert(environment.startedAt)}.`],
    list(
      '## During the run',
      measurement.incidents.map(({ atMs, message }) => `${formatDurationMs(atMs)}: ${message}`),
    ),
    requirements(run),
    list('## What this verdict does not say', verdict.notes),
    measurement.limit === undefined ? phases(run) : limitOf(measurement.limit),
    tradeOff(run),
    storage(run),
    planned(run),
    settings(run),
    repeat(run),
    list('## Notes of the run', measurement.notes),
  ];
  return joined(sections);
}

function requirements(run: Run): string[] {
  return [
    '## Requirements',
    '',
    `${countsText(run)}.`,
    '',
    ...table(
      ['requirement', 'outcome', 'required', 'found', 'margin', 'evidence', 'why'],
      run.verdict.lines.map((line) => [
        line.requirement,
        outcomeWords[line.outcome],
        typographic(requiredText(line)),
        foundText(line, run),
        typographic(marginText(line)),
        evidenceText(line),
        line.reason,
      ]),
    ),
  ];
}

function phases({ measurement }: Run): string[] {
  if (measurement.phases.length === 0) return ['## Load', '', 'No phase was measured.'];
  return [
    '## Load',
    '',
    ...table(
      ['rate', 'offered', 'publish p99', 'end to end p99', 'highest lag', 'slip p99', 'state'],
      measurement.phases.map((phase) => {
        const summary = summarise(phase);
        const slip = phase.generator.slipP99Ms;
        return [
          phase.phase,
          formatRate(summary.offeredPerSec),
          p99Text(summary.publish),
          p99Text(summary.endToEnd),
          summary.maxLag === null ? '-' : formatCount(summary.maxLag),
          slip === null ? '-' : formatDurationMs(slip),
          summary.state,
        ];
      }),
    ),
  ];
}

function limitOf(limit: LimitMeasurement): string[] {
  return [
    '## Highest sustained rate',
    '',
    `${inert(answerText(limit))}. ${inert(causeText(limit))}. ${inert(typographic(conditionsText(limit)))}.`,
    '',
    ...table(
      ['offered', 'purpose', 'achieved', 'publish p99', 'outcome'],
      limit.probes.map((probe) => [
        formatRate(probe.ratePerSec),
        probe.purpose,
        formatRate(achievedPerSec(probe)),
        p99Text(publishOf(probe)),
        probeOutcome(probe),
      ]),
    ),
  ];
}

function tradeOff({ measurement }: Run): string[] {
  const measured = measurement.tradeOff;
  if (measured === null) return [];
  const sentence = tradeOffSentence(measured);
  return [
    '## What acknowledgements cost',
    '',
    ...(sentence === null ? [] : [`At ${formatRate(measured.ratePerSec)}: ${sentence}.`, '']),
    ...table(
      ['acks', 'publish p99, median', 'interval', 'achieved'],
      measured.rows.map((row) => [
        modeName(row),
        row.p99Ms === null ? '-' : formatDurationMs(row.p99Ms.median),
        row.p99Ms === null ? '-' : `${formatDurationMs(row.p99Ms.low)} to ${formatDurationMs(row.p99Ms.high)}`,
        row.achievedPerSec === null ? '-' : formatRate(row.achievedPerSec.median),
      ]),
    ),
  ];
}

function storage(run: Run): string[] {
  const { retention } = run.measurement;
  if (retention === null) return [];
  const deviation = storageDeviation(run);
  const found = retention.foundBytes === null ? 'nothing sampled' : formatBytes(retention.foundBytes);
  return [
    '## Storage on disk',
    '',
    `Predicted ${formatBytes(retention.predictedBytes)}, found ${found}${deviation === null ? '' : ` (${formatSignedPercent(deviation)})`}. ${inert(retention.scaling)}.`,
  ];
}

function planned({ plan }: Run): string[] {
  const { storage: bytes } = plan;
  return [
    '## Plan',
    '',
    `${formatBytes(bytes.requiredBytes)} required = ${formatBytes(bytes.retainedBytes)} retained + ${formatBytes(bytes.bufferBytes)} buffer; up to ${formatBytes(bytes.onDiskBytes)} on disk.`,
    '',
    ...table(
      ['topic', 'partitions', 'replicas', 'min.insync', 'acks', 'idempotence', 'retained'],
      plan.topics.map((topic) => [
        topic.name,
        String(topic.partitions),
        String(topic.replicationFactor),
        String(topic.minInsyncReplicas),
        topic.producer.acks,
        topic.producer['enable.idempotence'] ? 'on' : 'off',
        formatBytes(topic.retainedBytes),
      ]),
    ),
    ...plan.warnings.map(({ path, message }) => `\n- warning at ${inert(path)}: ${inert(message)}`),
  ];
}

function settings({ measurement }: Run): string[] {
  if (measurement.settings.length === 0) return [];
  return [
    '## Settings read back',
    '',
    ...table(
      ['of', 'setting', 'planned', 'found'],
      measurement.settings.map(({ subject, setting, planned: value, found }) => [
        subject,
        setting,
        value ?? '',
        found ?? 'could not be read',
      ]),
    ),
  ];
}

function repeat({ environment }: Run): string[] {
  return [
    '## How to repeat this run',
    '',
    `    ${environment.commandLine.join(' ')}`,
    '',
    `Seed ${environment.seed}; ${inert(
      Object.entries(environment.versions)
        .map(([name, version]) => `${name} ${version}`)
        .join(', '),
    )}.`,
  ];
}
