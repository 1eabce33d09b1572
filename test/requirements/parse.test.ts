import { describe, expect, it } from 'vitest';
import { rational } from '../../lib/rational.ts';
import { parseUseCase } from '../../lib/requirements/parse.ts';
import type { TopicRequirement } from '../../lib/requirements/types.ts';
import { type TopicParts, useCaseText } from './use-case-text.ts';

function topicOf(parts: TopicParts): TopicRequirement {
  const topic = parseUseCase(useCaseText([parts]), 'uc.yaml').topics[0];
  if (topic === undefined) throw new Error('no topic');
  return topic;
}

const warningsOf = (parts: TopicParts, sections = '') =>
  parseUseCase(useCaseText([parts], sections), 'uc.yaml').warnings.map(({ code, path }) => `${code} ${path}`);

it('writes every default out', () => {
  expect(parseUseCase(useCaseText(), 'uc.yaml')).toEqual({
    apiVersion: 'headroom/v1',
    useCase: 'small',
    description: '',
    cluster: { target: 'msk', region: null, zones: 3, brokers: null, survive: 'broker' },
    storage: { buffer: { kind: 'bytes', bytes: 0 } },
    topics: [
      {
        name: 'order-Approved',
        service: 'order',
        entity: null,
        action: 'Approved',
        message: { sizeBytes: 200, key: null, compression: 'none', ratio: rational(1), private: [], envelope: false },
        produce: { ratePerSec: rational(200), peakPerSec: rational(200), producers: 1, growthPerMonth: rational(0) },
        handover: 'kafka',
        retention: { cleanup: 'delete', timeMs: 432_000_000, guaranteedMs: null, keys: null },
        reuse: [],
        replicas: null,
        guarantee: { loss: 'never', duplicates: 'allowed', order: 'none' },
        consumers: [],
      },
    ],
    slo: { publishP99Ms: null, endToEndP99Ms: null, lagMaxRecords: null, costMaxUsdPerMonth: null },
    warnings: [],
  });
});

it('reads what is stated', () => {
  const sections = [
    'description: |',
    '  two',
    '  lines',
    'cluster: { target: msk-express, region: us-gov-west-1, zones: 3, brokers: 6, survive: zone }',
    'storage: { buffer: 20% }',
    'slo: { publish: { p99: 100us }, endToEnd: { p99: 1.5s }, lag: { max: 0 }, cost: { max: 2000.50 USD/month } }',
  ].join('\n');
  const requirements = parseUseCase(
    useCaseText([{ consumers: '[{ service: a, rate: 1/s, catchUp: { outage: 1h, within: 30m } }]' }], sections),
    'uc.yaml',
  );
  expect(requirements).toMatchObject({
    description: 'two\nlines\n',
    cluster: { target: 'msk-express', region: 'us-gov-west-1', zones: 3, brokers: 6, survive: 'zone' },
    storage: { buffer: { kind: 'ratio', ratio: rational(1, 5) } },
    topics: [
      { consumers: [{ service: 'a', ratePerSec: rational(1), catchUp: { outageMs: 3_600_000, withinMs: 1_800_000 } }] },
    ],
    slo: { publishP99Ms: 0.1, endToEndP99Ms: 1500, lagMaxRecords: 0, costMaxUsdPerMonth: 2000.5 },
  });
});

describe('one topic', () => {
  it('rates in bytes are divided exactly by the message size', () => {
    const { produce, consumers } = topicOf({
      message: '{ size: 300 B }',
      produce: '{ rate: 50 MB/s, peak: 6 GB/min }',
      consumers: '[{ service: a, rate: 1 MiB/h }]',
    });
    expect(produce.ratePerSec).toEqual(rational(50_000_000, 300));
    expect(produce.peakPerSec).toEqual(rational(100_000_000, 300));
    expect(consumers[0]?.ratePerSec).toEqual(rational(1024 ** 2, 3600 * 300));
  });

  it('order defaults to the key, private fields to an envelope', () => {
    const keyed = topicOf({ message: '{ size: 300 B, key: orderId, private: [phone] }' });
    expect(keyed.guarantee.order).toBe('key');
    expect(keyed.message).toMatchObject({ key: 'orderId', private: ['phone'], envelope: true });
  });

  it.each([
    ['0.4', rational(2, 5)],
    ['40%', rational(2, 5)],
    ['1', rational(1)],
    ['"0.25"', rational(1, 4)],
    ['0.0000001', rational(1, 10_000_000)],
  ])('ratio %s is exact', (text, ratio) => {
    expect(topicOf({ message: `{ size: 200 B, compression: zstd, ratio: ${text} }` }).message.ratio).toEqual(ratio);
  });

  it.each([
    ['150%', rational(3, 2)],
    ['1', rational(1)],
  ])('a buffer of %s may be larger than what it stands beside', (buffer, ratio) => {
    const { storage } = parseUseCase(useCaseText([{}], `storage: { buffer: ${buffer} }`), 'uc.yaml');
    expect(storage.buffer).toEqual({ kind: 'ratio', ratio });
  });

  it('compaction needs keys and no time', () => {
    const topic = topicOf({ message: '{ size: 200 B, key: id }', retention: '{ cleanup: compact, keys: 1000000 }' });
    expect(topic.retention).toEqual({ cleanup: 'compact', timeMs: null, guaranteedMs: null, keys: 1_000_000 });
  });

  it.each(['no', 'on', 'yes', 'y', 'off'])('the name %s is a name, as in YAML 1.2', (service) => {
    expect(topicOf({ service }).name).toBe(`${service}-Approved`);
  });

  it('a name that the rule gives may be stated', () => {
    const parts = { service: 'category', entity: 'Category', action: 'Changed', name: 'categoryChanged' };
    expect(topicOf(parts).name).toBe('categoryChanged');
    expect(warningsOf(parts)).toEqual([]);
  });
});

