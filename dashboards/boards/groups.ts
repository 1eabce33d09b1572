import { type Board, lines, query } from '../board.ts';

const chosen = 'consumergroup=~"$group"';
const perGroup = (template: string) => query(template, '{{consumergroup}} {{topic}}', 'perGroup');

export const groups: Board = {
  id: 'groups',
  title: 'Kafka / Consumer groups',
  description:
    'How far behind each group is, in records and in time, and whether it moves. Under the names of kafka_exporter, so any source of them works.',
  variables: ['group'],
  rows: [
    {
      title: 'Lag',
      panels: [
        lines(
          'Lag',
          [
            perGroup(`sum by (consumergroup, topic) (<groupLag|${chosen}> >= 0)`),
            query('max(<plannedLagMaxRecords>)', 'allowed', 'one'),
          ],
          {
            description: 'Records not committed yet; partitions without a commit (-1) are left out.',
            unit: 'records',
            alert: 'KafkaConsumerLagOverObjective',
            width: 12,
          },
        ),
        lines('Lag in time', [perGroup(`max by (consumergroup, topic) (<groupLagSeconds|${chosen}>)`)], {
          description: 'Estimated: lag over what is written in a second.',
          unit: 'seconds',
          alert: 'KafkaConsumerLagTime',
        }),
        lines('Worst partition', [perGroup(`max by (consumergroup, topic) (<groupLag|${chosen}> >= 0)`)], {
          description: 'One far above the others: a hot key, or a member that is stuck.',
          unit: 'records',
        }),
        lines(
          'Distance to deletion',
          [
            perGroup(
              `min by (consumergroup, topic) ((<groupOffset|${chosen}> - on (topic, partition) group_left () max by (topic, partition) (<partitionOldest>)) / on (topic, partition) group_left () clamp_min(max by (topic, partition) (<partitionEnd> - <partitionOldest>), 1))`,
            ),
          ],
          {
            description:
              'Where the group stands between the oldest record (0) and the newest (1). Near 0 retention deletes what was not read.',
            unit: 'ratio',
            limits: { warn: 0.4, bad: 0.2, worse: 'below' },
            alert: 'KafkaRetentionBeforeRead',
          },
        ),
      ],
    },
    {
      title: 'Movement',
      panels: [
        lines(
          'Committed',
          [perGroup(`sum by (consumergroup, topic) (rate(<groupOffset|${chosen}>[$__rate_interval]))`)],
          {
            description: 'Records a second that the group puts behind it; 0 with lag means it is stuck.',
            unit: 'recordsPerSec',
            alert: 'KafkaConsumerStalled',
          },
        ),
        lines('Lag growing', [perGroup(`deriv(sum by (consumergroup, topic) (<groupLag|${chosen}> >= 0)[5m:15s])`)], {
          description: 'Above 0 for long: the group is slower than the topic.',
          unit: 'recordsPerSec',
          alert: 'KafkaConsumerSlow',
        }),
        lines(
          'Members',
          [query(`max by (consumergroup) (<groupMembers|${chosen}>)`, '{{consumergroup}}', 'perGroup')],
          { description: 'More members than partitions leave some idle.', unit: 'count' },
        ),
      ],
    },
  ],
};
