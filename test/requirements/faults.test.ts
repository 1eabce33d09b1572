/** Bad values: each must be refused with its place, what was expected, what stood there and what to do. */
import { describe, expect, it } from 'vitest';
import { faultsOf, type TopicParts, useCaseText } from './use-case-text.ts';

const named = (name: string) => ({ service: undefined, action: undefined, name });
const keyed = '{ size: 200 B, key: id }';

describe('a topic', () => {
  it.each<readonly [TopicParts, RegExp]>([
    // Names.
    [
      { service: undefined, action: undefined, entity: undefined },
      /topics\[0\]: expected service and action, or a name, got neither/,
    ],
    [{ service: undefined }, /\.service: expected the service that writes, got nothing/],
    [{ action: undefined }, /\.action: expected an action in the past tense, got nothing/],
    [
      { service: 'category', entity: 'Category', action: 'Changed', name: 'category-CategoryChanged' },
      /\.name: expected the name by the naming rule, "categoryChanged", got "category-CategoryChanged"\n\s+write name: categoryChanged/,
    ],
    [named('""'), /\.name: .*got ""\n\s+give the topic a name/],
    [named('.'), /got "\."\n.*names of folders/],
    [named('..'), /got "\.\."\n.*names of folders/],
    [named('x'.repeat(250)), /shorten it, it has 250/],
    [named('a b'), /only characters that Kafka allows/],
    [named('a/b'), /only characters that Kafka allows/],
    [named('tоpic'), /only characters that Kafka allows/],
    [named('"a\\nb"'), /got "a\\nb"\n.*only characters/],
    [named('"\\e[31m"'), /text without control characters, got "\\u001b\[31m"/],
    [named('"a\\u202eb"'), /text without control characters, got "a\\u\{202e\}b"/],
    [named('__x'), /does not begin with "__", got "__x"/],
    [named('__consumer_offsets'), /belong to Kafka itself/],
    [named('null'), /\.name: .*got nothing/],
    [named('010'), /expected a plain number.*got "010"\n.*in quotes if it is text/],
    [named('123'), /got "123"\n.*in quotes/],
    [named('true'), /got "true"\n.*in quotes/],
    [{ service: 'a b' }, /\.service: expected a service name/],
    [{ service: `a${'x'.repeat(249)}` }, /shorten it/],
    [{ entity: '1st' }, /\.entity: expected an entity such as Category/],
    [{ action: 'Was-Changed' }, /\.action: expected an action such as Changed/],
    // Messages.
    [
      { message: '{ size: 200 }' },
      /message\.size: expected a size such as 200 B or 5 GB, got "200"\n.*one of the units B, KB/,
    ],
    [{ message: '{ size: 0 B }' }, /message\.size: expected a size from 1 B/],
    [{ message: '{ size: 3 GB }' }, /message\.size: expected a size from 1 B to 2147483647 B/],
    [
      { message: '{ size: 100 B, key: categoryId, envelope: true }' },
      /message\.size: expected at least \d+ B, got "100 B"\n.*envelope/,
    ],
    [
      { message: '{ size: 200 B, compression: brotli }' },
      /compression: expected none, gzip, snappy, lz4 or zstd, got "brotli"/,
    ],
    [{ message: '{ size: 200 B, compression: ztsd }' }, /did you mean "zstd"/],
    [{ message: '{ size: 200 B, compression: lz4, ratio: 0 }' }, /ratio above 0 and at most 1, got "0"/],
    [{ message: '{ size: 200 B, compression: lz4, ratio: 1.01 }' }, /ratio above 0 and at most 1/],
    [{ message: '{ size: 200 B, compression: lz4, ratio: 140% }' }, /ratio above 0 and at most 1/],
    [{ message: '{ size: 200 B, compression: lz4, ratio: .nan }' }, /plain number.*got "\.nan"/],
    [{ message: '{ size: 200 B, compression: lz4, ratio: .inf }' }, /plain number.*got "\.inf"/],
    [
      { message: '{ size: 200 B, compression: lz4, ratio: -0.5 }' },
      /ratio: expected a ratio.*got "-0\.5"\n.*without a sign/,
    ],
    [
      { message: '{ size: 300 B, envelope: "true" }' },
      /envelope: expected true or false, got "true"\n.*without quotes/,
    ],
    [{ message: '{ size: 300 B, envelope: yes }' }, /envelope: expected true or false, got "yes"/],
    [{ message: '{ size: 300 B, private: [a, b, a] }' }, /private\[2\]: expected each private field once, got "a"/],
    [
      { message: '{ size: 300 B, key: id, private: [id] }' },
      /private\[0\]: expected a field that is not the record key/,
    ],
    [
      { message: '{ size: 300 B, private: [eventId] }' },
      /private\[0\]: expected a field that the envelope does not have/,
    ],
    [
      { message: '{ size: 300 B, key: timestamp, envelope: true }' },
      /message\.key: expected a field that the envelope does not/,
    ],
    [{ message: '{ size: 300 B, private: phone }' }, /private: expected a list, got "phone"/],
    [{ message: '{ size: 300 B, private: [""] }' }, /private\[0\]: expected the name of a field/],
    [{ message: '200 B' }, /message: expected a mapping, got "200 B"/],
    [{ message: undefined }, /message: expected a mapping, got nothing/],
    // Load.
    [{ produce: '{ rate: 0/s }' }, /produce\.rate: expected a rate above 0/],
    [{ produce: '{ rate: 0 MB/s }' }, /produce\.rate: expected a rate above 0/],
    [{ produce: '{ rate: 200 }' }, /produce\.rate: expected a rate such as 200\/s or 50 MB\/s, got "200"/],
    [{ produce: '{ rate: 1e9 }' }, /plain number.*got "1e9"/],
    [{ produce: '{ rate: -5/s }' }, /without a sign/],
    [
      { produce: '{ rate: 200/s, peak: 199.99/s }' },
      /produce\.peak: expected a peak of at least produce\.rate, got "199\.99\/s"/,
    ],
    [{ produce: '{ rate: 200/s, peak: 1 KB/s }' }, /produce\.peak: expected a peak of at least/],
    [{ message: '{ size: 3 }', produce: '{ rate: 200/s, peak: 100/s }' }, /produce\.peak: expected a peak of at least/],
    [{ produce: '{ rate: 200/s, peak: 10,000/s }' }, /"000\/s": expected a known key.*\n.*thousands separators/],
    [{ produce: '{ rate: 9000000000000000/s }' }, /absurd/],
    [{ retention: '{ time: 100000000d }' }, /produce\.rate: .*\n.*absurd/],
    [{ produce: '{ rate: 200/s, producers: 0 }' }, /producers: expected a whole number from 1 to 10000, got "0"/],
    [{ produce: '{ rate: 200/s, producers: -1 }' }, /producers: .*got "-1"/],
    [{ produce: '{ rate: 200/s, producers: 1.5 }' }, /producers: .*got "1\.5"/],
    [{ produce: '{ rate: 200/s, producers: "3" }' }, /producers: .*got "3"\n.*remove the quotes/],
    [{ produce: '{ rate: 200/s, producers: 2147483648 }' }, /producers: .*got "2147483648"/],
    [{ produce: '{ rate: 200/s, producers: 010 }' }, /producers: expected a plain number.*got "010"/],
    [{ produce: '{ rate: 200/s, producers: 0x10 }' }, /producers: expected a plain number.*got "0x10"/],
    [{ produce: '{ rate: 200/s, producers: 0o10 }' }, /producers: expected a plain number.*got "0o10"/],
    [{ produce: '{ rate: 200/s, producers: 1_000 }' }, /producers: .*got "1_000"\n.*without separators/],
    [{ produce: '{ rate: 200/s, growth: 5% }' }, /growth: expected a growth such as 5%\/month, got "5%"/],
    [{ produce: '{ rate: 200/s, growth: 101%/month }' }, /growth: expected a growth of at most 100%\/month/],
    // Retention.
    [{ retention: '{ time: 7 }' }, /retention\.time: expected a duration such as 7d, got "7"\n.*one of the units/],
    [{ retention: '{ time: "7" }' }, /retention\.time: expected a duration such as 7d, got "7"/],
    [{ retention: '{ time: -1 }' }, /retention\.time: .*got "-1"/],
    [{ retention: '{ time: 9m }' }, /retention\.time: expected at least 10m, the shortest segment, got "9m"/],
    [{ retention: '{ time: 0d }' }, /retention\.time: expected a duration above 0/],
    [{ retention: '{ time: 9223372036854775808ms }' }, /absurd/],
    [{ retention: '{ time: 9223372036854775808 }' }, /plain number/],
    [{ retention: '{ time: 0.5ms }' }, /retention\.time: expected a duration in whole ms/],
    [{ retention: '{ time: [5d] }' }, /retention\.time: expected a duration such as 7d, got a list/],
    [{ retention: '{}' }, /retention\.time: expected a duration such as 7d, got nothing/],
    [{ retention: '{ time: 5d, guaranteed: 6d }' }, /guaranteed: expected at most retention\.time, got "6d"/],
    [{ retention: '{ time: 5d, keys: 5 }' }, /keys: expected no number of keys with cleanup: delete/],
    [{ retention: '{ cleanup: compact }', message: keyed }, /keys: expected the number of distinct keys, got nothing/],
    [
      { retention: '{ cleanup: compact, keys: 0 }', message: keyed },
      /keys: expected a whole number of at least 1, got "0"/,
    ],
    [{ retention: '{ cleanup: compact, keys: 5 }' }, /cleanup: expected delete for messages without a key/],
    [
      { retention: '{ cleanup: compact, keys: 5, guaranteed: 1d }', message: keyed },
      /guaranteed: expected a retention\.time beside it/,
    ],
    [{ retention: '{ cleanup: compact, keys: 9007199254740991 }', message: keyed }, /keys: expected a plain number/],
    [{ retention: '{ cleanup: compact, keys: 900719925474099 }', message: keyed }, /absurd/],
    [
      { retention: '{ retention.ms: 5 }' },
      /"retention\.ms": expected a known key.*\n.*write retention: \{ time: 7d \}/,
    ],
    // Guarantees, copies, consumers.
    [
      { guarantee: '{ loss: Never }' },
      /guarantee\.loss: expected never, leaderFailure or allowed, got "Never"\n.*did you mean "never"/,
    ],
    [{ guarantee: 'never' }, /guarantee: expected a mapping, got "never"/],
    [{ replicas: '0' }, /replicas: expected a whole number from 1 to 32767, got "0"/],
    [{ replicas: '"3"' }, /replicas: .*\n.*remove the quotes/],
    [{ reuse: '[replay, replay]' }, /reuse\[1\]: expected each use once/],
    [{ reuse: '[replays]' }, /did you mean "replay"/],
    [{ handover: 'ftp' }, /handover: expected kafka, log or api, got "ftp"/],
    [{ consumers: '[{ service: a }]' }, /consumers\[0\]\.rate: expected a rate/],
    [
      { consumers: '[{ service: a, rate: 1/s }, { service: a, rate: 2/s }]' },
      /consumers\[1\]\.service: expected each consuming service once/,
    ],
    [
      { consumers: '[{ service: a, rate: 1/s, catchUp: { outage: 1h, within: 0m } }]' },
      /within: expected a duration above 0/,
    ],
    [
      { consumers: '[{ service: a, rate: 1/s, catchUp: { outage: 1h } }]' },
      /within: expected a duration such as 7d, got nothing/,
    ],
    [{ consumers: '[~]' }, /consumers\[0\]: expected a mapping, got nothing/],
  ])('%j', (parts, fault) => {
    expect(faultsOf(useCaseText([parts]))).toMatch(fault);
  });
});

