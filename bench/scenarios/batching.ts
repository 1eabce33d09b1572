/** batch.size x linger.ms: what waiting for more records gains, and what it costs in latency. */
import { effects } from './effects.ts';
import type { Scenario } from './scenario.ts';

export const batching: Scenario = {
  question: 'what do linger.ms and batch.size change?',
  method:
    'The load of the use case at its peak rate under every combination of two values of linger.ms and batch.size, in interleaved rounds on one cluster.',
  grid: {
    vary: ['linger.ms=5,50', 'batch.size=16384,131072'],
    kind: 'full',
    rounds: 8,
    measureMs: 600,
    figures: [
      'recordsPerBatch',
      'publishP50Ms',
      'publishP99Ms',
      'endToEndP99Ms',
      'clientCpuMicrosPerRecord',
      'brokerCpuMicrosPerRecord',
      'wireBytesPerRecord',
    ],
    answer: (analysis) =>
      effects(analysis, [
        'recordsPerBatch',
        'publishP99Ms',
        'clientCpuMicrosPerRecord',
        'brokerCpuMicrosPerRecord',
        'wireBytesPerRecord',
      ]),
  },
};
