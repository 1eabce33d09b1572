import { describe, expect, it } from 'vitest';
import { bindingOf, type Candidate } from '../../../lib/plan/capacity/candidate.ts';
import type { Resource, ResourceUse } from '../../../lib/plan/capacity/resources.ts';
import { sizeTarget } from '../../../lib/plan/capacity/size.ts';
import { mskStandardBrokers } from '../../../lib/plan/facts/msk-standard.ts';
import { demandWith, mebibyte, megabyte, sizingOf, topicDemandOf } from './demands.ts';

const useOf = (uses: readonly ResourceUse[], resource: Resource): ResourceUse => {
  const found = uses.find((use) => use.resource === resource);
  if (found === undefined) throw new Error(`no ${resource}`);
  return found;
};

const chosenOf = (sized: { readonly chosen: Candidate | null }): Candidate => {
  if (sized.chosen === null) throw new Error('nothing was chosen');
  return sized.chosen;
};

describe('MSK Standard', () => {
  const demand = demandWith([topicDemandOf(60, { coldReadBytesPerSec: 10 * megabyte })], { brokers: 6 });
  const sized = sizeTarget('msk', sizingOf(demand));
  const candidate = sized.candidates.find(({ instanceType }) => instanceType === 'kafka.m7g.4xlarge');
  const { normal, degraded } = candidate ?? { normal: [], degraded: [] };

  it('lays traffic on the brokers by the published formulas', () => {
    // in x replicas / N; in x (replicas - 1) + groups / N
    expect(useOf(normal, 'networkIn').used).toBeCloseTo((60 * 3 * megabyte) / 6, 3);
    expect(useOf(normal, 'networkOut').used).toBeCloseTo((60 * (1 + 3 - 1) * megabyte) / 6, 3);
    expect(useOf(normal, 'volumeThroughput').used).toBeCloseTo(((60 * 3 + 10) * megabyte) / 6, 3);
  });

  it('makes the survivors of a zone carry 3/2, not 4/3', () => {
    for (const resource of ['networkIn', 'networkOut', 'volumeThroughput', 'cpu', 'pageCache'] as const)
      expect(useOf(degraded, resource).used / useOf(normal, resource).used, resource).toBeCloseTo(1.5, 9);
  });

  it('keeps 30 s of writes beside a heap of 6 GiB', () => {
    const cache = useOf(normal, 'pageCache');
    expect(cache.used).toBeCloseTo(((60 * 3 * megabyte) / 6) * 30, 0);
    expect(cache.capacity).toBe((64 - 6) * 1024 ** 3);
  });

  it('counts leaders, followers and the offsets topic', () => {
    expect(useOf(normal, 'partitions').used).toBe(Math.ceil((30 * 3 + 50 * 3) / 6));
  });

  it('says that CPU is a heuristic, and nothing else is', () => {
    expect(normal.filter(({ evidence }) => evidence === 'heuristic').map(({ resource }) => resource)).toEqual(['cpu']);
  });

  it.each(mskStandardBrokers.rows.filter(({ production }) => production).map((row) => [row.type, row] as const))(
    '%s is judged by its own limits',
    (type, row) => {
      const judged = sized.candidates.find(({ instanceType }) => instanceType === type);
      expect(useOf(judged?.normal ?? [], 'networkIn').capacity).toBe((row.networkMbps ?? 0) * 125_000);
      expect(useOf(judged?.normal ?? [], 'partitions').capacity).toBe(row.partitionsRecommended);
      expect(useOf(judged?.normal ?? [], 'cpu').capacity).toBe(row.vcpu);
      // Without provisioned throughput a volume gives 250 MiB/s at most.
      expect(useOf(judged?.normal ?? [], 'volumeThroughput').capacity).toBe(
        Math.min(250, row.ebsMiBps ?? 0) * mebibyte,
      );
    },
  );

  it('buys provisioned throughput where it saves brokers, and only where the type can have it', () => {
    const heavy = sizeTarget('msk', sizingOf(demandWith([topicDemandOf(300)])));
    const bought = heavy.candidates.filter(({ volume }) => (volume?.provisionedMiBps ?? 0) > 250);
    expect(bought.map(({ instanceType }) => instanceType)).toContain('kafka.m7g.4xlarge');
    for (const { instanceType, volume } of bought) {
      const row = mskStandardBrokers.rows.find(({ type }) => type === instanceType);
      expect(volume?.provisionedMiBps).toBeLessThanOrEqual(row?.provisionedThroughputMaxMiBps ?? 0);
    }
  });

  it('never offers t3 to production, and says why', () => {
    expect(sized.rejected.find(({ option }) => option.includes('t3'))?.reason).toContain('tests only');
  });

  it('keeps the guaranteed records on the brokers left', () => {
    const guaranteed = 10e12;
    const kept = sizeTarget('msk', sizingOf(demandWith([topicDemandOf(10, { guaranteedBytes: guaranteed })])));
    const { brokers, volume } = chosenOf(kept);
    const left = (brokers ?? 0) - Math.ceil((brokers ?? 0) / 3);
    const copies = Math.min(3, left);
    expect((volume?.sizeGiB ?? 0) * 1024 ** 3 * left * 0.85).toBeGreaterThanOrEqual(guaranteed * copies);
  });

  it('grows in brokers when disks reach 16 TiB', () => {
    const stored = 300e12;
    const { brokers, volume } = chosenOf(
      sizeTarget('msk', sizingOf(demandWith([topicDemandOf(1, { retainedBytes: stored, onDiskBytes: stored })]))),
    );
    expect(volume?.sizeGiB).toBeLessThanOrEqual(16_384);
    expect((brokers ?? 0) * (volume?.sizeGiB ?? 0) * 1024 ** 3 * 0.85).toBeGreaterThanOrEqual(stored);
  });

  it('with tiered storage keeps the local part and one copy in the tier', () => {
    const week = demandWith([topicDemandOf(50, { retentionMs: 7 * 86_400_000 })]);
    const plain = chosenOf(sizeTarget('msk', sizingOf(week)));
    const tiered = chosenOf(sizeTarget('msk', sizingOf(week, { tieredLocalMs: 86_400_000 })));
    const spaceOf = ({ brokers, volume }: Candidate): number => (brokers ?? 0) * (volume?.sizeGiB ?? 0);
    expect(spaceOf(tiered) / spaceOf(plain)).toBeCloseTo(1 / 7, 2);
    const [topic] = week.topics;
    const tierGiB = (((topic?.onDiskBytes ?? 0) / 3) * (6 / 7)) / 1024 ** 3;
    const item = tiered.cost.items.find(({ item: name }) => name === 'tiered storage');
    expect(item?.monthlyUsd).toBeCloseTo(tierGiB * 0.023, 1);
  });

  it('refuses tiered storage below three days and for compacted topics', () => {
    const short = demandWith([topicDemandOf(1), topicDemandOf(1, { compact: true, retentionMs: null })]);
    expect(sizeTarget('msk', sizingOf(short, { tieredLocalMs: 3_600_000 })).impossible[0]).toContain('3 days');
  });
});

