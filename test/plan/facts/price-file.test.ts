import { describe, expect, it } from 'vitest';
import { HeadroomError } from '../../../lib/errors.ts';
import { parsePriceTable } from '../../../lib/plan/facts/prices/price-file.ts';
import { usEast1 } from '../../../lib/plan/facts/prices/us-east-1.ts';

function faultsOf(table: unknown, region: string | null = null): string {
  const text = typeof table === 'string' ? table : JSON.stringify(table);
  try {
    parsePriceTable(text, 'prices.json', region);
  } catch (error) {
    if (error instanceof HeadroomError && error.code === 'PRICES_INVALID' && error.exitCode === 64)
      return error.message;
    throw error;
  }
  throw new Error('expected faults');
}

const seoul = { region: 'ap-northeast-2', asOf: '2026-11-20' };

describe('a price file', () => {
  it('gives back the table that it holds', () => {
    expect(parsePriceTable(JSON.stringify(usEast1), 'prices.json', 'us-east-1')).toEqual(usEast1);
  });

  it('may be YAML, and what it leaves out is unknown', () => {
    const table = parsePriceTable(
      'region: ap-northeast-2\nasOf: "2026-11-20"\nmskBrokerHour:\n  kafka.m7g.large: 0.25\n  kafka.m5.large: null\n',
      'prices.yaml',
      'ap-northeast-2',
    );
    expect(table).toMatchObject({
      region: 'ap-northeast-2',
      source: 'prices.yaml',
      hoursPerMonth: 730,
      mskBrokerHour: { 'kafka.m7g.large': 0.25 },
      mskStorageGbMonth: null,
      ec2Hour: {},
    });
    expect(Object.keys(table.mskBrokerHour)).toEqual(['kafka.m7g.large']);
  });

  it('lists all faults at once, with the nearest known name', () => {
    const message = faultsOf({
      ...seoul,
      asOf: '',
      mskStorageGbMont: 0.1,
      gp3GbMonth: -1,
      expressDataInGb: '0.01',
      mskBrokerHour: { 'kafka.m7g.larg': 0.2, 'kafka.m5.large': 'cheap' },
    });
    expect(message.split('\n')).toHaveLength(7);
    expect(message).toContain('mskStorageGbMont: not known, did you mean mskStorageGbMonth?');
    expect(message).toContain('gp3GbMonth: expected USD as a number of at least 0, or null, got -1');
    expect(message).toContain('expressDataInGb: expected USD as a number of at least 0, or null, got "0.01"');
    expect(message).toContain('mskBrokerHour.kafka.m7g.larg: not known, did you mean kafka.m7g.large?');
    expect(message).toContain('mskBrokerHour.kafka.m5.large: expected USD');
    expect(message).toContain('asOf: expected a text, got ""');
  });

  it.each([
    ['nothing', ''],
    ['a list', []],
    ['a number', 3],
    ['broken text', '{ "region": '],
    ['prices of no region', { asOf: '2026-11-20' }],
    ['an odd month', { ...seoul, hoursPerMonth: 7300 }],
    ['a price that is no number', { ...seoul, mskBrokerHour: 0.2 }],
  ])('that is %s is refused', (_case, table) => {
    expect(faultsOf(table)).toContain('prices.json is no price table');
  });

  it('of another region than the use case is refused', () => {
    expect(faultsOf(seoul, 'us-east-1')).toContain('prices of ap-northeast-2 say nothing of us-east-1');
  });
});
