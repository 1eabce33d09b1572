/** Runs that prove nothing, and the alert that is always there. */
import { none } from '../sources.ts';
import type { Alert } from '../types.ts';

const outside = 'a run is watched by the Prometheus beside it';

export const benchAlerts: readonly Alert[] = [
  {
    id: 'BenchGeneratorSaturated',
    severity: 'failRun',
    summary: 'the load generator is the limit: its event loop was busy {{ $value | humanizePercentage }} of the time',
    meaning: 'What it measures says nothing about the cluster: busy for 95 % of a second or late by more than 50 ms.',
    condition: '<generatorBusy> > 0.95 or <generatorDelay> > 0.05',
    forSec: 15,
    dashboard: 'bench',
    cloudWatch: none(outside),
    drill: { fault: 'generator-busy' },
  },
  {
    id: 'BenchLossOrDuplicate',
    severity: 'failRun',
    summary: '{{ $value }} records of {{ $labels.topic }} were lost or are there twice',
    meaning: 'The promise of the use case is broken; the run says which records in its report.',
    condition: '(<recordsLost> + <recordsDuplicated>) > 0',
    forSec: 0,
    dashboard: 'bench',
    cloudWatch: none(outside),
    drill: { fault: 'writes-unacknowledged' },
  },
  {
    id: 'Watchdog',
    severity: 'none',
    summary: 'always fires: alerts reach you',
    meaning: 'Whoever receives alerts must miss it when it stops: the way from Prometheus to the pager is broken then.',
    condition: 'vector(1)',
    forSec: 0,
    dashboard: 'overview',
    cloudWatch: none('a test message to the SNS topic does the same'),
    drill: { fault: 'nothing' },
  },
];