describe('MSK Express', () => {
  it('is sized to the sustained rates, 75 % of them with every broker, all of them after the loss', () => {
    const { chosen } = sizeTarget('msk-express', sizingOf(demandWith([topicDemandOf(30)])));
    const ingress = useOf(chosen?.normal ?? [], 'ingress');
    expect(ingress.limit).toBeCloseTo(ingress.capacity * 0.75, 6);
    const after = useOf(chosen?.degraded ?? [], 'ingress');
    expect(after.limit).toBe(after.capacity);
    expect(after.used / ingress.used).toBeCloseTo(1.5, 9);
  });

  it('is refused with two zones', () => {
    const { impossible, chosen } = sizeTarget('msk-express', sizingOf(demandWith([topicDemandOf(1)], { zones: 2 })));
    expect(chosen).toBeNull();
    expect(impossible).toEqual(['Express spans 3 zones, not 2']);
  });

  it('is held by 15 MB/s a partition, whatever the brokers', () => {
    const one = demandWith([topicDemandOf(20, { partitions: 1 })]);
    expect(sizeTarget('msk-express', sizingOf(one)).impossible[0]).toContain('partitionIngress 20 MB/s of 15 MB/s');
  });
});

describe('MSK Serverless', () => {
  it.each([
    ['ingress', topicDemandOf(201, { partitions: 100 })],
    ['egress', topicDemandOf(150, { partitions: 100, peakOutBytesPerSec: 401 * megabyte })],
    ['partitions', topicDemandOf(1, { partitions: 2401 })],
    ['compactedPartitions', topicDemandOf(1, { partitions: 121, compact: true })],
    ['partitionIngress', topicDemandOf(6, { partitions: 1 })],
    ['partitionEgress', topicDemandOf(4, { partitions: 1, payloadOutBytesPerSec: 11 * megabyte })],
    ['connections', topicDemandOf(1, { producers: 3001 })],
    ['consumerGroups', topicDemandOf(1, { groups: 501 })],
    ['compactedPartitionSize', topicDemandOf(1, { partitions: 1, compact: true, onDiskBytes: 751e9 })],
  ] as const)('is refused beyond its quota of %s', (resource, topic) => {
    expect(sizeTarget('msk-serverless', sizingOf(demandWith([topic]))).impossible[0]).toContain(resource);
  });

  it('keeps its quotas when a zone is lost', () => {
    const { chosen } = sizeTarget('msk-serverless', sizingOf(demandWith([topicDemandOf(100, { partitions: 100 })])));
    expect(chosen?.degraded).toEqual(chosen?.normal);
  });
});

