/** Round robin against sticky against keyed: the same records at the same rate, spread in another way. */
import { effects } from './effects.ts';
import type { Scenario } from './scenario.ts';

export const partitioner: Scenario = {
  question: 'how much less does round robin batch than sticky, and what do keys cost?',
  method:
    'One producer at the peak rate of the use case with 20 ms of linger; records go to partitions sticky (KIP-480), round robin, or by the hash of their key (murmur2). Interleaved rounds on one cluster.',
  grid: {
    vary: ['partitioner=sticky,roundRobin,key', 'producers=1', 'linger.ms=20'],
    kind: 'full',
    rounds: 8,
    measureMs: 1_000,
    figures: [
      'recordsPerBatch',
      'publishP50Ms',
      'publishP99Ms',
      'clientCpuMicrosPerRecord',
      'brokerCpuMicrosPerRecord',
      'wireBytesPerRecord',
      'reorderedRecords',
    ],
    answer: (analysis) =>
      effects(analysis, ['recordsPerBatch', 'publishP99Ms', 'brokerCpuMicrosPerRecord', 'wireBytesPerRecord']),
  },
};
