import { type Board, lines, query } from '../board.ts';

const perBroker = (template: string) => query(template, 'broker {{broker}}', 'perBroker');
const stages = [
  ['requestQueueTime', 'request queue'],
  ['localTime', 'local'],
  ['remoteTime', 'remote'],
  ['responseQueueTime', 'response queue'],
  ['responseSendTime', 'sending'],
  ['throttleTime', 'throttled'],
] as const;
const stagesOf = (request: string) =>
  stages.map(([id, name]) => query(`max(<${id}|request="${request}",quantile="0.99">)`, name, 'one'));

export const broker: Board = {
  id: 'broker',
  title: 'Kafka / Broker',
  description:
    'One broker or several side by side: where requests spend their time, what is saturated, the Java machine, the host.',
  variables: ['broker'],
  rows: [
    {
      title: 'Where a request spends its time (p99 of the slowest broker)',
      panels: [
        lines('Produce by stage', stagesOf('Produce'), {
          description: 'The percentiles of the stages do not add up to the total; compare their sizes, not their sum.',
          unit: 'milliseconds',
        }),
        lines('Fetch of consumers by stage', stagesOf('FetchConsumer'), {
          description: 'Remote is waiting for new data, which is the normal state of a consumer.',
          unit: 'milliseconds',
        }),
        lines('Fetch of followers by stage', stagesOf('FetchFollower'), {
          description: 'Local time that grows means replicas read from disk instead of the page cache.',
          unit: 'milliseconds',
        }),
        lines(
          'Requests waiting for others',
          [query('sum by (broker, delayedOperation) (<purgatorySize>)', '{{delayedOperation}} {{broker}}', 'some')],
          { description: 'Produce waits for replicas, Fetch for data.', unit: 'count' },
        ),
      ],
    },
    {
      title: 'Saturation',
      panels: [
        lines('Request handlers idle', [perBroker('min by (broker) (<handlerIdle>)')], {
          description: 'Over the last minute. Below 30 % requests begin to wait.',
          unit: 'ratio',
          limits: { warn: 0.3, bad: 0.1, worse: 'below' },
          alert: 'KafkaRequestHandlersBusy',
        }),
        lines('Network threads idle', [perBroker('min by (broker) (<networkIdle>)')], {
          description: 'TLS and many connections use them up.',
          unit: 'ratio',
          limits: { warn: 0.3, bad: 0.1, worse: 'below' },
          alert: 'KafkaNetworkThreadsBusy',
        }),
        lines('Request queue', [perBroker('max by (broker) (<requestQueueSize>)')], {
          description: 'Requests that wait for a handler; at 500 the broker stops reading.',
          unit: 'count',
          limits: { warn: 250, bad: 400, worse: 'above' },
          alert: 'KafkaRequestQueueFull',
        }),
        lines(
          'Failed requests',
          [
            query('sum by (broker) (rate(<failedProduce>[$__rate_interval]))', 'produce {{broker}}', 'perBroker'),
            query('sum by (broker) (rate(<failedFetch>[$__rate_interval]))', 'fetch {{broker}}', 'perBroker'),
          ],
          { description: 'Refused or not carried out.', unit: 'perSec' },
        ),
      ],
    },
    {
      title: 'Replication',
      panels: [
        lines('Replica lag', [perBroker('max by (broker) (<replicaMaxLag>)')], {
          description: 'Records the slowest replica on the broker is behind.',
          unit: 'records',
        }),
        lines('Stopped replicas', [perBroker('max by (broker) (<failedFetcherPartitions>)')], {
          description: 'Replicas that do not start copying again by themselves.',
          unit: 'count',
          limits: { warn: 1, bad: 1, worse: 'above' },
          alert: 'KafkaReplicaStopped',
        }),
        lines(
          'Bytes copied from leaders',
          [perBroker('sum by (broker) (rate(<replicationBytesIn>[$__rate_interval]))')],
          { description: 'Replication into the broker.', unit: 'bytesPerSec' },
        ),
        lines('Being moved', [perBroker('sum by (broker) (<reassigning>)')], {
          description: 'Partitions under reassignment.',
          unit: 'count',
        }),
      ],
    },
    {
      title: 'Java machine and host',
      panels: [
        lines('Heap', [perBroker('max by (broker) (<heapUsed>) / max by (broker) (<heapMax>)')], {
          description: 'A saw tooth; its lower edge is what matters.',
          unit: 'ratio',
          alert: 'KafkaHeapHigh',
        }),
        lines('Time collecting garbage', [perBroker('sum by (broker) (rate(<gcTime>[$__rate_interval]))')], {
          description: 'Share of the time; requests wait meanwhile.',
          unit: 'ratio',
          limits: { warn: 0.05, bad: 0.1, worse: 'above' },
          alert: 'KafkaGcPause',
        }),
        lines('CPU of the broker', [perBroker('sum by (broker) (rate(<brokerCpu>[$__rate_interval]))')], {
          description: 'Cores that the process uses.',
          unit: 'count',
        }),
        lines(
          'CPU of the host',
          [query('1 - avg by (broker) (rate(<hostCpu|mode="idle">[$__rate_interval]))', '{{broker}}', 'some')],
          {
            description: 'Everything that runs there. On MSK nothing but the broker does.',
            unit: 'ratio',
            limits: { warn: 0.6, bad: 0.85, worse: 'above' },
          },
        ),
        lines('Memory left', [query('min by (broker) (<memoryAvailable>)', '{{broker}}', 'some')], {
          description: 'What programs and the page cache can still have.',
          unit: 'bytes',
        }),
        lines('Open files', [perBroker('max by (broker) (<openFiles>) / max by (broker) (<maxFiles>)')], {
          description: 'Segments and connections, as a share of what is allowed.',
          unit: 'ratio',
          limits: { warn: 0.6, bad: 0.8, worse: 'above' },
          alert: 'KafkaFilesExhausted',
        }),
        lines(
          'Network of the host',
          [
            query('sum by (broker) (rate(<networkReceived|device!="lo">[$__rate_interval]))', 'in {{broker}}', 'some'),
            query('sum by (broker) (rate(<networkSent|device!="lo">[$__rate_interval]))', 'out {{broker}}', 'some'),
          ],
          {
            description: 'With replication. The brokers of a local cluster talk over loopback, which is left out.',
            unit: 'bytesPerSec',
          },
        ),
        lines(
          'Cost of watching',
          [
            query('max by (broker) (<scrapeSeries>)', 'series {{broker}}', 'perBroker'),
            query('1000 + 20 * max by (broker) (<leaders>)', 'allowed {{broker}}', 'perBroker'),
          ],
          {
            description:
              'Series that Prometheus reads of a broker: at most 1,000 and 20 for each partition it leads, by design.',
            unit: 'count',
          },
        ),
      ],
    },
  ],
};
