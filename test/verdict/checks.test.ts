import { describe, expect, it } from 'vitest';
import { judge } from '../../lib/verdict/judge.ts';
import { type Case, caseOf, courseCase, ordersCase } from '../fixtures/run.ts';
import { courseEvents } from '../fixtures/use-cases.ts';
import { atPeak, brokerLost, groupsAtPeak, lineOf, withIntegrity, withMeasurement } from './planted.ts';

const topic = 'topics.categoryChanged';
const { retention, privacy, settings, integrity } = courseCase.measurement;

function onDisk(change: object): Case {
  return withMeasurement(courseCase, { retention: retention === null ? null : { ...retention, ...change } });
}

function searched(place: string, found: number, bytes = 100): Case {
  const places = (privacy?.places ?? []).map((entry) =>
    entry.place === place ? { ...entry, found, searched: bytes } : entry,
  );
  return withMeasurement(courseCase, { privacy: privacy === null ? null : { ...privacy, places } });
}

function readBack(setting: string, found: string | null): Case {
  return withMeasurement(courseCase, {
    settings: settings.map((row) => (row.setting === setting ? { ...row, found } : row)),
  });
}

function costing(monthlyUsd: number): Case {
  const given = caseOf(courseEvents.replace('lag:', 'cost: { max: 2000 USD/month }\n  lag:'));
  return { ...given, plan: { ...given.plan, cost: { ...given.plan.cost, monthlyUsd } } };
}

function provisioned(provisionedBytesPerBroker: number): Case {
  const { plan } = courseCase;
  return { ...courseCase, plan: { ...plan, storage: { ...plan.storage, provisionedBytesPerBroker } } };
}

type Row = readonly [fault: string, given: Case, id: string, outcome: string, reason: RegExp];

