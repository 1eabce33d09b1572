import { describe, expect, it } from 'vitest';
import { sizeTarget } from '../../../lib/plan/capacity/size.ts';
import { priceTableOf } from '../../../lib/plan/facts/prices/index.ts';
import type { PriceTable } from '../../../lib/plan/facts/prices/price-table.ts';
import type { CostPlan } from '../../../lib/plan/types.ts';
import { demandWith, mebibyte, sizingOf, topicDemandOf } from './demands.ts';

const gibibyte = 1024 ** 3;
const monthSec = 730 * 3600;
/** 20 MiB/s on average, 30 out, 10 TiB in all replicas. */
const stored = 10 * 1024 * gibibyte;
const topic = topicDemandOf(42, {
  partitions: 60,
  averageInBytesPerSec: 20 * mebibyte,
  averageOutBytesPerSec: 30 * mebibyte,
  retainedBytes: stored,
  onDiskBytes: stored,
});
const demand = demandWith([topic]);

const itemOf = ({ items }: CostPlan, name: string): number =>
  items.find(({ item }) => item.includes(name))?.monthlyUsd ?? Number.NaN;

describe('a bill', () => {
  it('of MSK Standard is brokers, their disks and the traffic between zones as AWS’s script counts it', () => {
    const { chosen } = sizeTarget('msk', sizingOf(demand));
    const cost = chosen?.cost;
    if (chosen === null || cost === undefined) throw new Error('nothing was chosen');
    const hourly = priceTableOf('us-east-1')?.mskBrokerHour[chosen.instanceType ?? ''] ?? Number.NaN;
    const brokers = chosen.brokers ?? 0;
    expect(itemOf(cost, 'brokers')).toBeCloseTo(brokers * hourly * 730, 2);
    expect(itemOf(cost, 'broker storage')).toBeCloseTo(brokers * (chosen.volume?.sizeGiB ?? 0) * 0.1, 2);
    expect(itemOf(cost, 'between zones')).toBeCloseTo((((20 + 30) * 2) / 3 / 1024) * monthSec * 0.02, 2);
    expect(cost.monthlyUsd).toBeCloseTo(
      cost.items.reduce((sum, { monthlyUsd }) => sum + monthlyUsd, 0),
      2,
    );
    expect(cost).toMatchObject({ pricesAsOf: '2026-06-23', region: 'us-east-1', reason: null });
  });

  it('of Express counts one copy of what is stored, and data in', () => {
    const cost = sizeTarget('msk-express', sizingOf(demand)).chosen?.cost;
    if (cost === undefined) throw new Error('nothing was chosen');
    expect(itemOf(cost, 'storage, one copy')).toBeCloseTo((10 * 1024 * 0.1) / 3, 2);
    expect(itemOf(cost, 'data in')).toBeCloseTo((20 / 1024) * monthSec * 0.01, 2);
  });

  it('of Serverless counts the cluster, its partitions, one copy, and data in and out', () => {
    const cost = sizeTarget('msk-serverless', sizingOf(demand)).chosen?.cost;
    if (cost === undefined) throw new Error('nothing was chosen');
    expect(itemOf(cost, 'cluster')).toBeCloseTo(0.75 * 730, 2);
    expect(itemOf(cost, '60 partitions')).toBeCloseTo(60 * 0.0015 * 730, 2);
    expect(itemOf(cost, 'data out')).toBeCloseTo((30 / 1024) * monthSec * 0.05, 2);
  });

  it('of EC2 pays for replication between zones and for three controllers', () => {
    const cost = sizeTarget('ec2', sizingOf(demandWith([topicDemandOf(5)]))).chosen?.cost;
    if (cost === undefined) throw new Error('nothing was chosen');
    expect(itemOf(cost, 'replication')).toBeCloseTo(((5e6 * 2) / 2 / gibibyte) * monthSec * 0.02, 2);
    // The cheapest of the table with more than 4 GiB.
    expect(itemOf(cost, '3 controllers m6g.large')).toBeCloseTo(3 * 0.077 * 730, 2);
  });
});

describe('without a price', () => {
  it('in a region that has no table the cost is null, says why, and the choice rests on vCPU', () => {
    const sized = sizeTarget('msk', sizingOf(demand, { region: 'eu-central-1', prices: null }));
    expect(sized.chosen?.cost).toMatchObject({ monthlyUsd: null, items: [], pricesAsOf: null, region: 'eu-central-1' });
    expect(sized.chosen?.cost.reason).toContain('no price table of eu-central-1');
    const least = Math.min(...sized.candidates.filter(({ faults }) => faults.length === 0).map(({ vcpu }) => vcpu));
    expect(sized.chosen?.vcpu).toBeLessThanOrEqual(least * 1.1);
  });

  it('no region has none', () => {
    expect(sizeTarget('msk', sizingOf(demand, { region: null, prices: null })).chosen?.cost.reason).toContain(
      'no region',
    );
  });

  it('of the instance a candidate is not chosen while another has one', () => {
    const table = priceTableOf('us-east-1') as PriceTable;
    const { chosen } = sizeTarget('msk', sizingOf(demand));
    const { [chosen?.instanceType ?? '']: _gone, ...others } = table.mskBrokerHour;
    const sized = sizeTarget('msk', sizingOf(demand, { prices: { ...table, mskBrokerHour: others } }));
    expect(sized.chosen?.instanceType).not.toBe(chosen?.instanceType);
    expect(sized.rejected.find(({ option }) => option === chosen?.option)?.reason).toContain('its cost is unknown');
  });

  it('of an item the total is null, the known items stay, and the missing price is named', () => {
    const sized = sizeTarget(
      'ec2',
      sizingOf(demandWith([topicDemandOf(1)]), { prices: priceTableOf('ap-northeast-2') }),
    );
    expect(sized.chosen?.cost.monthlyUsd).toBeNull();
    expect(sized.chosen?.cost.reason).toContain('crossZoneGb');
    expect(sized.chosen?.cost.items.map(({ item }) => item)).toContain('gp3 space');
  });
});
