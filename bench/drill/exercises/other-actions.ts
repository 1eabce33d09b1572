/** Actions of the pages about MSK, the bench and Prometheus: what of them a local cluster can do. */
import { awsOnly, ourOwn, setting } from './action-states.ts';
import { preferredLead, quota, settings } from './effects.ts';
import type { Exercise } from './exercise.ts';

export const otherExercises: readonly Exercise[] = [
  {
    page: 'BenchGeneratorSaturated',
    effects: {},
    notHere: { 'Act, A. Find what one process sustains here, then spread the load': ourOwn },
  },
  { page: 'BenchLossOrDuplicate', effects: {}, notHere: { 'Act, A. Forbid unclean elections and run again': ourOwn } },
  setting(
    'MskBandwidthExceeded',
    'Act, A. Hold the reader back',
    quota('user', 'PRINCIPAL', 'consumer_byte_rate', 10_000_000),
  ),
  { page: 'MskCpuCredits', effects: {}, notHere: { 'Act, A. Brokers without credits': awsOnly } },
  setting('MskCpuHigh', 'Act, A. Give leadership back', preferredLead, {
    notHere: { 'Act, B. Larger brokers': awsOnly },
  }),
  setting('MskExpressStorage', 'Act, A. Keep what the plan says', settings('topic', { 'retention.ms': '432000000' })),
  {
    page: 'MskExpressThrottled',
    effects: {},
    notHere: { 'Act, A. Let AWS spread the load': awsOnly, 'Act, B. More brokers': awsOnly },
  },
  { page: 'MskIngressNearLimit', effects: {}, notHere: { 'Act, A. More brokers': awsOnly } },
  { page: 'MskVolumeThroughput', effects: {}, notHere: { 'Act, A. Buy more throughput': awsOnly } },
  {
    page: 'Watchdog',
    effects: {},
    notHere: { 'Act, A. Start Prometheus': 'wants Prometheus as a service of systemd' },
  },
];
