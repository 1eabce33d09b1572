/** The report of a drill as Markdown. */
import { faultSummaries } from '../../lib/metrics/faults.ts';
import type { RollingRestartReport } from './rolling-restart.ts';
import type { AlertResult, DrillReport, FaultResult } from './types.ts';

const words = { met: 'met', notMet: 'not met', inconclusive: 'inconclusive' } as const;

export function renderDrill(report: DrillReport): string {
  const fired = report.faults.flatMap(({ alerts }) => alerts);
  const cleared = fired.filter(isFiredAndClear);
  return [
    '# Drill of the alerts',
    '',
    `Written by \`headroom faults drill\` ${daysOf(report)}; do not edit.`,
    '',
    `${words[report.outcome]}: ${cleared.length} of ${fired.length} alerts fired by their fault${report.faults.length > 1 ? ` and were clear again, over ${report.faults.length} faults` : ''}.`,
    `Kafka ${report.kafkaVersion}, ${report.brokers} brokers, ${report.ratePerSec} records/s, ${report.machine}; ${report.minutes} minutes.`,
    `Every duration of the rules was divided by ${report.timeDivisor}: windows, \`for\`, steps. The thresholds are the true ones. \`replica.lag.time.max.ms\` was 3 s instead of 30 s.`,
    '',
    '| Fault | Outcome | Alert | Severity | Fired after | Clear after healing |',
    '| --- | --- | --- | --- | ---: | ---: |',
    ...report.faults.flatMap(rowsOf),
    '',
    '## What each fault showed',
    '',
    ...report.faults.flatMap(detailsOf),
    '## Not drilled',
    '',
    'promtool replays these from series that are written down, at their true durations.',
    '',
    ...report.notDrilled.map(({ alert, reason }) => `- ${alert}: ${reason}`),
    '',
    ...leftOut(report),
    ...(report.emptyPanels.length === 0
      ? []
      : [
          'Panels for faults that had no data in any of them:',
          '',
          ...report.emptyPanels.map((each) => `- ${each}`),
          '',
        ]),
  ].join('\n');
}

export function renderRollingRestart(report: RollingRestartReport): string {
  const { steps, fired, reasons, acknowledged, unknown, lost } = report;
  return [
    '# Rolling restart under load',
    '',
    `Written by \`headroom faults rolling-restart\` on ${report.startedAt.slice(0, 10)}; do not edit.`,
    '',
    `${words[report.outcome]}: ${reasons.length === 0 ? 'nobody was paged' : reasons.join('; ')}.`,
    `Kafka ${report.kafkaVersion}, ${steps.length} brokers, ${report.ratePerSec} records/s, every rule at its true durations. Each broker was stopped`,
    `in order (SIGTERM), started, and the next one waited for every replica to be in sync. Watched for ${report.watchedSec} s after the last.`,
    '',
    '| Broker | Stopped after | Serving after | Every replica in sync after |',
    '| ---: | ---: | ---: | ---: |',
    ...steps.map(
      (each) => `| ${each.broker} | ${each.stoppedAfterSec} s | ${each.servingAfterSec} s | ${each.wholeAfterSec} s |`,
    ),
    '',
    `Alerts that fired, the watchdog left out: ${fired.length === 0 ? 'none' : fired.join(', ')}.`,
    `Records acknowledged ${acknowledged}, of unknown outcome ${unknown}, lost ${lost}.`,
    '',
  ].join('\n');
}

/** Faults that were drilled again have a day of their own. */
function daysOf({ startedAt, faults }: DrillReport): string {
  const days = [startedAt, ...faults.map(({ at }) => at)].map((at) => at.slice(0, 10)).toSorted();
  return days[0] === days.at(-1) ? `on ${days[0]}` : `from ${days[0]} to ${days.at(-1)}`;
}

function rowsOf({ fault, outcome, alerts }: FaultResult): readonly string[] {
  if (alerts.length === 0) return [`| ${fault} | ${words[outcome]} | - | - | - | - |`];
  return alerts.map((each, index) => {
    const own = index === 0 ? [fault, words[outcome]] : ['', ''];
    return `| ${[...own, each.alert, each.severity, secondsOf(each.firedAfterSec), clearText(each)].join(' | ')} |`;
  });
}

function detailsOf({ fault, evidence, reasons, consequences, unexpectedPages, panels, blocks }: FaultResult) {
  const ran = blocks.filter(({ exitCode }) => exitCode !== null);
  return [
    `### ${fault}`,
    '',
    `${sentence(faultSummaries[fault])}`,
    '',
    ...(evidence === null ? [] : [`- Evidence: ${evidence}`]),
    ...reasons.map((reason) => `- Not as it should be: ${reason}`),
    ...(consequences.length === 0 ? [] : [`- Also fired: ${consequences.join(', ')}`]),
    ...(unexpectedPages.length === 0 ? [] : [`- Pages that the fault does not explain: ${unexpectedPages.join(', ')}`]),
    ...(panels.length === 0 ? [] : [`- Panels that only have data after a fault and had: ${panels.join(', ')}`]),
    ...(ran.length === 0
      ? []
      : [
          `- Shell blocks run: ${ran.map(({ page, heading, exitCode }) => `${page} "${heading}" (${exitCode})`).join(', ')}`,
        ]),
    '',
  ];
}

/** A report of some faults must not read as one of all. */
function leftOut({ faults }: DrillReport): readonly string[] {
  const left = Object.keys(faultSummaries).filter((id) => !faults.some(({ fault }) => fault === id));
  return left.length === 0
    ? []
    : ['Faults that were not injected in this drill:', '', ...left.map((id) => `- ${id}`), ''];
}

function isFiredAndClear({ alert, firedAfterSec, clearedAfterSec }: AlertResult): boolean {
  return firedAfterSec !== null && (clearedAfterSec !== null || alert === 'Watchdog');
}

function clearText({ alert, clearedAfterSec }: AlertResult): string {
  if (alert === 'Watchdog') return 'never, by design';
  // It had nothing to judge any more, such as a rate of a load that stood still.
  return clearedAfterSec === 0 ? 'before it' : secondsOf(clearedAfterSec);
}

function secondsOf(value: number | null): string {
  return value === null ? 'no' : `${value} s`;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
