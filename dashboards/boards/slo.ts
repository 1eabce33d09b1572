import { errorBudget } from '../../lib/metrics/alerts/slo.ts';
import { type Board, lines, query } from '../board.ts';

const badShare = (range: string) =>
  `sum by (topic) (rate(<sloRecords|outcome="bad">[${range}])) / sum by (topic) (rate(<sloRecords>[${range}]))`;
const burn = (range: string) => query(`(${badShare(range)}) / ${errorBudget}`, `{{topic}}, ${range}`, 'perTopic');

export const slo: Board = {
  id: 'slo',
  title: 'Headroom / Objectives',
  description: 'The objectives of the use case as error budgets: a p99 allows one record in a hundred to be late.',
  variables: [],
  rows: [
    {
      title: 'Budget',
      panels: [
        lines('Records that miss the objective', [query(badShare('$__rate_interval'), '{{topic}}', 'perTopic')], {
          description: 'Late or failed, as a share; 1 % is the budget.',
          unit: 'ratio',
          limits: { warn: 0.005, bad: errorBudget, worse: 'above' },
          alert: 'KafkaSloTicket',
          width: 12,
        }),
        lines(
          'Budget left in the range shown',
          [
            query(
              `1 - (sum by (topic) (increase(<sloRecords|outcome="bad">[$__range])) / sum by (topic) (increase(<sloRecords>[$__range]))) / ${errorBudget}`,
              '{{topic}}',
              'perTopic',
            ),
          ],
          {
            description: '1 is untouched, 0 used up, negative overdrawn.',
            unit: 'ratio',
            limits: { warn: 0.5, bad: 0, worse: 'below' },
            width: 12,
          },
        ),
        lines('Burn rate', [burn('5m'), burn('1h'), burn('6h')], {
          description:
            '1 uses the budget up in exactly a month. 14.4 over 5 min and 1 h pages, 6 over 30 min and 6 h too.',
          unit: 'count',
          limits: { warn: 1, bad: 6, worse: 'above' },
          alert: 'KafkaSloFastBurn',
          width: 12,
        }),
        lines(
          'Judged records',
          [query('sum by (topic, outcome) (rate(<sloRecords>[$__rate_interval]))', '{{topic}} {{outcome}}', 'some')],
          { description: 'Below one a second nobody is paged.', unit: 'recordsPerSec', width: 12 },
        ),
      ],
    },
    {
      title: 'As measured',
      panels: [
        lines(
          'Publish p99',
          [
            query(
              'histogram_quantile(0.99, sum by (le, topic) (rate(<publishTime|le=~".+">[$__rate_interval])))',
              '{{topic}}',
              'perTopic',
            ),
            query('max(<plannedPublishP99Sec>)', 'objective', 'one'),
          ],
          {
            description: 'From the moment a record was due to its acknowledgement.',
            unit: 'seconds',
            detail: 'bench',
            alert: 'KafkaSloFastBurn',
          },
        ),
        lines(
          'End to end p99',
          [
            query(
              'histogram_quantile(0.99, sum by (le, topic, consumergroup) (rate(<endToEndTime|le=~".+">[$__rate_interval])))',
              '{{consumergroup}} {{topic}}',
              'perGroup',
            ),
            query('max(<plannedEndToEndP99Sec>)', 'objective', 'one'),
          ],
          {
            description: 'From the moment a record was due to its arrival in a group.',
            unit: 'seconds',
            detail: 'bench',
          },
        ),
        lines(
          'Produce p99 of the brokers',
          [query('max(<requestTime|request="Produce",quantile="0.99">) / 1000', 'slowest broker', 'one')],
          {
            description:
              'What the brokers add; the rest is network, client and waiting for a slot. Another span: compare, do not subtract.',
            unit: 'seconds',
            detail: 'broker',
          },
        ),
      ],
    },
  ],
};
