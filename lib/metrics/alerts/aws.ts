/** What only AWS can raise: limits of the instance, the volume and the service, with the plan's numbers. */
import type { Alert, CloudWatchAlarm } from '../types.ts';

const perBroker = { periodSec: 300, breaching: 2, of: 2, missing: 'missing', per: 'broker' } as const;

/** An alarm that only AWS can raise, because the figure belongs to the service and not to the broker. */
function awsOnly(
  id: string,
  row: Pick<Alert, 'severity' | 'summary' | 'meaning' | 'dashboard'>,
  cloudWatch: CloudWatchAlarm,
): Alert {
  const drill = { notDrilled: 'a limit of AWS: it cannot be reached on a local cluster' };
  return { id, ...row, condition: null, forSec: 0, cloudWatch, drill };
}

export const awsAlerts: readonly Alert[] = [
  awsOnly(
    'MskCpuHigh',
    {
      severity: 'ticket',
      summary: 'CPU of a broker above 60 %',
      meaning: 'AWS’s own line: above it a lost broker overloads the others.',
      dashboard: 'broker',
    },
    {
      ...perBroker,
      metrics: { user: 'cpuUser', system: 'cpuSystem' },
      expression: 'user + system',
      comparison: '>',
      threshold: 60,
      breaching: 3,
      of: 3,
    },
  ),
  awsOnly(
    'MskCpuCredits',
    {
      severity: 'ticket',
      summary: 'a t3 broker runs out of CPU credits',
      meaning: 'Without credits it gets a fifth of its cores.',
      dashboard: 'broker',
    },
    {
      ...perBroker,
      metrics: { m: 'cpuCredits' },
      comparison: '<',
      threshold: 100,
      breaching: 3,
      of: 3,
      instanceTypes: 'kafka.t3',
    },
  ),
  awsOnly(
    'MskBandwidthExceeded',
    {
      severity: 'ticket',
      summary: 'AWS holds back packets of a broker: its instance sends or receives more than it may',
      meaning: 'The network of the instance type is the limit; take a larger one or more brokers.',
      dashboard: 'broker',
    },
    {
      ...perBroker,
      metrics: { inbound: 'bandwidthInExceeded', outbound: 'bandwidthOutExceeded' },
      expression: 'inbound + outbound',
      comparison: '>',
      threshold: 0,
    },
  ),
  awsOnly(
    'MskVolumeThroughput',
    {
      severity: 'ticket',
      summary: 'the volume of a broker moves more than 80 % of the throughput that was bought for it',
      meaning: 'The number is the plan’s. Beyond it writes wait.',
      dashboard: 'storage',
    },
    {
      ...perBroker,
      metrics: { read: 'diskRead', written: 'diskWritten' },
      expression: '(read + written) / PERIOD(written)',
      comparison: '>=',
      threshold: { planned: 'volumeBytesPerSec', factor: 0.8 },
    },
  ),
  awsOnly(
    'MskIngressNearLimit',
    {
      severity: 'ticket',
      summary: 'a broker takes more than 80 % of what its type sustains',
      meaning: 'On Express, AWS throttles beyond its limit; on Standard, replication and recovery lose their room.',
      dashboard: 'capacity',
    },
    {
      ...perBroker,
      metrics: { m: 'bytesIn' },
      comparison: '>',
      threshold: { planned: 'brokerIngressLimitBytesPerSec', factor: 0.8 },
      breaching: 3,
      of: 3,
    },
  ),
  awsOnly(
    'MskExpressThrottled',
    {
      severity: 'page',
      summary: 'MSK holds back the clients of an Express broker',
      meaning: 'Its throughput limit is reached: producers or consumers wait.',
      dashboard: 'broker',
    },
    {
      ...perBroker,
      metrics: { produce: 'produceThrottle', fetch: 'fetchThrottle' },
      expression: 'produce + fetch',
      comparison: '>',
      threshold: 0,
      missing: 'notBreaching',
      kinds: ['msk-express'],
    },
  ),
  awsOnly(
    'MskExpressStorage',
    {
      severity: 'ticket',
      summary: 'an Express cluster holds more than the plan foresees',
      meaning: 'Half again as much as the planned bytes on disk: retention or rate differ from the use case.',
      dashboard: 'capacity',
    },
    {
      ...perBroker,
      metrics: { m: 'storageUsed' },
      comparison: '>',
      threshold: { planned: 'onDiskBytes', factor: 1.5 },
      per: 'cluster',
      kinds: ['msk-express'],
    },
  ),
];
