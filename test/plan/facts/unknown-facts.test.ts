/**
 * Every figure set to unknown in turn: what needs it must say so, and none of it may end in a promise. A number that is
 * not one would slip through every comparison, so a plan that changed without a word is the fault looked for here.
 */
import { afterEach, describe, expect, it } from 'vitest';
import type { Sizing } from '../../../lib/plan/capacity/size.ts';
import { sizeTarget } from '../../../lib/plan/capacity/size.ts';
import * as ebs from '../../../lib/plan/facts/ebs-volumes.ts';
import * as kafka from '../../../lib/plan/facts/kafka.ts';
import * as limits from '../../../lib/plan/facts/msk-limits.ts';
import { priceTables } from '../../../lib/plan/facts/prices/index.ts';
import { type PriceTable, scalarPrices } from '../../../lib/plan/facts/prices/price-table.ts';
import * as rules from '../../../lib/plan/facts/sizing-rules.ts';
import { planUseCase } from '../../../lib/plan/plan.ts';
import type { Target } from '../../../lib/requirements/types.ts';
import { demandWith, sizingOf, topicDemandOf } from '../capacity/demands.ts';
import { topicOf, useCaseOf } from '../use-cases.ts';

interface Mutable {
  value: unknown;
}

/** Single facts with a number, by path. */
const facts = Object.entries({ ebs, kafka, limits, rules }).flatMap(([module, exported]) =>
  Object.entries(exported).flatMap(([table, values]) =>
    typeof values !== 'object' || values === null
      ? []
      : Object.entries(values as Record<string, unknown>).flatMap(([name, fact]) =>
          typeof fact === 'object' && fact !== null && typeof (fact as Mutable).value === 'number'
            ? [[`${module}.${table}.${name}`, fact as Mutable] as const]
            : [],
        ),
  ),
);

/** 100 MB/s kept for ten days: every part of the model has work to do. A stated number of brokers spares the search. */
const demand = demandWith(
  [topicDemandOf(100, { retentionMs: 864_000_000 }), topicDemandOf(1, { name: 'small', compact: true })],
  { brokers: 30 },
);
const sizings: readonly (readonly [string, () => Sizing])[] = [
  ...(['msk', 'msk-express', 'msk-serverless', 'ec2'] as const).map(
    (target: Target) => [target, () => sizeTarget(target, sizingOf(demand))] as const,
  ),
  ['tiered', () => sizeTarget('msk', sizingOf(demand, { tieredLocalMs: 86_400_000 }))],
  ['combined', () => sizeTarget('ec2', sizingOf(demand, { combinedControllers: true }))],
  ['local disk', () => sizeTarget('ec2', sizingOf(demand, { localDisk: true }))],
];

/** Runs `work` and gives the facts whose value was looked at meanwhile. */
function readBy(work: () => void): ReadonlySet<string> {
  const read = new Set<string>();
  for (const [path, fact] of facts) {
    const { value } = fact;
    Object.defineProperty(fact, 'value', {
      configurable: true,
      get: () => {
        read.add(path);
        return value;
      },
    });
  }
  const restore = facts.map(([, fact]) => ({ fact, value: fact.value }));
  read.clear();
  work();
  for (const { fact, value } of restore)
    Object.defineProperty(fact, 'value', { configurable: true, writable: true, enumerable: true, value });
  return read;
}

const chosen: unknown[] = [];
const met = readBy(() => {
  for (const [, size] of sizings) chosen.push(size().chosen);
});

/** Numbers of a promise that are none. */
function holes(sizing: Sizing): readonly string[] {
  return sizing.candidates
    .filter(({ faults }) => faults.length === 0)
    .flatMap(({ option, normal, degraded, volume, cost }) => [
      ...[...normal, ...degraded]
        .filter(({ used, limit }) => !Number.isFinite(used) || !Number.isFinite(limit))
        .map(({ resource }) => `${option}: ${resource}`),
      ...(volume !== null && !Number.isFinite(volume.sizeGiB) ? [`${option}: volume`] : []),
      ...(Number.isNaN(cost.monthlyUsd) || cost.items.some(({ monthlyUsd }) => !Number.isFinite(monthlyUsd))
        ? [`${option}: cost`]
        : []),
      ...(normal.length === 0 ? [`${option}: nothing was judged`] : []),
    ]);
}