describe('warnings', () => {
  const named = { service: undefined, action: undefined };
  it.each([
    [{ ...named, name: 'legacy.topic' }, ['TOPIC_NAME_UNCHECKED topics[0].name']],
    [{ ...named, name: '-x' }, ['TOPIC_NAME_UNCHECKED topics[0].name', 'TOPIC_NAME_UNUSUAL topics[0].name']],
    [{ ...named, name: 'a-changelog' }, ['TOPIC_NAME_UNCHECKED topics[0].name', 'TOPIC_NAME_UNUSUAL topics[0].name']],
    [{ action: 'Approve' }, ['ACTION_NOT_PAST_TENSE topics[0].action']],
    [{ action: 'approved' }, ['ACTION_LOWER_CASE topics[0].action']],
    [{ message: '{ size: 2 MB }' }, ['MESSAGE_LARGE topics[0].message.size']],
    [{ message: '{ size: 1 MB }' }, []],
    [{ message: '{ size: 15 B }' }, ['MESSAGE_TOO_SMALL_TO_PROVE topics[0].message.size']],
    [{ message: '{ size: 23 B, key: id }' }, ['MESSAGE_TOO_SMALL_TO_PROVE topics[0].message.size']],
    [{ message: '{ size: 24 B, key: id }' }, []],
    [
      { message: '{ size: 300 B, private: [a], envelope: false }' },
      ['PRIVATE_WITHOUT_ENVELOPE topics[0].message.private'],
    ],
    [{ guarantee: '{ order: key }' }, []],
  ])('%j', (parts, warnings) => {
    expect(warningsOf(parts)).toEqual(warnings);
  });

  it('topic names that differ only in case: two topics to Kafka, one to most readers', () => {
    const named = (name: string) => ({ service: undefined, action: undefined, name });
    const { topics, warnings } = parseUseCase(useCaseText([named('orderSent'), named('ordersent')]), 'uc.yaml');
    expect(topics.map(({ name }) => name)).toEqual(['orderSent', 'ordersent']);
    expect(warnings.map(({ code, path }) => `${code} ${path}`)).toContain('TOPIC_NAMES_DIFFER_IN_CASE topics[1].name');
  });

  it('a requirement that only a consumer shows, where there is none', () => {
    const slo = 'slo: { publish: { p99: 5ms }, endToEnd: { p99: 5ms }, lag: { max: 5 } }';
    expect(warningsOf({}, slo)).toEqual(['SLO_WITHOUT_CONSUMERS slo.endToEnd', 'SLO_WITHOUT_CONSUMERS slo.lag']);
    expect(warningsOf({ consumers: '[{ service: a, rate: 1/s }]' }, slo)).toEqual([]);
  });
});

describe('what an editor or another system may do to a text', () => {
  const plain = useCaseText();
  const requirements = parseUseCase(plain, 'uc.yaml');

  it.each([
    ['a byte order mark', `\uFEFF${plain}`],
    ['line ends of Windows', plain.replaceAll('\n', '\r\n')],
    ['document marks', `---\n${plain}...\n`],
    ['comments', `# first\n${plain}# last\n`],
    [
      'JSON',
      JSON.stringify({
        apiVersion: 'headroom/v1',
        useCase: 'small',
        topics: [
          {
            service: 'order',
            action: 'Approved',
            message: { size: '200 B' },
            produce: { rate: '200/s' },
            retention: { time: '5d' },
          },
        ],
      }),
    ],
    ['anchors', plain.replace('rate: 200/s', 'rate: &rate 200/s, peak: *rate')],
  ])('%s', (_, text) => {
    expect(parseUseCase(text, 'uc.yaml')).toEqual(requirements);
  });
});
