/**
 * Burn rates of the error budget, several windows each (Google's SRE workbook, chapter 5): the short window ends the alert
 * soon after the trouble. The objective is a p99, so one record in a hundred may be late; 30 days / 14.4 = 50 hours to an
 * empty budget. Where fewer than one record a second is judged nobody is paged.
 */
import { none } from '../sources.ts';
import type { Alert, Severity } from '../types.ts';

/** A p99 allows one record in a hundred to be late. */
export const errorBudget = 0.01;
const leastPerSec = 1;
const unseen = 'the harness measures from outside the cluster; CloudWatch cannot know';

const badShare = (window: string): string =>
  `(sum by (cluster, topic) (rate(<sloRecords|outcome="bad">[${window}])) / sum by (cluster, topic) (rate(<sloRecords>[${window}])))`;

function burn(
  id: string,
  row: { severity: Severity; factor: number; long: string; short: string; forSec: number; meaning: string },
): Alert {
  const limit = `${row.factor} * ${errorBudget}`;
  return {
    id,
    severity: row.severity,
    summary: `{{ $labels.topic }} spends its error budget ${row.factor} times as fast as it may: {{ $value | humanizePercentage }} of the records miss the objective`,
    meaning: row.meaning,
    condition: `${badShare(row.long)} > ${limit} and ${badShare(row.short)} > ${limit} and sum by (cluster, topic) (rate(<sloRecords>[${row.short}])) > ${leastPerSec}`,
    forSec: row.forSec,
    dashboard: 'slo',
    cloudWatch: none(unseen),
    drill: { fault: 'producer-throttled' },
  };
}

export const sloAlerts: readonly Alert[] = [
  burn('KafkaSloFastBurn', {
    severity: 'page',
    factor: 14.4,
    long: '1h',
    short: '5m',
    forSec: 120,
    meaning: 'At this pace 2 % of a month’s budget go in an hour, all of it in 50 hours.',
  }),
  burn('KafkaSloSlowBurn', {
    severity: 'page',
    factor: 6,
    long: '6h',
    short: '30m',
    forSec: 900,
    meaning: 'At this pace 5 % of a month’s budget go in six hours, all of it in five days.',
  }),
  burn('KafkaSloTicket', {
    severity: 'ticket',
    factor: 1,
    long: '3d',
    short: '6h',
    forSec: 3_600,
    meaning: 'The budget will be used up at the end of the month.',
  }),
];