describe('the rest of the file', () => {
  it.each([
    ['cluster: { target: mks }', /cluster\.target: expected msk, .*got "mks"\n.*did you mean "msk"/],
    ['cluster: { zones: 0 }', /cluster\.zones: expected a whole number from 1 to 6/],
    [
      'cluster: { brokers: 2 }',
      /:4:5 topics\[0\]\.replicas: expected at most cluster\.brokers \(2\), got the default of 3/,
    ],
    ['cluster: { brokers: 1.5 }', /cluster\.brokers: expected a whole number/],
    ['cluster: { region: Virginia }', /cluster\.region: expected an AWS region such as us-east-1, got "Virginia"/],
    ['cluster: { region: "$'.concat('{AWS_REGION}" }'), /got the placeholder "\$\{AWS_REGION\}"/],
    ['description: "{{ env.NAME }}"', /got the placeholder "\{\{ env\.NAME \}\}"/],
    ['cluster: { survive: everything }', /cluster\.survive: expected none, broker or zone/],
    ['cluster:', /cluster: expected a mapping, got nothing/],
    ['cluster: []', /cluster: expected a mapping, got a list/],
    ['storage: { buffer: 5 }', /storage\.buffer: expected a size such as 5 GB or a share such as 20%, got "5"\n.*unit/],
    ['storage: { buffer: 1.2 }', /storage\.buffer: .*\n.*above that with a %/],
    ['cluster: { region: us-esat-1 }', /cluster\.region: expected a region of AWS, got "us-esat-1"\n.*"us-east-1"/],
    ['cluster: { region: xx-nowhere-9 }', /cluster\.region: expected a region of AWS.*\n.*such as us-east-1/],
    ['cluster: { target: msk-express, zones: 2 }', /cluster\.zones: expected 3 with target msk-express, got "2"/],
    ['storage: { buffer: 5 gb }', /did you mean the unit GB/],
    ['slo: { publish: { p99: 0ms } }', /slo\.publish\.p99: expected a duration above 0/],
    ['slo: { publish: { p99: 0.0001ms } }', /slo\.publish\.p99: expected a duration in whole us/],
    ['slo: { publish: { p95: 5ms } }', /slo\.publish\.p95: expected a known key, got "p95"\n.*did you mean "p99"/],
    ['slo: { publish: 5ms }', /slo\.publish: expected a mapping, got "5ms"/],
    ['slo: { lag: { max: 5k } }', /slo\.lag\.max: expected a whole number of at least 0, got "5k"/],
    ['slo: { cost: { max: 2000 } }', /slo\.cost\.max: expected a cost such as 2000 USD\/month, got "2000"/],
    ['slo: { cost: { max: 0 USD/month } }', /slo\.cost\.max: expected a cost above 0/],
    ['zookeeper: localhost:2181', /zookeeper: expected a known key.*\n.*Kafka 4 runs KRaft only/],
    ['cluster: { zookeeper.connect: x }', /Kafka 4 runs KRaft only/],
    ['partitions: 3', /partitions: expected a known key.*\n.*partitions follow from produce\.peak/],
    ['stroage: { buffer: 5 GB }', /stroage: expected a known key.*\n.*did you mean "storage"/],
    ['descripton: x', /did you mean "description"/],
    ['description: 5', /description: expected text, got "5"\n.*in quotes/],
    ['useCase: again', /useCase: expected each key once, got "useCase" again\n.*stands in line 2/],
    ['__proto__: { useCase: x }', /__proto__: expected a known key/],
    ['constructor: 1', /constructor: expected a known key/],
    ['"a\\e[31mb": 1', /expected a known key, got "a\\u001b\[31mb"/],
    ['<<: { description: x }', /merge keys are not read/],
  ])('%s', (sections, fault) => {
    expect(faultsOf(useCaseText([{}], sections))).toMatch(fault);
  });

  it.each([
    ['apiVersion: headroom/v2\nuseCase: x\ntopics: []', /apiVersion: expected headroom\/v1, got "headroom\/v2"/],
    [
      'apiVersion: headroom/v1\nuseCase: Small_One\ntopics: []',
      /useCase: expected a name of 1 to 100 lower-case letters/,
    ],
    ['apiVersion: headroom/v1\nuseCase: ../x\ntopics: []', /useCase: expected a name of 1 to 100 lower-case letters/],
    [
      'topics: []',
      /apiVersion: .*got nothing[\s\S]*useCase: .*got nothing[\s\S]*topics: expected at least one item, got an empty list/,
    ],
    ['topics: {}', /topics: expected a list, got a mapping/],
    ['topics:', /topics: expected a list, got nothing/],
    ['{}', /topics: expected a list, got nothing/],
  ])('%j', (text, fault) => {
    expect(faultsOf(text)).toMatch(fault);
  });
});

