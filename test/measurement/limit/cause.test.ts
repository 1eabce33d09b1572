import { describe, expect, it } from 'vitest';
import { causeOf } from '../../../lib/measurement/limit/cause.ts';
import { notSeenIn, notSeenWords } from '../../../lib/measurement/limit/seen.ts';
import type { LimitProbe, ResourceUse } from '../../../lib/measurement/limit/types.ts';
import { healthy, latencyOf, probeOf, topicOf } from './probes.ts';

const room = probeOf().resources;

function failed(resources: Partial<ResourceUse> = {}, change: Partial<LimitProbe> = {}): LimitProbe {
  return probeOf({
    ratePerSec: 2_000,
    sustained: false,
    misses: ['slow'],
    resources: { ...room, ...resources },
    ...change,
  });
}

const late = { ...healthy, wasTheLimit: true, reason: 'the harness was busy 99 % of the time' };

it.each([
  ['client', failed({}, { generator: late }), /busy 99 %/],
  // The generator hides everything behind it: a starved broker is not the cluster's fault then.
  ['client', failed({ brokerCpu: [{ broker: 1, cores: 2, ofCores: 2 }] }, { generator: late }), /busy 99 %/],
  [
    'brokerCpu',
    failed({ brokerCpu: [{ broker: 3, cores: 0.48, ofCores: 0.5 }] }),
    /broker 3 used 0.48 of its 0.5 cores/,
  ],
  [
    'brokerCpu',
    failed({ host: { busyCores: 1.94, ofCores: 2 }, brokerCpu: [{ broker: 1, cores: 1.4, ofCores: 2 }] }),
    /97 % busy/,
  ],
  // Tests and builds beside it: 1.3 of the 2 cores are neither the brokers' nor the generator's.
  ['otherWork', failed({ host: { busyCores: 2, ofCores: 2 } }), /something else used 1.3 of the 2 cores/],
  ['disk', failed({ diskBusy: 0.95 }), /95 % busy/],
  ['network', failed({ networkUsed: 0.88 }), /88 %/],
  ['unknown', failed({ networkUsed: 0.8 }), /not at their limit: .*network/],
  [
    'unknown',
    failed({ networkUsed: 3.1 }),
    /disks, replication; a broker's network carried 310 % of its stated bandwidth, which does not last/,
  ],
  ['replication', failed({ underReplicated: 2 }), /2 partitions had a replica out of sync/],
  ['unknown', failed(), /not at their limit: generator, brokers' CPU, disks, network, replication/],
])('%s', (place, probe, evidence) => {
  const cause = causeOf([probeOf(), probe]);
  expect(cause.place).toBe(place);
  expect(cause.evidence.join('; ')).toMatch(evidence);
});

it('tells of a burst that the rates held took, whether or not one failed', () => {
  const evidence = [expect.stringMatching(/carried 160 % of its stated bandwidth, which does not last/)];
  const held = probeOf({ resources: { ...probeOf().resources, networkUsed: 1.6 } });
  expect(causeOf([held])).toEqual({ place: null, evidence });
  expect(causeOf([held, failed({ diskBusy: 0.95 })]).evidence).toEqual([
    expect.stringMatching(/95 % busy/),
    ...evidence,
  ]);
});

describe('records that wait for their replicas', () => {
  // 1,000 acknowledged a second: as many records wait as milliseconds pass. Below the limit an acknowledgement takes 20 ms.
  const held = probeOf({ topics: [topicOf({ service: latencyOf(20) })] });
  const waiting = (records: number, resources: Partial<ResourceUse> = {}, change: Partial<LimitProbe> = {}) =>
    failed(
      { unreplicatedRecords: records, ...resources },
      { topics: [topicOf({ service: latencyOf(900) })], ...change },
    );
  const placeOf = (...probes: readonly LimitProbe[]) => causeOf([held, ...probes]).place;

  it('longer than all of an acknowledgement takes below the limit are what holds it up, however long others wait in the client', () => {
    const { place, evidence } = causeOf([held, waiting(30), waiting(30)]);
    expect(place).toBe('replication');
    expect(evidence).toEqual([expect.stringMatching(/waited 30 ms .* \(20\.02 ms\)/)]);
  });

  it.each([
    ['as long as on an idle cluster', [waiting(2)]],
    ['no longer than that over both probes', [waiting(34), waiting(2)]],
  ])('%s say nothing', (_, probes) => {
    expect(placeOf(...probes)).toBe('unknown');
  });

  it('are averaged over the probes of a rate: a queue may have only begun to grow in one', () => {
    expect(placeOf(waiting(50), waiting(2))).toBe('replication');
  });

  it.each<[string, Partial<ResourceUse>, Partial<LimitProbe>]>([
    ['brokerCpu', { brokerCpu: [{ broker: 2, cores: 0.14, ofCores: 0.15 }] }, {}],
    ['brokerCpu', { host: { busyCores: 2, ofCores: 2 }, brokerCpu: [{ broker: 1, cores: 1.5, ofCores: 2 }] }, {}],
    ['otherWork', { host: { busyCores: 2, ofCores: 2 } }, {}],
    ['disk', { diskBusy: 0.97 }, {}],
    ['network', { networkUsed: 0.9 }, {}],
    ['client', {}, { generator: late }],
  ])('wait because of %s where that is full', (place, resources, change) => {
    expect(placeOf(waiting(60, resources, change))).toBe(place);
  });

  it('need a rate that was held to compare with, the least hindered one, of the slowest topic', () => {
    expect(causeOf([waiting(500)]).place).toBe('unknown');
    const hindered = probeOf({ topics: [topicOf({ service: latencyOf(60) })] });
    expect(placeOf(hindered, waiting(30))).toBe('replication');
    const slower = probeOf({ topics: [topicOf({ service: latencyOf(5) }), topicOf({ service: latencyOf(60) })] });
    expect(causeOf([slower, waiting(30)]).place).toBe('unknown');
  });
});

it('is asked at the lowest rate that failed, where more than half must say so', () => {
  const above = failed({ diskBusy: 1 }, { ratePerSec: 4_000 });
  const nearest = failed({}, { ratePerSec: 2_000 });
  expect(causeOf([above, nearest]).place).toBe('unknown');
  const twice = [failed({ diskBusy: 1 }), failed()];
  expect(causeOf(twice).place).toBe('unknown');
  expect(causeOf([...twice, failed({ diskBusy: 1 })]).place).toBe('disk');
});

it('is not asked of a bad probe at a rate that was held in the end', () => {
  const stood = failed({}, { ratePerSec: 500 });
  const held = probeOf({ ratePerSec: 500 });
  const nearest = failed({ diskBusy: 1 }, { ratePerSec: 1_000 });
  expect(causeOf([stood, held, held, nearest]).place).toBe('disk');
  // Two of three: it failed.
  expect(causeOf([stood, held, stood, nearest]).place).toBe('unknown');
});

it('is nowhere when nothing failed', () => {
  expect(causeOf([])).toEqual({ place: null, evidence: [] });
  expect(causeOf([probeOf()])).toEqual({ place: null, evidence: [] });
});

describe('what was not seen', () => {
  const blind = { host: null, brokerCpu: null, diskBusy: null, networkUsed: null, unreplicatedRecords: null };
  /** As a client sees a cluster that somebody else has started. */
  const existing = failed({ ...blind, underReplicated: 0 });

  it('is no part of what was not at its limit', () => {
    expect(causeOf([existing])).toEqual({ place: 'unknown', evidence: ['not at their limit: generator, replication'] });
    expect(notSeenIn([existing])).toEqual(['brokerCpu', 'disk', 'network']);
    expect(notSeenWords([existing])).toEqual(["not seen from here, so not ruled out: brokers' CPU, disks, network"]);
  });

  it('is everything where not even replication could be asked for', () => {
    expect(notSeenIn([failed({ ...blind, underReplicated: null })])).toHaveLength(4);
  });

  it('is nothing on the machine of the generator, whose network is memory, and where no rate failed', () => {
    expect(notSeenIn([failed()])).toEqual([]);
    expect(notSeenWords([failed()])).toEqual([]);
    expect(notSeenWords([{ ...existing, sustained: true }])).toEqual([]);
  });
});
