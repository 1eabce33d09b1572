import { type Board, lines, query } from '../board.ts';

const perTopic = (template: string) => query(template, '{{topic}}', 'perTopic');
const chosen = 'topic=~"$topic"';
/** The metadata quorum has a log too, and is no topic. */
const logs = `${chosen},topic!="__cluster_metadata"`;

export const topics: Board = {
  id: 'topics',
  title: 'Kafka / Topics and partitions',
  description: 'Which topic carries what, and which of its partitions are in trouble.',
  variables: ['topic'],
  rows: [
    {
      title: 'Traffic',
      panels: [
        lines('Records in', [perTopic(`sum by (topic) (rate(<topicMessagesIn|${chosen}>[$__rate_interval]))`)], {
          description: 'Records written to each topic.',
          unit: 'recordsPerSec',
        }),
        lines('Bytes in', [perTopic(`sum by (topic) (rate(<topicBytesIn|${chosen}>[$__rate_interval]))`)], {
          description: 'Without replication. The topics add up to the bytes in of the overview.',
          unit: 'bytesPerSec',
        }),
        lines(
          'Bytes out',
          [query(`sum by (topic) (rate(<topicBytesOut|${chosen}>[$__rate_interval]))`, '{{topic}}', 'some')],
          {
            description: 'What consumers fetch of each topic.',
            unit: 'bytesPerSec',
            detail: 'groups',
          },
        ),
        lines(
          'Against the planned peak',
          [
            query(
              `sum by (topic) (rate(<topicMessagesIn|${chosen}>[$__rate_interval])) and on (topic) (<plannedTopicRate>)`,
              '{{topic}} measured',
              'some',
            ),
            query(`<plannedTopicRate|${chosen}>`, '{{topic}} planned peak', 'some'),
          ],
          {
            description:
              'Only topics of the plan. A load test writes to topics with a prefix of its own, which have no planned line.',
            unit: 'recordsPerSec',
            detail: 'capacity',
          },
        ),
      ],
    },
    {
      title: 'Replicas',
      panels: [
        lines('Partitions below min ISR', [perTopic(`sum by (topic) (<partitionUnderMinIsr|${chosen}>)`)], {
          description: 'They refuse acks=all: must be 0.',
          unit: 'count',
          limits: { warn: 1, bad: 1, worse: 'above' },
          alert: 'KafkaUnderMinIsr',
        }),
        lines(
          'Smallest in-sync set',
          [perTopic(`min by (topic) (max by (topic, partition) (<partitionInSync|${chosen}>))`)],
          {
            description: 'In-sync replicas of the worst partition of each topic.',
            unit: 'count',
            alert: 'KafkaAtMinIsr',
          },
        ),
      ],
    },
    {
      title: 'On disk',
      panels: [
        lines('Bytes on disk', [perTopic(`sum by (topic) (<logSize|${logs}>)`)], {
          description: 'All replicas together, without index files.',
          unit: 'bytes',
          detail: 'storage',
        }),
        lines(
          'Records held',
          [
            perTopic(
              `sum by (topic) (max by (topic, partition) (<logEnd|${logs}>) - max by (topic, partition) (<logStart|${logs}>))`,
            ),
          ],
          {
            description:
              'Between the first and the last offset, one replica of each partition; compacted records count as if they were still there.',
            unit: 'records',
          },
        ),
        lines(
          'Fullest against average partition',
          [
            perTopic(
              `max by (topic) (max by (topic, partition) (<logSize|${logs}>)) / clamp_min(avg by (topic) (max by (topic, partition) (<logSize|${logs}>)), 1)`,
            ),
          ],
          { description: '1 is even; far above 1, few keys carry the topic. An empty topic shows 0.', unit: 'count' },
        ),
      ],
    },
  ],
};
