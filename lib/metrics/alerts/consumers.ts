/** Consumer groups: lag as a state (the rules of Burrow), never a count out of the air. */
import { none } from '../sources.ts';
import type { Alert } from '../types.ts';

/** Partitions without a commit report -1. */
const lag = 'sum by (cluster, consumergroup, topic) (<groupLag> >= 0)';
const committed = 'sum by (cluster, consumergroup, topic) (<groupOffset>)';

export const consumerAlerts: readonly Alert[] = [
  {
    id: 'KafkaConsumerStalled',
    severity: 'page',
    summary: 'group {{ $labels.consumergroup }} reads nothing of {{ $labels.topic }} and {{ $value }} records wait',
    meaning: 'There is lag and no commit moved for ten minutes: the group is stuck or gone.',
    condition: `(${lag} > 0) and (increase((${committed})[10m:30s]) == 0)`,
    forSec: 120,
    dashboard: 'groups',
    cloudWatch: none('CloudWatch has no offsets to tell a stuck group from a slow one'),
    drill: { fault: 'consumer-stalled' },
  },
  {
    id: 'KafkaConsumerSlow',
    severity: 'ticket',
    summary: 'group {{ $labels.consumergroup }} falls behind on {{ $labels.topic }}: {{ $value }} records and growing',
    meaning:
      'It commits, its lag never fell to zero over half an hour, and grows by more than a twentieth of what it reads.',
    condition: `(${lag} > 0) and (min_over_time((${lag})[30m:1m]) > 0) and (deriv((${lag})[30m:1m]) > 0.05 * deriv((${committed})[30m:1m])) and (increase((${committed})[30m:1m]) > 0)`,
    forSec: 600,
    dashboard: 'groups',
    cloudWatch: none('KafkaConsumerLagTime and KafkaConsumerLagOverObjective stand for it'),
    drill: { fault: 'consumer-slow' },
  },
  {
    id: 'KafkaConsumerRewound',
    severity: 'ticket',
    summary: 'group {{ $labels.consumergroup }} went back on {{ $labels.topic }}',
    meaning: 'A committed offset fell: a reset, or a member that commits old offsets; records are read again.',
    // A coordinator that moves answers with no commit, -1, for a moment: that is no way back.
    condition: 'sum by (cluster, consumergroup, topic) (resets((<groupOffset> >= 0)[10m:30s])) > 0',
    forSec: 0,
    dashboard: 'groups',
    cloudWatch: none('CloudWatch knows lag, not offsets'),
    drill: { fault: 'consumer-rewound' },
  },
  {
    id: 'KafkaConsumerLagOverObjective',
    severity: 'ticket',
    summary:
      'group {{ $labels.consumergroup }} is {{ $value }} records behind on {{ $labels.topic }}, more than the use case allows',
    meaning: 'The number is slo.lag.max of the use case.',
    condition: `${lag} > on (cluster) group_left () max by (cluster) (<plannedLagMaxRecords>)`,
    forSec: 300,
    dashboard: 'groups',
    cloudWatch: {
      metrics: { m: 'groupLag' },
      comparison: '>',
      threshold: { planned: 'lagMaxRecords', factor: 1 },
      periodSec: 60,
      breaching: 5,
      of: 5,
      missing: 'ignore',
      per: 'group',
    },
    drill: { fault: 'consumer-stalled' },
  },
  {
    id: 'KafkaConsumerLagTime',
    severity: 'ticket',
    summary: 'group {{ $labels.consumergroup }} is {{ $value | humanizeDuration }} behind on {{ $labels.topic }}',
    meaning: 'Ten minutes of delay, whatever the rate of the topic.',
    condition: '<groupLagSeconds> > 600',
    forSec: 600,
    dashboard: 'groups',
    cloudWatch: {
      metrics: { m: 'groupLagSeconds' },
      comparison: '>',
      threshold: 600,
      periodSec: 60,
      breaching: 10,
      of: 10,
      missing: 'ignore',
      per: 'group',
    },
    drill: { notDrilled: 'takes ten minutes of backlog; promtool replays it' },
  },
  {
    id: 'KafkaRetentionBeforeRead',
    severity: 'page',
    summary: 'records of {{ $labels.topic }} will be deleted before group {{ $labels.consumergroup }} has read them',
    meaning:
      'The group stands within a fifth of what is still kept from the oldest record, and it has lag: retention overtakes it.',
    condition:
      '((<groupOffset> - on (cluster, topic, partition) group_left () <partitionOldest>) < on (cluster, topic, partition) group_left () (0.2 * (<partitionEnd> - <partitionOldest>))) and (<groupLag> > 0) and (delta(<groupOffset>[15m]) <= on (cluster, topic, partition) group_left () delta(<partitionOldest>[15m])) and on (cluster, topic, partition) (delta(<partitionOldest>[15m]) > 0)',
    forSec: 900,
    dashboard: 'groups',
    cloudWatch: none('CloudWatch knows neither the oldest offset nor the one committed'),
    drill: { fault: 'retention-overtakes' },
  },
];
