/** Traffic, requests and where their time goes; the threads that serve them. */
import { broker, cloudWatch, percentiles } from '../sources.ts';
import type { CloudWatchSource, MBean, Signal } from '../types.ts';

const traffic = (name: string): MBean => ({
  domain: 'kafka.server',
  type: 'BrokerTopicMetrics',
  name,
  attribute: 'Count',
});
const perTopic = (name: string): MBean => ({ ...traffic(name), keys: { topic: '*' } });
/** The requests that clients and replicas live on; the other ninety would be most of all series. */
export const watchedRequests = [
  'Produce',
  'FetchConsumer',
  'FetchFollower',
  'Metadata',
  'OffsetCommit',
  'Heartbeat',
] as const;
const stagedRequests = ['Produce', 'FetchConsumer', 'FetchFollower'] as const;
const provisioned = ['msk', 'msk-express'] as const;
const perBroker = (
  metric: string,
  statistic: CloudWatchSource['statistic'],
  level: CloudWatchSource['level'] = 'DEFAULT',
): CloudWatchSource => cloudWatch(metric, level, statistic, ['Cluster Name', 'Broker ID'], provisioned);

/** One stage of a request's way through a broker. The stages' percentiles do not add up to the total's. */
function stage(id: string, name: string, meaning: string): Signal {
  return percentiles(
    { domain: 'kafka.network', type: 'RequestMetrics', name, keys: { request: stagedRequests } },
    {
      id,
      meaning,
      unit: 'milliseconds',
      presence: 'underLoad',
      labels: ['request'],
      noCloudWatch: 'CloudWatch gives means of stages, which hide what a percentile shows',
    },
  );
}

