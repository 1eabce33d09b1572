import { expect, it } from 'vitest';
import { causeOf } from '../../../lib/measurement/limit/cause.ts';
import type { LimitProbe, ResourceUse } from '../../../lib/measurement/limit/types.ts';
import { healthy, latencyOf, probeOf, topicOf } from './probes.ts';

const room = probeOf().resources;

function failed(resources: Partial<ResourceUse> = {}, change: Partial<LimitProbe> = {}): LimitProbe {
  return probeOf({ sustained: false, misses: ['slow'], resources: { ...room, ...resources }, ...change });
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
  ['replication', failed({ underReplicated: 2 }), /2 partitions had a replica out of sync/],
  [
    'replication',
    // However long they waited in the client before.
    failed({ unreplicatedRecords: 60 }, { topics: [topicOf({ service: latencyOf(80), publish: latencyOf(900) })] }),
    /60 records \(60 ms of the load\)/,
  ],
  ['unknown', failed({ unreplicatedRecords: 60 }, { topics: [topicOf({ service: latencyOf(200) })] }), /not at their/],
  ['unknown', failed(), /not at their limit: generator, brokers' CPU, disks, replication/],
])('%s', (place, probe, evidence) => {
  const cause = causeOf([probeOf(), probe]);
  expect(cause.place).toBe(place);
  expect(cause.evidence.join('; ')).toMatch(evidence);
});

it('is asked at the lowest rate that failed, where more than half must say so', () => {
  const above = failed({ diskBusy: 1 }, { ratePerSec: 4_000 });
  const nearest = failed({}, { ratePerSec: 2_000 });
  expect(causeOf([above, nearest]).place).toBe('unknown');
  const twice = [failed({ diskBusy: 1 }), failed()];
  expect(causeOf(twice).place).toBe('unknown');
  expect(causeOf([...twice, failed({ diskBusy: 1 })]).place).toBe('disk');
});

it('is nowhere when nothing failed', () => {
  expect(causeOf([])).toEqual({ place: null, evidence: [] });
  expect(causeOf([probeOf()])).toEqual({ place: null, evidence: [] });
});

it('names what cannot be seen', () => {
  const blind = { host: null, brokerCpu: null, diskBusy: null, networkUsed: null, unreplicatedRecords: null };
  const { place, evidence } = causeOf([failed({ ...blind, underReplicated: null })]);
  expect(place).toBe('unknown');
  expect(evidence.join()).toContain("not visible from here: brokers' CPU, disks, network, replication");
});
