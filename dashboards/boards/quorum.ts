import { type Board, lines, query, stat } from '../board.ts';

const perBroker = (template: string) => query(template, 'node {{broker}}', 'perBroker');

export const quorum: Board = {
  id: 'quorum',
  title: 'Kafka / KRaft quorum',
  description: 'Who leads the metadata, who votes, how many losses it still bears. MSK keeps its quorum to itself.',
  variables: [],
  rows: [
    {
      title: 'Quorum',
      panels: [
        stat('Leader', 'max(<raftLeader>)', {
          description: 'Id of the node that leads; -1 while there is none.',
          unit: 'state',
          limits: { warn: 0, bad: 0, worse: 'below' },
          alert: 'KafkaNoActiveController',
        }),
        stat('Voters taking part', 'count(<raftState|state=~"leader|follower|voted|candidate">)', {
          description: 'Voters that report a role.',
          unit: 'count',
          alert: 'KafkaRaftVoterLost',
        }),
        stat(
          'Losses it bears',
          'count(<raftState|state=~"leader|follower|voted|candidate">) - floor(max(<raftVoters>) / 2) - 1',
          {
            description: 'Voters that may still fail before nothing can change any more.',
            unit: 'count',
            limits: { warn: 0.5, bad: 0.5, worse: 'below' },
            alert: 'KafkaQuorumMarginGone',
          },
        ),
        stat('Metadata errors', 'sum(<metadataApplyErrors>) + sum(<metadataLoadErrors>) + sum(<metadataErrors>)', {
          description: 'A node that could not apply what the others have: must be 0.',
          unit: 'count',
          limits: { warn: 1, bad: 1, worse: 'above' },
          alert: 'KafkaMetadataErrors',
        }),
        stat('Missed heartbeats', 'max(<heartbeatTimeouts>)', {
          description: 'Of brokers, since the controller started.',
          unit: 'count',
        }),
        stat('Not on preferred leader', 'max(<preferredImbalance>)', {
          description: 'Partitions led by another than their preferred replica; falls back by itself within minutes.',
          unit: 'count',
        }),
      ],
    },
    {
      title: 'Nodes',
      panels: [
        {
          title: 'Roles',
          kind: 'states',
          queries: [query('<raftState>', 'node {{broker}} {{state}}', 'perBroker')],
          description: 'Role of each node over time.',
          unit: 'state',
          width: 24,
        },
        lines('Epoch', [perBroker('max by (broker) (<raftEpoch>)')], {
          description: 'Each election raises it; a staircase is a storm.',
          unit: 'epoch',
          alert: 'KafkaRaftElectionStorm',
        }),
        lines(
          'Behind the leader',
          [query('scalar(max(<raftLogEnd>)) - max by (broker) (<raftLogEnd>)', 'node {{broker}}', 'perBroker')],
          {
            description:
              'Entries of the metadata log a node lacks, read at slightly different moments: small numbers are normal.',
            unit: 'records',
          },
        ),
        lines('Age of the metadata', [perBroker('max by (broker) (<metadataLag>)')], {
          description: 'How old the last metadata is that a broker has applied.',
          unit: 'milliseconds',
          limits: { warn: 5_000, bad: 10_000, worse: 'above' },
          alert: 'KafkaMetadataLag',
        }),
        lines('Entries appended', [query('max(<raftAppendRate>)', 'entries a second', 'one')], {
          description: 'Writes to the metadata log: about two a second when nothing changes.',
          unit: 'recordsPerSec',
        }),
        lines('Commit time', [query('max(<raftCommitLatency>)', 'mean', 'one')], {
          description: 'Mean until a majority has an entry, as the leader measures it.',
          unit: 'milliseconds',
        }),
        lines('Committed', [query('max(<raftHighWatermark>)', 'offset', 'one')], {
          description: 'Offset that a majority has; it must move.',
          unit: 'records',
        }),
      ],
    },
  ],
};
