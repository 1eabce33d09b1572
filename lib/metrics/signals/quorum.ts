/** The KRaft metadata quorum: who leads, who votes, how far each node has come. */
import { broker } from '../sources.ts';
import type { Signal } from '../types.ts';

const raft = (attribute: string) => ({ domain: 'kafka.server', type: 'raft-metrics', attribute });
const metadata = (attribute: string) => ({ domain: 'kafka.server', type: 'broker-metadata-metrics', attribute });
const voterView =
  'not verified on MSK: its brokers are observers of a quorum that AWS keeps; ask CloudWatch for ActiveControllerCount';

export const quorumSignals: readonly Signal[] = [
  broker('state', raft('current-state'), {
    id: 'raftState',
    meaning: 'role of a node in the quorum: leader, voted, candidate, follower, observer, unattached',
    unit: 'state',
    labels: ['state'],
    noMsk: 'a text: the exporter drops it unless a rule turns it into a label, and MSK has no rules',
  }),
  broker('gauge', raft('current-leader'), {
    id: 'raftLeader',
    meaning: 'id of the quorum leader as a node sees it; -1 while it knows none',
    unit: 'count',
    noMsk: voterView,
  }),
  broker('gauge', raft('current-epoch'), {
    id: 'raftEpoch',
    meaning: 'epoch of the quorum; each election raises it',
    unit: 'epoch',
    noMsk: voterView,
  }),
  broker('gauge', raft('high-watermark'), {
    id: 'raftHighWatermark',
    meaning: 'offset of the metadata log that a majority has',
    unit: 'records',
    noMsk: voterView,
  }),
  broker('gauge', raft('log-end-offset'), {
    id: 'raftLogEnd',
    meaning: 'end of the metadata log on a node',
    unit: 'records',
    noMsk: voterView,
  }),
  broker('gauge', raft('commit-latency-avg'), {
    id: 'raftCommitLatency',
    meaning: 'mean time until an entry of the metadata log is committed, as the leader measures it',
    unit: 'milliseconds',
    presence: 'underLoad',
    noMsk: voterView,
  }),
  broker('gauge', raft('election-latency-avg'), {
    id: 'raftElectionLatency',
    meaning: 'mean time an election took',
    unit: 'milliseconds',
    presence: 'afterFault',
    noMsk: voterView,
  }),
  broker('gauge', raft('append-records-rate'), {
    id: 'raftAppendRate',
    meaning: 'entries a second that the leader appends to the metadata log',
    unit: 'recordsPerSec',
    noMsk: voterView,
  }),
  broker('gauge', raft('number-of-voters'), {
    id: 'raftVoters',
    meaning: 'nodes that vote, reachable or not',
    unit: 'count',
    noMsk: voterView,
  }),
  broker('gauge', raft('number-unknown-voter-connections'), {
    id: 'raftUnknownVoters',
    meaning: 'voters a node has no address of',
    unit: 'count',
    noMsk: voterView,
  }),
  broker('gauge', metadata('last-applied-record-lag-ms'), {
    id: 'metadataLag',
    meaning: 'how old the last metadata is that a broker has applied',
    unit: 'milliseconds',
  }),
  broker('gauge', metadata('metadata-apply-error-count'), {
    id: 'metadataApplyErrors',
    meaning: 'metadata that a broker could not apply: it routes by an old picture',
    unit: 'count',
  }),
  broker('gauge', metadata('metadata-load-error-count'), {
    id: 'metadataLoadErrors',
    meaning: 'metadata that a broker could not read',
    unit: 'count',
  }),
  broker(
    'gauge',
    { domain: 'kafka.controller', type: 'KafkaController', name: 'TimedOutBrokerHeartbeatCount', attribute: 'Value' },
    {
      id: 'heartbeatTimeouts',
      meaning: 'heartbeats of brokers that a controller missed, since it started',
      unit: 'count',
      noMsk: voterView,
    },
  ),
];