const planted: readonly Row[] = [
  ['lag within the bound', courseCase, 'slo.lag.max', 'met', /records behind at most/],
  [
    'lag above the bound',
    groupsAtPeak(courseCase, () => ({ maxLag: 5_001 })),
    'slo.lag.max',
    'notMet',
    /more than 5,000/,
  ],
  [
    'lag never sampled',
    groupsAtPeak(courseCase, () => ({ maxLag: null })),
    'slo.lag.max',
    'inconclusive',
    /never sampled/,
  ],
  [
    'a group that never drained',
    groupsAtPeak(courseCase, () => ({ drainedMs: null })),
    'slo.lag.max',
    'inconclusive',
    /never caught up/,
  ],
  [
    'lag of nothing',
    atPeak(courseCase, () => ({ acknowledged: 0 })),
    'slo.lag.max',
    'inconclusive',
    /no record was acknowledged/,
  ],
  [
    '1 % of the rate missing',
    atPeak(courseCase, () => ({ achievedPerSec: 990, acknowledged: 7_920 })),
    `${topic}.rate.peak`,
    'notMet',
    /990\/s acknowledged of 1,000\/s/,
  ],
  [
    'a window that closed 80 ms behind',
    atPeak(courseCase, () => ({ achievedPerSec: 990 })),
    `${topic}.rate.peak`,
    'met',
    /closed at most 250 ms behind/,
  ],
  [
    'a window that closed 320 ms behind',
    atPeak(courseCase, () => ({ achievedPerSec: 960 })),
    `${topic}.rate.peak`,
    'notMet',
    /at least 99\.5 %/,
  ],
  [
    'nothing due',
    atPeak(courseCase, () => ({ scheduled: 0 })),
    `${topic}.rate.peak`,
    'inconclusive',
    /no record was due/,
  ],
  [
    'a lower rate offered',
    atPeak(courseCase, () => ({ offeredPerSec: 900, achievedPerSec: 1_000 })),
    `${topic}.rate.peak`,
    'inconclusive',
    /only 900\/s/,
  ],
  [
    'one record lost',
    withIntegrity(courseCase, {}, { lost: 1, examples: ['id 4711'] }),
    `${topic}.loss`,
    'notMet',
    /1 of .* never read .*id 4711/,
  ],
  [
    'records unseen',
    withIntegrity(courseCase, {}, { unseen: 4 }),
    `${topic}.loss`,
    'inconclusive',
    /4 records not read yet/,
  ],
  [
    'counts that do not add up',
    withIntegrity(courseCase, {}, { received: 10 }),
    `${topic}.loss`,
    'inconclusive',
    /do not add up/,
  ],
  [
    'nothing acknowledged',
    withIntegrity(courseCase, { acknowledged: 0 }),
    `${topic}.loss`,
    'inconclusive',
    /no record was acknowledged/,
  ],
  ['no reader', withIntegrity(courseCase, { groups: [] }), `${topic}.loss`, 'inconclusive', /no group read/],
  [
    'one phase only',
    withMeasurement(courseCase, { phases: courseCase.measurement.phases.slice(0, 1) }),
    `${topic}.loss`,
    'inconclusive',
    /peak phase did not run/,
  ],
  [
    'one duplicate',
    withIntegrity(courseCase, {}, { duplicates: 1 }),
    `${topic}.duplicates`,
    'notMet',
    /more than once in the log/,
  ],
  [
    'redelivery only',
    withIntegrity(courseCase, {}, { redelivered: 12 }),
    `${topic}.duplicates`,
    'met',
    /12 redelivered/,
  ],
  [
    'an order that the driver does not keep',
    withIntegrity(courseCase, { orderUnknown: 'handed over side by side' }),
    `${topic}.order`,
    'inconclusive',
    /handed over side by side/,
  ],
  [
    'one inversion',
    withIntegrity(courseCase, {}, { orderInversions: 1 }),
    `${topic}.order`,
    'notMet',
    /after a later one of the same key/,
  ],
  [
    'an offset with two records',
    withIntegrity(courseCase, { offsetCollisions: 2 }),
    `${topic}.acknowledgements`,
    'notMet',
    /2 offsets with two records/,
  ],
  [
    'an acknowledgement that never came',
    withIntegrity(courseCase, { missingAckEntries: 1 }),
    `${topic}.acknowledgements`,
    'notMet',
    /1 sends resolved without/,
  ],
  [
    'loss without a leader failure',
    withIntegrity(ordersCase, {}, { lost: 2 }),
    'topics.shop-PageViewed.loss',
    'notMet',
    /2 of/,
  ],
  [
    'loss with a leader failure',
    withMeasurement(withIntegrity(ordersCase, {}, { lost: 2 }), { incidents: [brokerLost] }),
    'topics.shop-PageViewed.loss',
    'met',
    /accepted, since a leader failed/,
  ],
  [
    'loss with a broker lost, though never',
    withMeasurement(withIntegrity(courseCase, {}, { lost: 2 }), { incidents: [brokerLost] }),
    `${topic}.loss`,
    'notMet',
    /broker 2/,
  ],
  [
    '2.9 % more on disk',
    onDisk({ predictedBytes: 1_000_000, foundBytes: 1_029_000 }),
    'storage.formula',
    'met',
    /\+2\.9 %/,
  ],
  [
    '3.1 % less on disk',
    onDisk({ predictedBytes: 1_000_000, foundBytes: 969_000 }),
    'storage.formula',
    'notMet',
    /-3\.1 %, more than 3 %/,
  ],
  [
    'half of the fill written',
    onDisk({ predictedBytes: 1_000_000, foundBytes: 500_000, ratePerSec: 1_000, achievedPerSec: 500 }),
    'storage.formula',
    'inconclusive',
    /filled at 500\/s, the prediction is for 1,000\/s/,
  ],
  [
    'half of the fill written, and still all of it on disk',
    onDisk({ predictedBytes: 1_000_000, foundBytes: 1_000_000, ratePerSec: 1_000, achievedPerSec: 500 }),
    'storage.formula',
    'inconclusive',
    /would be met/,
  ],
  [
    'a fill a hundredth short, and the disk within the tolerance',
    onDisk({ predictedBytes: 1_000_000, foundBytes: 990_000, ratePerSec: 1_000, achievedPerSec: 990 }),
    'storage.formula',
    'met',
    /-1 %/,
  ],
  ['nobody counted the fill', onDisk({ achievedPerSec: null }), 'storage.formula', 'inconclusive', /not known/],
  ['one segment deleted', onDisk({ segmentsDeleted: 1 }), 'storage.formula', 'inconclusive', /only 1 segments/],
  ['nothing sampled', onDisk({ foundBytes: null, samples: [] }), 'storage.formula', 'inconclusive', /never sampled/],
  ['nothing predicted', onDisk({ predictedBytes: 0 }), 'storage.formula', 'inconclusive', /nothing predicted/],
  ['disks too small', provisioned(10), 'storage.provisioned', 'notMet', /3 brokers with 10 B each/],
  ['disks large enough', provisioned(1e12), 'storage.provisioned', 'met', /1 TB each/],
  [
    'another retention',
    readBack('retention.ms', '604800000'),
    `${topic}.settings`,
    'notMet',
    /retention\.ms is 604800000, planned 432000000/,
  ],
  [
    'fewer replicas',
    readBack('replication.factor', '2'),
    `${topic}.settings`,
    'notMet',
    /replication\.factor is 2, planned 3/,
  ],
  [
    'a setting that was not read',
    readBack('min.insync.replicas', null),
    `${topic}.settings`,
    'inconclusive',
    /not read back: min\.insync\.replicas/,
  ],
  ['a raw value in the topic', searched('topic', 3), `${topic}.private`, 'notMet', /3 in the topic/],
  ['a raw value in the report', searched('report', 1), `${topic}.private`, 'notMet', /1 in the report/],
  [
    'a place where nothing was searched',
    searched('logs', 0, 0),
    `${topic}.private`,
    'inconclusive',
    /nothing was searched in the logs/,
  ],
  [
    'a field not searched for',
    withMeasurement(courseCase, { privacy: privacy === null ? null : { ...privacy, fields: [] } }),
    `${topic}.private`,
    'inconclusive',
    /phone was not searched for/,
  ],
  ['no search', withMeasurement(courseCase, { privacy: null }), `${topic}.private`, 'inconclusive', /not searched/],
  ['a plan without a price', ordersCase, 'slo.cost.max', 'inconclusive', /no price table of eu-central-1/],
  ['a plan that is too dear', costing(2_001), 'slo.cost.max', 'notMet', /more than 2,000/],
  ['a plan that is cheap enough', costing(2_000), 'slo.cost.max', 'met', /2,000 USD/],
];