describe('topics side by side', () => {
  it.each<readonly [readonly TopicParts[], RegExp]>([
    [
      [{}, {}],
      /topics\[1\]: expected a topic name of its own, got "order-Approved"\n.*topics\[0\] is "order-Approved" already/,
    ],
    [[named('a.b'), named('a_b')], /topics\[1\]\.name: .*differs in more than "\." and "_".*got "a_b"/],
    [[{ replicas: '4' }], /topics\[0\]\.replicas: expected at most cluster\.brokers \(3\), got "4"/],
    [
      [
        { ...named('b-c'), consumers: '[{ service: a, rate: 1/s }]' },
        { ...named('c'), consumers: '[{ service: a-b, rate: 1/s }]' },
      ],
      /topics\[1\]\.consumers\[0\]\.service: expected a consumer group of its own.*\n.*"CGR-a-b-c" also reads "b-c"/,
    ],
  ])('%j', (topics, fault) => {
    expect(faultsOf(useCaseText(topics, 'cluster: { brokers: 3 }'))).toMatch(fault);
  });
});

it('tells all faults at once, with line and column, in the order of the file', () => {
  const text = useCaseText(
    [{ message: '{ size: 200, kye: id }', retention: '{ time: 5d, guaranteed: 6d }', replicas: '4' }],
    'cluster: { brokers: 3, zones: three }',
  );
  expect(
    faultsOf(text)
      .split('\n')
      .filter((line) => line.includes('expected')),
  ).toEqual([
    '  uc.yaml:6:22 topics[0].message.size: expected a size such as 200 B or 5 GB, got "200"',
    '  uc.yaml:6:27 topics[0].message.kye: expected a known key, got "kye"',
    '  uc.yaml:8:40 topics[0].retention.guaranteed: expected at most retention.time, got "6d"',
    '  uc.yaml:9:15 topics[0].replicas: expected at most cluster.brokers (3), got "4"',
    '  uc.yaml:10:31 cluster.zones: expected a whole number from 1 to 6, got "three"',
  ]);
});
