import { expect, it } from 'vitest';
import { brokerProperties } from '../../../bench/local/broker-config.ts';
import { renderProperties } from '../../../bench/local/properties-file.ts';

function propertiesOf(id: number, brokers: number, overrides: Record<string, string> = {}) {
  const cluster = Array.from({ length: brokers }, (_, index) => ({
    id: index + 1,
    port: 100 + index,
    controllerPort: 200 + index,
  }));
  const broker = { ...(cluster[id - 1] ?? { id, port: 0, controllerPort: 0 }), rack: `rack-${id}`, dataDir: '/d' };
  return brokerProperties({ broker, cluster, overrides });
}

it('makes each of three a broker and a controller, on loopback only', () => {
  const properties = propertiesOf(2, 3);
  expect(properties).toMatchObject({
    'process.roles': 'broker,controller',
    'node.id': '2',
    'broker.rack': 'rack-2',
    'controller.quorum.voters': '1@127.0.0.1:200,2@127.0.0.1:201,3@127.0.0.1:202',
    listeners: 'PLAINTEXT://127.0.0.1:101,CONTROLLER://127.0.0.1:201',
    'advertised.listeners': 'PLAINTEXT://127.0.0.1:101',
    'offsets.topic.replication.factor': '3',
    'transaction.state.log.min.isr': '2',
    'unclean.leader.election.enable': 'false',
    'auto.create.topics.enable': 'false',
  });
});

it('of five, only the first three are controllers', () => {
  expect([1, 2, 3, 4, 5].map((id) => propertiesOf(id, 5)['process.roles'])).toEqual([
    'broker,controller',
    'broker,controller',
    'broker,controller',
    'broker',
    'broker',
  ]);
  expect(propertiesOf(5, 5).listeners).toBe('PLAINTEXT://127.0.0.1:104');
  expect(propertiesOf(5, 5)['controller.quorum.voters']).toBe(propertiesOf(1, 5)['controller.quorum.voters']);
});

it('replicates no more than one broker can', () => {
  expect(propertiesOf(1, 1)).toMatchObject({
    'offsets.topic.replication.factor': '1',
    'transaction.state.log.replication.factor': '1',
    'transaction.state.log.min.isr': '1',
    'share.coordinator.state.topic.min.isr': '1',
  });
});

it('lets overrides win', () => {
  expect(propertiesOf(1, 3, { 'log.retention.check.interval.ms': '100', 'x.y': 'z' })).toMatchObject({
    'log.retention.check.interval.ms': '100',
    'x.y': 'z',
  });
});

it('writes one line a setting and doubles backslashes', () => {
  expect(renderProperties({ a: '1', 'log.dirs': 'C:\\data' })).toBe('a=1\nlog.dirs=C:\\\\data\n');
});