describe('a check', () => {
  it.each(planted)('judges %s', (_fault, given, id, outcome, reason) => {
    expect(lineOf(given, id)).toMatchObject({ outcome, reason: expect.stringMatching(reason) });
  });

  it('has no line for what the use case does not ask for', () => {
    const relaxed = caseOf(
      courseEvents
        .replace(
          '{ loss: never, duplicates: never, order: key }',
          '{ loss: allowed, duplicates: allowed, order: none }',
        )
        .replace(', private: [phone]', '')
        .replace('  lag: { max: 5000 }\n', ''),
    );
    for (const id of [
      'slo.lag.max',
      'slo.cost.max',
      `${topic}.loss`,
      `${topic}.duplicates`,
      `${topic}.order`,
      `${topic}.private`,
      `${topic}.acknowledgements`,
    ]) {
      expect(lineOf(relaxed, id), id).toBeUndefined();
    }
  });

  it('never takes the order of records without a key for a pass', () => {
    const keyless = caseOf(courseEvents.replace('key: categoryId, ', '').replace('    key: categoryId\n', ''));
    expect(keyless.requirements.topics[0]?.message.key).toBeNull();
    expect(lineOf(keyless, `${topic}.order`)).toMatchObject({
      outcome: 'inconclusive',
      reason: expect.stringMatching(/without a key/),
    });
  });

  it('counts on the worst group', () => {
    const [first] = integrity;
    const groups = (first?.groups ?? []).flatMap((group) => [group, { ...group, group: 'CGR-other', lost: 3 }]);
    expect(lineOf(withIntegrity(courseCase, { groups }), `${topic}.loss`)).toMatchObject({
      found: 3,
      reason: expect.stringContaining('CGR-other'),
    });
  });

  it('predicts for the target of the plan, and measures on the one of the run', () => {
    expect(lineOf(costing(1), 'slo.cost.max')).toMatchObject({ evidence: 'predicted', target: 'msk' });
    expect(lineOf(courseCase, `${topic}.settings`)).toMatchObject({ evidence: 'configured', target: 'local' });
  });
});

it('nothing that a load shows is decided when a worker was lost: what it sent and saw is unknown', () => {
  const workerLost = { atMs: 9, kind: 'workerLost', message: 'worker 1 was lost during the run' } as const;
  const { requirements, plan, measurement, environment } = withMeasurement(courseCase, { incidents: [workerLost] });
  const { lines, outcome } = judge(requirements, plan, measurement, environment);
  const decided = lines.filter((line) => line.outcome !== 'inconclusive').map(({ id }) => id);
  // What is read from the cluster, and what is searched in records, needs no whole load.
  expect(decided).toEqual(['storage.provisioned', `${topic}.settings`, `${topic}.private`]);
  expect(outcome).toBe('inconclusive');
});
