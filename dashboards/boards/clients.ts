import { type Board, lines, query } from '../board.ts';

const perBroker = (template: string) => query(template, 'broker {{broker}}', 'perBroker');

export const clients: Board = {
  id: 'clients',
  title: 'Kafka / Clients',
  description: 'Connections, logins, requests by kind, quotas, old clients.',
  variables: ['broker'],
  rows: [
    {
      title: 'Connections',
      panels: [
        lines(
          'Open connections',
          [
            perBroker('sum by (broker) (<connections>)'),
            query('max(<plannedBrokerConnectionLimit>)', 'limit of the plan', 'one'),
          ],
          { description: 'Clients and other brokers.', unit: 'count', alert: 'KafkaConnectionsNearLimit' },
        ),
        lines('New connections', [perBroker('sum by (broker) (<connectionRate>)')], {
          description: 'A second. Many for few clients: something reconnects for every record.',
          unit: 'perSec',
          limits: { warn: 50, bad: 80, worse: 'above' },
          alert: 'KafkaConnectionStorm',
        }),
        lines('Refused logins', [perBroker('sum by (broker) (<authFailures>)')], {
          description: 'Logins a second with wrong or expired credentials.',
          unit: 'perSec',
          alert: 'KafkaAuthFailures',
        }),
        lines('Converted records', [perBroker('sum by (broker) (rate(<produceConversions>[$__rate_interval]))')], {
          description: 'Of clients so old that the broker has to rewrite what they send.',
          unit: 'perSec',
          alert: 'KafkaMessageConversion',
        }),
      ],
    },
    {
      title: 'Requests',
      panels: [
        lines(
          'Requests by kind',
          [query('sum by (request) (rate(<requests>[$__rate_interval]))', '{{request}}', 'some')],
          { description: 'Answered, over the chosen brokers.', unit: 'perSec' },
        ),
        lines(
          'Produce',
          [
            query('max(<requestTime|request="Produce",quantile="0.5">)', 'p50', 'one'),
            query('max(<requestTime|request="Produce",quantile="0.99">)', 'p99', 'one'),
            query('max(<requestTime|request="Produce",quantile="0.999">)', 'p99.9', 'one'),
          ],
          {
            description: 'Of the slowest broker: percentiles of several brokers cannot be averaged.',
            unit: 'milliseconds',
          },
        ),
        lines(
          'Held back by quotas',
          [
            query(
              'max by (broker) (<throttleTime|request="Produce",quantile="0.99">)',
              'produce {{broker}}',
              'perBroker',
            ),
            query(
              'max by (broker) (<throttleTime|request="FetchConsumer",quantile="0.99">)',
              'fetch {{broker}}',
              'perBroker',
            ),
          ],
          { description: 'p99 of the time a quota held requests back.', unit: 'milliseconds' },
        ),
        lines(
          'Metadata and commits p99',
          [
            query('max(<requestTime|request="Metadata",quantile="0.99">)', 'Metadata', 'one'),
            query('max(<requestTime|request="OffsetCommit",quantile="0.99">)', 'OffsetCommit', 'one'),
            query('max(<requestTime|request="Heartbeat",quantile="0.99">)', 'Heartbeat', 'one'),
          ],
          { description: 'Slow commits and heartbeats cause rebalances.', unit: 'milliseconds' },
        ),
      ],
    },
  ],
};