export const requestSignals: readonly Signal[] = [
  broker('counter', traffic('BytesInPerSec'), {
    id: 'bytesIn',
    meaning: 'bytes that producers send to a broker, without replication',
    unit: 'bytesPerSec',
    presence: 'underLoad',
    cloudWatch: perBroker('BytesInPerSec', 'Average'),
  }),
  broker('counter', traffic('BytesOutPerSec'), {
    id: 'bytesOut',
    meaning: 'bytes that consumers fetch from a broker, without replication',
    unit: 'bytesPerSec',
    presence: 'underLoad',
    cloudWatch: perBroker('BytesOutPerSec', 'Average'),
  }),
  broker('counter', traffic('MessagesInPerSec'), {
    id: 'messagesIn',
    meaning: 'records that producers write to a broker',
    unit: 'recordsPerSec',
    presence: 'underLoad',
    cloudWatch: perBroker('MessagesInPerSec', 'Average'),
  }),
  broker('counter', traffic('ReplicationBytesInPerSec'), {
    id: 'replicationBytesIn',
    meaning: 'bytes a broker copies from leaders',
    unit: 'bytesPerSec',
    presence: 'underLoad',
    cloudWatch: perBroker('ReplicationBytesInPerSec', 'Average', 'PER_BROKER'),
  }),
  broker('counter', traffic('FailedProduceRequestsPerSec'), {
    id: 'failedProduce',
    meaning: 'produce requests a broker refused or could not carry out',
    unit: 'perSec',
  }),
  broker('counter', traffic('FailedFetchRequestsPerSec'), {
    id: 'failedFetch',
    meaning: 'fetch requests a broker refused or could not carry out',
    unit: 'perSec',
  }),
  broker('counter', traffic('ProduceMessageConversionsPerSec'), {
    id: 'produceConversions',
    meaning: 'records of an old client that a broker had to convert, on its heap',
    unit: 'perSec',
    cloudWatch: perBroker('ProduceMessageConversionsPerSec', 'Average', 'PER_BROKER'),
  }),
  broker('counter', perTopic('BytesInPerSec'), {
    id: 'topicBytesIn',
    meaning: 'bytes that producers send to a topic on a broker',
    unit: 'bytesPerSec',
    presence: 'underLoad',
    labels: ['topic'],
  }),
  broker('counter', perTopic('BytesOutPerSec'), {
    id: 'topicBytesOut',
    meaning: 'bytes that consumers fetch of a topic from a broker',
    unit: 'bytesPerSec',
    presence: 'underLoad',
    labels: ['topic'],
  }),
  broker('counter', perTopic('MessagesInPerSec'), {
    id: 'topicMessagesIn',
    meaning: 'records that producers write to a topic on a broker',
    unit: 'recordsPerSec',
    presence: 'underLoad',
    labels: ['topic'],
  }),
  broker(
    'counter',
    {
      domain: 'kafka.network',
      type: 'RequestMetrics',
      name: 'TotalTimeMs',
      keys: { request: watchedRequests },
      attribute: 'Count',
      as: 'Requests',
    },
    {
      id: 'requests',
      meaning: 'requests a broker answered',
      unit: 'perSec',
      presence: 'underLoad',
      labels: ['request'],
    },
  ),
  percentiles(
    { domain: 'kafka.network', type: 'RequestMetrics', name: 'TotalTimeMs', keys: { request: watchedRequests } },
    {
      id: 'requestTime',
      meaning: 'time from the arrival of a request to the last byte of its answer; a fetch waits for data by design',
      unit: 'milliseconds',
      presence: 'underLoad',
      labels: ['request'],
      noCloudWatch: 'CloudWatch has ProduceTotalTimeMsMean: a mean, so no p99 can be judged by it',
    },
  ),
  stage('requestQueueTime', 'RequestQueueTimeMs', 'waiting for a request handler: the handlers are busy when it grows'),
  stage('localTime', 'LocalTimeMs', 'work of the leader itself: disk and page cache'),
  stage('remoteTime', 'RemoteTimeMs', 'waiting for others: replicas for acks=all, new data for a fetch'),
  stage('responseQueueTime', 'ResponseQueueTimeMs', 'waiting for a network thread to send the answer'),
  stage('responseSendTime', 'ResponseSendTimeMs', 'sending the answer: the network or a slow client'),
  stage('throttleTime', 'ThrottleTimeMs', 'held back by a quota'),
  broker(
    'gauge',
    {
      domain: 'kafka.server',
      type: 'KafkaRequestHandlerPool',
      name: 'RequestHandlerAvgIdlePercent',
      attribute: 'OneMinuteRate',
    },
    {
      id: 'handlerIdle',
      meaning: 'share of the last minute in which request handlers had nothing to do',
      unit: 'ratio',
      cloudWatch: perBroker('RequestHandlerAvgIdlePercent', 'Average', 'PER_BROKER'),
    },
  ),
  broker(
    'gauge',
    { domain: 'kafka.network', type: 'SocketServer', name: 'NetworkProcessorAvgIdlePercent', attribute: 'Value' },
    {
      id: 'networkIdle',
      meaning: 'share of the time in which network threads had nothing to do',
      unit: 'ratio',
      cloudWatch: perBroker('NetworkProcessorAvgIdlePercent', 'Average', 'PER_BROKER'),
    },
  ),
  broker(
    'gauge',
    { domain: 'kafka.network', type: 'RequestChannel', name: 'RequestQueueSize', attribute: 'Value' },
    {
      id: 'requestQueueSize',
      meaning: 'requests that wait for a handler; at queued.max.requests (500) a broker stops reading from clients',
      unit: 'count',
    },
  ),
  broker(
    'gauge',
    {
      domain: 'kafka.server',
      type: 'DelayedOperationPurgatory',
      name: 'PurgatorySize',
      keys: { delayedOperation: ['Produce', 'Fetch'] },
      attribute: 'Value',
    },
    {
      id: 'purgatorySize',
      meaning: 'requests that wait for others: Produce for replicas, Fetch for data',
      unit: 'count',
      labels: ['delayedOperation'],
    },
  ),
];
