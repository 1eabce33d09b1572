import { describe, expect, it } from 'vitest';
import * as ebs from '../../../lib/plan/facts/ebs-volumes.ts';
import { ec2Instances } from '../../../lib/plan/facts/ec2-instances.ts';
import type { Fact, FactTable } from '../../../lib/plan/facts/fact.ts';
import * as kafka from '../../../lib/plan/facts/kafka.ts';
import { mskExpressBrokers } from '../../../lib/plan/facts/msk-express.ts';
import * as limits from '../../../lib/plan/facts/msk-limits.ts';
import { mskStandardBrokers } from '../../../lib/plan/facts/msk-standard.ts';
import { priceTables } from '../../../lib/plan/facts/prices/index.ts';
import * as rules from '../../../lib/plan/facts/sizing-rules.ts';
import { cite, sources } from '../../../lib/plan/facts/sources.ts';

const tables: readonly FactTable<never>[] = [mskStandardBrokers, mskExpressBrokers, ec2Instances] as never;

/** Every single fact of the modules, by its path. */
function factsOf(modules: Readonly<Record<string, object>>): [path: string, fact: Fact<unknown>][] {
  const found: [string, Fact<unknown>][] = [];
  const walk = (value: unknown, path: string): void => {
    if (typeof value !== 'object' || value === null) return;
    if ('value' in value && 'source' in value) found.push([path, value as Fact<unknown>]);
    else for (const [key, child] of Object.entries(value)) walk(child, `${path}.${key}`);
  };
  for (const [name, module] of Object.entries(modules)) walk({ ...module }, name);
  return found;
}

const facts = factsOf({ ebs, kafka, limits, rules });

describe('every figure', () => {
  it('is among those walked', () => {
    // A walk that finds nothing would pass everything below.
    expect(facts.length).toBeGreaterThan(120);
  });

  it.each(facts)('%s names a known source', (_path, { source }) => {
    expect(Object.keys(sources)).toContain(source);
  });

  it.each(tables.map((table) => [table.title, table] as const))(
    'of %s names a source, column by column',
    (_title, table) => {
      const [row] = table.rows as readonly object[];
      expect(Object.keys(table.columns).toSorted()).toEqual(Object.keys(row ?? {}).toSorted());
      for (const { source } of Object.values(table.columns) as { source: string }[])
        expect(Object.keys(sources)).toContain(source);
    },
  );

  it('of a price table has a date and a source', () => {
    for (const { asOf, source } of priceTables) {
      expect(asOf).not.toBe('');
      expect(source).not.toBe('');
    }
  });

  it('that is null says why', () => {
    const unknown = facts.filter(([, { value }]) => value === null);
    expect(unknown.map(([path]) => path).toSorted()).toEqual([
      'kafka.selfManagedFacts.partitionsPerClusterKRaft',
      'limits.mskServerlessLimits.kafkaVersion',
      'limits.mskStandardLimits.connectionsPerBrokerWithoutIam',
      'limits.mskTieredLimits.minLocalRetentionMs',
    ]);
    for (const [path, { note }] of unknown) expect(note, path).toBeDefined();
  });
});

describe('a source', () => {
  it.each(Object.entries(sources))('%s has a title and a date', (_key, { title, asOf }) => {
    expect(title.length).toBeGreaterThan(10);
    expect(asOf).toMatch(/^20\d\d(-\d\d){0,2}$/);
  });

  it('that is not the maker says so when cited', () => {
    expect(cite('akalculator')).toMatch(/secondary$/);
    expect(cite('mskSizing')).not.toContain('secondary');
  });
});
