import { type Board, lines, type Panel, query, stat } from '../board.ts';

const quantile = (q: string, id: string, by: string) =>
  `histogram_quantile(${q}, sum by (le${by === '' ? '' : `, ${by}`}) (rate(<${id}|le=~".+">[$__rate_interval])))`;

function heatmap(title: string, id: string, description: string): Panel {
  return {
    title,
    kind: 'heatmap',
    queries: [query(`sum by (le) (increase(<${id}|le=~".+">[$__rate_interval]))`, '{{le}}', 'some')],
    description,
    unit: 'seconds',
    width: 12,
  };
}

export const bench: Board = {
  id: 'bench',
  title: 'Headroom / Run',
  description:
    'A run of the harness as it happens: what was asked for, what came of it, and whether the harness itself kept up.',
  variables: [],
  rows: [
    {
      title: 'Is the run valid?',
      panels: [
        stat('Generator busy', 'max(<generatorBusy>)', {
          description:
            'Share of the last second in which the event loop had work. Above 95 % the harness is the limit.',
          unit: 'ratio',
          limits: { warn: 0.8, bad: 0.95, worse: 'above' },
          alert: 'BenchGeneratorSaturated',
        }),
        stat('Event loop delay p99', 'max(<generatorDelay>)', {
          description: 'Above 50 ms the harness is the limit.',
          unit: 'seconds',
          limits: { warn: 0.02, bad: 0.05, worse: 'above' },
          alert: 'BenchGeneratorSaturated',
        }),
        stat('Generator CPU', 'sum(rate(<generatorCpu>[$__rate_interval]))', {
          description: 'Cores that the harness uses.',
          unit: 'count',
        }),
        stat('Lost', 'sum(<recordsLost>)', {
          description: 'Acknowledged and never read, although the group read past them.',
          unit: 'records',
          limits: { warn: 1, bad: 1, worse: 'above' },
          alert: 'BenchLossOrDuplicate',
        }),
        stat('There twice', 'sum(<recordsDuplicated>)', {
          description: 'Records that are in the log more than once.',
          unit: 'records',
          limits: { warn: 1, bad: 1, worse: 'above' },
          alert: 'BenchLossOrDuplicate',
        }),
        stat('Given up', 'sum(<recordsFailed>)', {
          description: 'Records that were not acknowledged in time.',
          unit: 'records',
          limits: { warn: 1, bad: 1, worse: 'above' },
        }),
      ],
    },
    {
      title: 'Load',
      panels: [
        lines(
          'Target and achieved',
          [
            query('sum(<targetRate>)', 'target', 'one'),
            query('sum(rate(<recordsSent>[$__rate_interval]))', 'sent', 'one'),
            query('sum(rate(<recordsAcknowledged>[$__rate_interval]))', 'acknowledged', 'one'),
          ],
          { description: 'The lines must lie on each other.', unit: 'recordsPerSec' },
        ),
        lines(
          'Received by groups',
          [
            query(
              'sum by (consumergroup, topic) (rate(<recordsReceived>[$__rate_interval]))',
              '{{consumergroup}}',
              'perGroup',
            ),
          ],
          { description: 'Records read for the first time.', unit: 'recordsPerSec', detail: 'groups' },
        ),
        {
          title: 'Phase',
          kind: 'states',
          queries: [query('<benchPhase>', '{{phase}}', 'some')],
          description: 'What the run is doing; phases are also marked on every panel.',
          unit: 'state',
          width: 24,
        },
      ],
    },
    {
      title: 'Latency, from the moment a record was due',
      panels: [
        heatmap(
          'Publish',
          'publishTime',
          'Until the acknowledgement. The objective of the use case is an edge between two rows.',
        ),
        heatmap(
          'End to end',
          'endToEndTime',
          'Until a group has it. The objective of the use case is an edge between two rows.',
        ),
        lines(
          'Publish percentiles',
          [
            query(quantile('0.5', 'publishTime', ''), 'p50', 'one'),
            query(quantile('0.99', 'publishTime', ''), 'p99', 'one'),
            query('max(<plannedPublishP99Sec>)', 'objective', 'one'),
          ],
          { description: 'Estimated from buckets; the report has them exactly.', unit: 'seconds', detail: 'slo' },
        ),
        lines(
          'End to end percentiles',
          [
            query(quantile('0.5', 'endToEndTime', ''), 'p50', 'one'),
            query(quantile('0.99', 'endToEndTime', ''), 'p99', 'one'),
            query('max(<plannedEndToEndP99Sec>)', 'objective', 'one'),
          ],
          { description: 'Estimated from buckets; the report has them exactly.', unit: 'seconds', detail: 'slo' },
        ),
        lines('Slip p99', [query(quantile('0.99', 'slip', 'topic'), '{{topic}}', 'perTopic')], {
          description: 'How late the harness was; it is part of the latencies above.',
          unit: 'seconds',
          limits: { warn: 0.02, bad: 0.1, worse: 'above' },
        }),
      ],
    },
    {
      title: 'Faults',
      panels: [
        {
          title: 'Injected faults',
          kind: 'states',
          queries: [query('<benchFault>', '{{fault}}', 'some')],
          description: 'Only in runs with faults.',
          unit: 'state',
          width: 24,
        },
      ],
    },
  ],
};