/** How often a sizing says that a figure is missing. */
function gapsTold({ impossible, rejected, candidates }: Sizing): number {
  const texts = [
    ...impossible,
    ...rejected.map(({ reason }) => reason),
    ...candidates.flatMap(({ faults, gaps, cost }) => [...faults, ...gaps, cost.reason ?? '']),
  ];
  return texts.filter((text) => /not found|cannot be judged|all the figures that sizing needs/.test(text)).length;
}

const untouched = new Map(
  sizings.map(([name, size]) => {
    const sizing = size();
    return [name, { text: JSON.stringify(sizing), told: gapsTold(sizing) }] as const;
  }),
);

let undo = (): void => {};
afterEach(() => undo());

describe('a figure that is not known', () => {
  it('is tried for every one that sizing looks at', () => {
    expect(facts.length).toBeGreaterThan(100);
    expect(met.size).toBeGreaterThan(25);
    expect(chosen).toHaveLength(7);
    expect(chosen).not.toContain(null);
  });

  it.each(facts.filter(([path]) => met.has(path)))('%s never ends in a promise, and is told', (_path, fact) => {
    const { value } = fact;
    undo = () => {
      fact.value = value;
    };
    fact.value = null;
    for (const [name, size] of sizings) {
      const sizing = size();
      expect(holes(sizing), name).toEqual([]);
      // Whatever changes is told: no other figure took its place.
      const { text, told } = untouched.get(name) ?? { text: '', told: 0 };
      if (JSON.stringify(sizing) !== text) expect(gapsTold(sizing), name).toBeGreaterThan(told);
    }
  });

  it('says which resource cannot be judged', () => {
    const fact = kafka.kafkaFacts.heapGiB as unknown as Mutable;
    const { value } = fact;
    undo = () => {
      fact.value = value;
    };
    fact.value = null;
    const { chosen, impossible, rejected } = sizeTarget('msk', sizingOf(demand));
    expect(chosen).toBeNull();
    expect(impossible[0]).toContain('pageCache cannot be judged: a figure it needs was not found');
    expect(rejected.every(({ reason }) => reason !== '')).toBe(true);
  });
});

describe('a price that is not known', () => {
  const [virginia] = priceTables;
  const target: Readonly<Record<string, Target>> = { express: 'msk-express', serverless: 'msk-serverless', gp3: 'ec2' };

  it.each(scalarPrices.map((name) => [name]))('%s makes the cost unknown where it is needed, and is named', (name) => {
    if (virginia === undefined) throw new Error('no table');
    const prices: PriceTable = { ...virginia, gp3MiBpsMonth: 0.04, [name]: null };
    const [, kind = ''] = /^(express|serverless|gp3)/.exec(name) ?? [];
    const requirements = useCaseOf(
      [
        topicOf({
          produce: {
            ratePerSec: { numerator: 900_000n, denominator: 1n },
            peakPerSec: { numerator: 900_000n, denominator: 1n },
          },
        }),
      ],
      {
        target: target[kind] ?? 'msk',
        brokers: null,
      },
    );
    const { cost } = planUseCase(requirements, { prices });
    if (cost.monthlyUsd === null) expect(cost.reason).toBeTruthy();
    else expect(cost.items.every(({ monthlyUsd }) => Number.isFinite(monthlyUsd))).toBe(true);
    // A table without that price never gives a smaller bill than one that has it.
    const whole = planUseCase(requirements, { prices: { ...prices, [name]: 1 } }).cost;
    if (whole.items.length > cost.items.length)
      expect(cost).toMatchObject({ monthlyUsd: null, reason: expect.stringContaining(name) });
  });
});
