import { describe, expect, it } from 'vitest';
import { priceQueries, priceTableFromList } from '../../../lib/plan/facts/prices/aws-price-list.ts';
import { parsePriceTable } from '../../../lib/plan/facts/prices/price-file.ts';
import { scalarPrices } from '../../../lib/plan/facts/prices/price-table.ts';
import { planUseCase } from '../../../lib/plan/plan.ts';
import { topicOf, useCaseOf } from '../use-cases.ts';
import { product, seoulProducts } from './price-products.ts';

const seoul = 'ap-northeast-2';
const { table, missing } = priceTableFromList(seoulProducts, seoul, '2026-11-21');

describe('a price table from the price list', () => {
  it('takes each figure in the unit of the table', () => {
    expect(table).toMatchObject({
      region: seoul,
      asOf: '2026-11-18',
      mskBrokerHour: { 'kafka.m7g.large': 0.25, 'kafka.m5.24xlarge': 12.5 },
      expressBrokerHour: { 'express.m7g.large': 0.5 },
      ec2Hour: { 'm7g.large': 0.1 },
      mskStorageGbMonth: 0.11,
      mskTieredGbMonth: 0.06,
      mskTieredRetrievalGb: 0.002,
      expressStorageGbMonth: 0.12,
      serverlessClusterHour: 0.9,
      serverlessPartitionHour: 0.002,
      serverlessStorageGbMonth: 0.13,
      serverlessInGb: 0.12,
      serverlessOutGb: 0.06,
      gp3GbMonth: 0.09,
      gp3IopsMonth: 0.006,
    });
    // Listed for a GiB/s, of one direction.
    expect(table.gp3MiBpsMonth).toBeCloseTo(0.048, 12);
    expect(table.mskProvisionedThroughputMiBpsMonth).toBeCloseTo(0.09, 12);
    expect(table.crossZoneGb).toBe(0.02);
  });

  it('leaves null what is not listed, and names it', () => {
    expect(table.expressDataInGb).toBeNull();
    expect(missing).toContain('expressDataInGb: not listed');
    expect(missing).toContain('mskBrokerHour.kafka.m5.large: not listed');
    expect(Object.keys(table.ec2Hour)).toEqual(['m7g.large']);
  });

  it('never chooses between two prices', () => {
    const twice = priceTableFromList([...seoulProducts, product('APN2-Kafka.Storage.GP2', 0.2, 'GB-Mo')], seoul, '');
    expect(twice.table.mskStorageGbMonth).toBeNull();
    expect(twice.missing).toContain('mskStorageGbMonth: listed as 0.11 and 0.2 USD');
  });

  it('takes us-east-1, whose usage types have no code', () => {
    const products = [
      product('Kafka.m5.large', 0.3, 'Hrs'),
      product('BoxUsage:m5.large', 0.1, 'Hrs', { instanceType: 'm5.large' }),
    ];
    const virginia = priceTableFromList(products, 'us-east-1', '2026-11-21').table;
    expect(virginia.mskBrokerHour).toEqual({ 'kafka.m5.large': 0.3 });
    expect(virginia.ec2Hour).toEqual({ 'm5.large': 0.1 });
  });

  it.each([
    ['another unit', product('APN2-Kafka.Storage.GP2', 0.1, 'TB-Mo')],
    ['no price', product('APN2-Kafka.Storage.GP2', 'x', 'GB-Mo')],
    ['a price of nothing', product('APN2-Kafka.Storage.GP2', 0, 'GB-Mo')],
    ['another currency', product('APN2-Kafka.Storage.GP2', 0.1, 'GB-Mo').replace('USD', 'CNY')],
    [
      'a higher step of use',
      product('APN2-Kafka.Storage.GP2', 0.1, 'GB-Mo').replace('"unit"', '"beginRange":"51200","unit"'),
    ],
    ['a longer name', product('APN2-Kafka.Storage.GP2.Snapshot', 0.1, 'GB-Mo')],
    ['no JSON', '{'],
  ])('is not misled by %s', (_what, text) => {
    const result = priceTableFromList([text], seoul, '2026-11-21');
    expect(scalarPrices.filter((name) => result.table[name] !== null)).toEqual([]);
    expect(result.table.asOf).toMatch(/^2026-11-(01|21)$/);
  });

  it('is a price file that plans accept', () => {
    const read = parsePriceTable(JSON.stringify(table), 'prices.json', seoul);
    expect(read).toEqual(table);
    const { cost } = planUseCase(useCaseOf([topicOf()], { region: seoul }), { prices: read });
    expect(cost).toMatchObject({ region: seoul, pricesAsOf: '2026-11-18' });
    expect(cost.monthlyUsd).toBeGreaterThan(3 * 0.25 * 730);
  });

  it('asks for one region alone', () => {
    for (const { attributes } of priceQueries(seoul)) expect(Object.values(attributes)).toContain(seoul);
  });
});
