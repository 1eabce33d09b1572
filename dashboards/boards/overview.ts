import { type Board, lines, query, stat } from '../board.ts';
import { fullestDisk } from './storage.ts';

const none = { warn: 1, bad: 1, worse: 'above' } as const;

export const overview: Board = {
  id: 'overview',
  title: 'Kafka / Overview',
  description: 'Is the cluster healthy, and how much does it carry? Health first; every panel leads to its detail.',
  variables: [],
  rows: [
    {
      title: 'Health',
      panels: [
        stat('Pages firing', 'count(ALERTS{alertstate="firing",severity="page",cluster="$cluster"}) or vector(0)', {
          description: 'Alerts that want a person now.',
          unit: 'count',
          limits: none,
        }),
        stat('Offline partitions', 'max(<offlinePartitions>)', {
          description:
            'Partitions without a leader: must be 0. The highest value counts, only the active controller knows.',
          unit: 'count',
          limits: none,
          detail: 'topics',
          alert: 'KafkaOfflinePartitions',
        }),
        stat('Below min ISR', 'sum(<underMinIsr>)', {
          description: 'Partitions that refuse acks=all: must be 0.',
          unit: 'count',
          limits: none,
          detail: 'topics',
          alert: 'KafkaUnderMinIsr',
        }),
        stat('Under-replicated', 'sum(<underReplicated>)', {
          description: 'Partitions that miss a replica; above 0 for minutes while a broker restarts.',
          unit: 'count',
          limits: none,
          detail: 'topics',
          alert: 'KafkaUnderReplicated',
        }),
        stat('Active controllers', 'sum(<activeControllers>)', {
          description: 'Exactly 1; for seconds 0 during an election.',
          unit: 'count',
          limits: { warn: 1, bad: 1, worse: 'below' },
          detail: 'quorum',
          alert: 'KafkaNoActiveController',
        }),
        stat('Brokers reached', 'sum(<targetUp>)', {
          description: 'Brokers whose exporter answers Prometheus.',
          unit: 'count',
          detail: 'broker',
          alert: 'KafkaTargetDown',
        }),
        stat('Brokers missing', 'max(<plannedBrokers>) - max(<activeBrokers>)', {
          description: 'Planned brokers that are not active.',
          unit: 'count',
          limits: none,
          detail: 'broker',
          alert: 'KafkaBrokerMissing',
        }),
        stat('Fenced brokers', 'max(<fencedBrokers>)', {
          description: 'Registered and may not serve: starting, draining or without heartbeat.',
          unit: 'count',
          limits: none,
          detail: 'broker',
          alert: 'KafkaBrokerFenced',
        }),
        stat('Unclean elections, 1 h', 'max(increase(<uncleanElections>[1h]))', {
          description: 'Each one lost acknowledged records.',
          unit: 'count',
          limits: none,
          alert: 'KafkaUncleanElection',
        }),
        stat('Failed disks', 'sum(<offlineLogDirs>)', {
          description: 'Log directories given up.',
          unit: 'count',
          limits: none,
          detail: 'storage',
          alert: 'KafkaOfflineLogDir',
        }),
        stat('Fullest disk', fullestDisk, {
          description: 'Share used of the fullest file system of any broker.',
          unit: 'ratio',
          limits: { warn: 0.6, bad: 0.85, worse: 'above' },
          detail: 'storage',
          alert: 'KafkaDiskCritical',
        }),
        stat('Least idle handlers', 'min(<handlerIdle>)', {
          description: 'Idle share of the request handlers of the busiest broker, over the last minute.',
          unit: 'ratio',
          limits: { warn: 0.3, bad: 0.1, worse: 'below' },
          detail: 'broker',
          alert: 'KafkaRequestHandlersBusy',
        }),
      ],
    },
    {
      title: 'Traffic',
      panels: [
        lines(
          'Bytes in',
          [query('sum by (broker) (rate(<bytesIn>[$__rate_interval]))', 'broker {{broker}}', 'perBroker')],
          {
            description: 'What producers send, without replication.',
            unit: 'bytesPerSec',
            detail: 'broker',
            alert: 'KafkaIngressOverPlan',
          },
        ),
        lines(
          'Bytes out',
          [query('sum by (broker) (rate(<bytesOut>[$__rate_interval]))', 'broker {{broker}}', 'perBroker')],
          { description: 'What consumers fetch, without replication.', unit: 'bytesPerSec', detail: 'broker' },
        ),
        lines(
          'Records in',
          [query('sum by (broker) (rate(<messagesIn>[$__rate_interval]))', 'broker {{broker}}', 'perBroker')],
          { description: 'Records that producers write.', unit: 'recordsPerSec', detail: 'topics' },
        ),
        lines('Requests', [query('sum by (request) (rate(<requests>[$__rate_interval]))', '{{request}}', 'some')], {
          description: 'Requests answered, of the kinds that clients and replicas live on.',
          unit: 'perSec',
          detail: 'clients',
        }),
      ],
    },
    {
      title: 'Latency',
      panels: [
        lines(
          'Produce p99',
          [
            query(
              'max by (broker) (<requestTime|request="Produce",quantile="0.99">)',
              'broker {{broker}}',
              'perBroker',
            ),
          ],
          {
            description:
              'As a broker sees it, replication included for acks=all. A percentile of each broker: never averaged over them.',
            unit: 'milliseconds',
            detail: 'broker',
          },
        ),
        lines(
          'Fetch of consumers p99',
          [
            query(
              'max by (broker) (<requestTime|request="FetchConsumer",quantile="0.99">)',
              'broker {{broker}}',
              'perBroker',
            ),
          ],
          {
            description:
              'Includes waiting for new data (fetch.max.wait.ms), so half a second is normal on a quiet topic.',
            unit: 'milliseconds',
            detail: 'broker',
          },
        ),
      ],
    },
    {
      title: 'Replication',
      panels: [
        lines('Leaders', [query('sum by (broker) (<leaders>)', 'broker {{broker}}', 'perBroker')], {
          description: 'Partitions each broker leads; even lines mean even load.',
          unit: 'count',
          detail: 'broker',
        }),
        lines(
          'In-sync sets',
          [
            query('sum by (broker) (rate(<isrShrinks>[$__rate_interval]))', 'shrinks {{broker}}', 'perBroker'),
            query('sum by (broker) (rate(<isrExpands>[$__rate_interval]))', 'expands {{broker}}', 'perBroker'),
          ],
          {
            description: 'Replicas leaving and joining in-sync sets: a pair at each restart, otherwise 0.',
            unit: 'perSec',
            detail: 'broker',
            alert: 'KafkaIsrFlapping',
          },
        ),
      ],
    },
  ],
};
