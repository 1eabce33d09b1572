/** The controllers: without a quorum nothing can change, not even a leader. */
import { none } from '../sources.ts';
import type { Alert } from '../types.ts';

const noMetric = 'AWS keeps the quorum of MSK to itself';

export const quorumAlerts: readonly Alert[] = [
  {
    id: 'KafkaNoActiveController',
    severity: 'page',
    summary: '{{ $labels.cluster }} has no active controller',
    meaning: 'No leader can be elected and no topic changed. An election takes seconds; two minutes are a fault.',
    condition: 'sum by (cluster) (<activeControllers>) < 1 or absent(<activeControllers>)',
    forSec: 120,
    dashboard: 'quorum',
    // Of controllers only the active one reports 1, hence Maximum; silence of all of them is the fault itself.
    cloudWatch: {
      metrics: { m: 'activeControllers' },
      comparison: '<',
      threshold: 1,
      periodSec: 60,
      breaching: 5,
      of: 5,
      missing: 'breaching',
      per: 'cluster',
    },
    drill: { fault: 'quorum-lost' },
  },
  {
    id: 'KafkaMultipleControllers',
    severity: 'page',
    summary: '{{ $value }} nodes of {{ $labels.cluster }} claim to be the active controller',
    meaning: 'The nodes do not agree who leads; two clusters may share one name, or a node is cut off.',
    condition: 'sum by (cluster) (<activeControllers>) > 1',
    forSec: 120,
    dashboard: 'quorum',
    cloudWatch: none('the maximum of several controllers is still 1'),
    drill: { notDrilled: 'raft keeps it from happening; promtool replays two clusters under one name' },
  },
  {
    id: 'KafkaRaftVoterLost',
    severity: 'ticket',
    summary: 'a quorum voter of {{ $labels.cluster }} is missing: {{ $value }} of the voters take part',
    meaning: 'The quorum bears one loss less than planned.',
    condition:
      'count by (cluster) (<raftState|state=~"leader|follower|voted|candidate">) < max by (cluster) (<raftVoters>)',
    forSec: 600,
    dashboard: 'quorum',
    cloudWatch: none(noMetric),
    drill: { fault: 'broker-killed' },
  },
  {
    id: 'KafkaQuorumMarginGone',
    severity: 'page',
    summary: '{{ $labels.cluster }} stops with the next controller lost: only {{ $value }} voters take part',
    meaning:
      'The voters left are exactly a majority. With three voters that is one lost, so it waits longer than a restart.',
    condition:
      'count by (cluster) (<raftState|state=~"leader|follower|voted|candidate">) <= floor(max by (cluster) (<raftVoters>) / 2) + 1 and max by (cluster) (<raftVoters>) > 1',
    forSec: 900,
    dashboard: 'quorum',
    cloudWatch: none(noMetric),
    drill: { fault: 'broker-killed' },
  },
  {
    id: 'KafkaRaftElectionStorm',
    severity: 'ticket',
    summary: '{{ $labels.cluster }} elected its quorum leader more than three times in a quarter of an hour',
    meaning: 'The leader cannot hold on: long pauses, a full disk or a network that drops.',
    condition: 'max by (cluster) (changes(<raftEpoch>[15m])) > 3',
    forSec: 0,
    dashboard: 'quorum',
    cloudWatch: none(noMetric),
    drill: { fault: 'controller-deposed' },
  },
  {
    id: 'KafkaMetadataErrors',
    severity: 'page',
    summary: 'broker {{ $labels.broker }} of {{ $labels.cluster }} could not apply the metadata it was given',
    meaning: 'It routes and leads by an old picture of the cluster.',
    condition: '<metadataApplyErrors> + <metadataLoadErrors> > 0',
    forSec: 60,
    dashboard: 'quorum',
    cloudWatch: none(noMetric),
    drill: { notDrilled: 'needs a defect of Kafka; promtool replays it' },
  },
  {
    id: 'KafkaMetadataLag',
    severity: 'ticket',
    summary: 'broker {{ $labels.broker }} of {{ $labels.cluster }} is {{ $value }} ms behind the metadata log',
    meaning: 'It answers clients with leaders that may have moved.',
    condition: '<metadataLag> > 10000',
    forSec: 300,
    dashboard: 'quorum',
    cloudWatch: none(noMetric),
    drill: { fault: 'quorum-lost' },
  },
];