describe('EC2', () => {
  const small = sizeTarget('ec2', sizingOf(demandWith([topicDemandOf(5)])));

  it('plans no instance on a burst', () => {
    const types = small.candidates.map(({ instanceType }) => instanceType?.split('.')[0]);
    expect([...new Set(types)]).toEqual(['m5', 'm7g']);
    expect(small.rejected.at(-1)?.reason).toContain('EBS baseline was not found');
  });

  it('buys gp3 throughput above 125 MiB/s where needed, whose price is not known, so the cost is not', () => {
    const { chosen } = sizeTarget('ec2', sizingOf(demandWith([topicDemandOf(400)])));
    expect(chosen?.volume?.provisionedMiBps).toBeGreaterThan(125);
    expect(chosen?.cost.monthlyUsd).toBeNull();
    expect(chosen?.cost.reason).toContain('gp3MiBpsMonth');
    expect(chosen?.cost.items.length).toBeGreaterThan(2);
  });

  it('names the unknown speed of local disks, and counts their rebuilding after a loss', () => {
    const { chosen } = sizeTarget('ec2', sizingOf(demandWith([topicDemandOf(5)]), { localDisk: true }));
    expect(chosen?.gaps[0]).toContain('throughput of the local disks');
    const rebuilt =
      useOf(chosen?.degraded ?? [], 'networkIn').used - useOf(chosen?.normal ?? [], 'networkIn').used * 1.5;
    const stored = (5 * megabyte * 86_400 * 3) / 2 / (chosen?.brokers ?? 1);
    expect(rebuilt).toBeCloseTo(stored / (12 * 3600), 3);
  });

  it('reaches the map areas of the system by segments, not partitions', () => {
    const many = demandWith([topicDemandOf(1, { partitions: 2000, segmentsBySize: 30 })]);
    const judged = sizeTarget('ec2', sizingOf({ ...many, brokers: 3 }));
    expect(judged.chosen).toBeNull();
    expect(judged.impossible[0]).toContain('mapAreas');
  });
});

describe('a loss that leaves no broker', () => {
  it('fits nothing', () => {
    const { chosen, impossible } = sizeTarget(
      'ec2',
      sizingOf(demandWith([topicDemandOf(1, { replicas: 1 })], { zones: 1, brokers: 1 })),
    );
    expect(chosen).toBeNull();
    expect(impossible[0]).toContain('no broker is left after the loss');
  });
});

it('an existing cluster is not sized', () => {
  expect(sizeTarget('existing', sizingOf(demandWith([topicDemandOf(1)])))).toMatchObject({
    chosen: null,
    candidates: [],
  });
});

it('the binding resource is the most used one of both stages', () => {
  const { chosen } = sizeTarget('msk-express', sizingOf(demandWith([topicDemandOf(22)])));
  expect(bindingOf(chosenOf({ chosen }))).toMatchObject({ state: 'degraded', use: { resource: 'ingress' } });
});
