import { type Board, lines, query, stat } from '../board.ts';

const used = (measured: string, limit: string) => `max(${measured}) / max(<${limit}>)`;

export const capacity: Board = {
  id: 'capacity',
  title: 'Headroom / Capacity',
  description:
    'The measured lines against the limits of the plan. Needs the rules made from a plan (headroom dashboards export --plan).',
  variables: [],
  rows: [
    {
      title: 'Used of the limit, busiest broker',
      panels: [
        stat('Ingress', used('sum by (broker) (rate(<bytesIn>[5m]))', 'plannedBrokerIngressLimitBytesPerSec'), {
          description: 'Of what one broker should take from producers.',
          unit: 'ratio',
          limits: { warn: 0.6, bad: 0.8, worse: 'above' },
          alert: 'KafkaIngressOverPlan',
        }),
        stat('Egress', used('sum by (broker) (rate(<bytesOut>[5m]))', 'plannedBrokerEgressLimitBytesPerSec'), {
          description: 'Of what one broker should send.',
          unit: 'ratio',
          limits: { warn: 0.6, bad: 0.8, worse: 'above' },
        }),
        stat('Volume', used('sum by (broker) (<logSize>)', 'plannedProvisionedBytesPerBroker'), {
          description: 'Segments against the volume that was bought.',
          unit: 'ratio',
          limits: { warn: 0.6, bad: 0.85, worse: 'above' },
          detail: 'storage',
          alert: 'KafkaDiskCritical',
        }),
        stat('Partitions', used('sum by (broker) (<partitions>)', 'plannedBrokerPartitionLimit'), {
          description: 'Replicas against the most one broker should hold.',
          unit: 'ratio',
          limits: { warn: 0.6, bad: 0.8, worse: 'above' },
        }),
        stat('Connections', used('sum by (broker) (<connections>)', 'plannedBrokerConnectionLimit'), {
          description: 'Against the most one broker should hold.',
          unit: 'ratio',
          limits: { warn: 0.6, bad: 0.8, worse: 'above' },
          detail: 'clients',
          alert: 'KafkaConnectionsNearLimit',
        }),
        stat('Of the planned peak', 'sum(rate(<bytesIn>[5m])) / max(<plannedIngressBytesPerSec>)', {
          description: 'Ingress of the cluster against the peak of the use case.',
          unit: 'ratio',
          limits: { warn: 1, bad: 1.2, worse: 'above' },
          alert: 'KafkaIngressOverPlan',
        }),
      ],
    },
    {
      title: 'Over time',
      panels: [
        lines(
          'Ingress of the cluster',
          [
            query('sum(rate(<bytesIn>[$__rate_interval]))', 'measured', 'one'),
            query('max(<plannedIngressBytesPerSec>)', 'planned peak', 'one'),
          ],
          { description: 'Without replication.', unit: 'bytesPerSec' },
        ),
        lines(
          'Egress of the cluster',
          [
            query('sum(rate(<bytesOut>[$__rate_interval]))', 'measured', 'one'),
            query('max(<plannedEgressBytesPerSec>)', 'planned peak', 'one'),
          ],
          { description: 'Without replication.', unit: 'bytesPerSec' },
        ),
        lines(
          'Bytes on disk',
          [
            query('sum(<logSize>)', 'measured', 'one'),
            query('max(<plannedOnDiskBytes>)', 'foreseen on disk', 'one'),
            query('max(<plannedRequiredBytes>)', 'required by the formula', 'one'),
          ],
          { description: 'All replicas of all topics.', unit: 'bytes' },
        ),
        lines(
          'Busiest broker against its limit',
          [
            query('max(sum by (broker) (rate(<bytesIn>[$__rate_interval])))', 'measured', 'one'),
            query('max(<plannedBrokerIngressLimitBytesPerSec>)', 'limit', 'one'),
          ],
          { description: 'What one broker takes from producers.', unit: 'bytesPerSec' },
        ),
      ],
    },
  ],
};
