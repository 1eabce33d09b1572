/** The next 36 months: growth compounds monthly, and each limit is named in the month that first reaches it. */
import { add, one, type Rational, toNumber, zero } from '../rational.ts';
import type { Requirements, Target, TopicRequirement } from '../requirements/types.ts';
import { formatBytes } from '../units.ts';
import type { Candidate } from './capacity/candidate.ts';
import { type Demand, grownDemand } from './capacity/demand.ts';
import { capacityLimits, type Limit, worstUses } from './capacity/growth-limits.ts';
import { partitionQuotients } from './partitions.ts';
import { bufferBytes, exactRetainedBytes } from './storage.ts';
import { egressBytesPerSec, ingressBytesPerSec } from './traffic.ts';
import type { GrowthMonth, StoragePlan, TopicPlan } from './types.ts';

export const growthMonths = 36;

export function planGrowth(
  requirements: Requirements,
  topics: readonly TopicPlan[],
  storage: StoragePlan,
  { demand, chosen }: { readonly demand: Demand; readonly chosen: Candidate | null },
): readonly GrowthMonth[] {
  const bases = requirements.topics.map((topic, index) =>
    growingTopic(topic, topics[index]?.replicationFactor ?? 1, requirements.cluster.target),
  );
  const traffic = trafficByGrowth(requirements.topics);
  const reached = new Set<string>();
  return Array.from({ length: growthMonths + 1 }, (_, month) => {
    const factorOf = factorsOf(month);
    const figures = monthFigures(requirements, { bases, traffic }, factorOf, month);
    const uses = chosen === null ? [] : worstUses(chosen.under(grownDemand(demand, month)));
    const limits = [
      ...limitsOf(figures, topics, storage),
      ...(chosen === null ? [] : capacityLimits(uses, chosen)),
    ].filter(({ id }) => !reached.has(id));
    for (const { id } of limits) reached.add(id);
    return {
      ...figures,
      utilisation: Object.fromEntries(uses.map((use) => [use.resource, rounded(use.utilisation)])),
      limitsReached: limits.map(({ text }) => text),
    };
  });
}

/** To a hundredth of a percent: the months are for reading, the exact figures of today are in `resources`. */
function rounded(utilisation: number): number {
  return Math.round(utilisation * 10_000) / 10_000;
}

/** What of a topic grows with its rate, before growth, exactly. */
interface GrowingTopic {
  readonly name: string;
  readonly growth: Rational;
  readonly peakPerSec: number;
  /** Each asks for so many partitions, rounded up. */
  readonly partitions: readonly Quantity[];
  readonly retainedBytes: Quantity;
  /** Keys, not the rate, decide what a compacted topic keeps. */
  readonly retainedGrows: boolean;
}

function growingTopic(topic: TopicRequirement, replicas: number, target: Target): GrowingTopic {
  return {
    name: topic.name,
    growth: topic.produce.growthPerMonth,
    peakPerSec: toNumber(topic.produce.peakPerSec),
    partitions: partitionQuotients(topic, target).map(quantity),
    retainedBytes: quantity(exactRetainedBytes(topic, replicas)),
    retainedGrows: topic.retention.cleanup === 'delete',
  };
}

interface GrowingTraffic {
  readonly growth: Rational;
  readonly ingress: Rational;
  readonly egress: Rational;
}

/** Traffic of the topics that grow alike, added up once. */
function trafficByGrowth(topics: readonly TopicRequirement[]): readonly GrowingTraffic[] {
  const groups = new Map<string, GrowingTraffic>();
  for (const topic of topics) {
    const growth = topic.produce.growthPerMonth;
    const key = `${growth.numerator}/${growth.denominator}`;
    const sum = groups.get(key) ?? { growth, ingress: zero, egress: zero };
    groups.set(key, {
      growth,
      ingress: add(sum.ingress, ingressBytesPerSec(topic)),
      egress: add(sum.egress, egressBytesPerSec(topic)),
    });
  }
  return [...groups.values()];
}

/** (1 + growth)^month, not in lowest terms: reducing fractions of a thousand topics would take seconds. */
type FactorOf = (growth: Rational) => Rational;

function factorsOf(month: number): FactorOf {
  const known = new Map<string, Rational>();
  return ({ numerator, denominator }) => {
    const key = `${numerator}/${denominator}`;
    const found = known.get(key) ?? {
      numerator: (denominator + numerator) ** BigInt(month),
      denominator: denominator ** BigInt(month),
    };
    known.set(key, found);
    return found;
  };
}

function nearFactorOf(growth: Rational, month: number): number {
  return (1 + toNumber(growth)) ** month;
}

function grownCeil(base: Rational, factor: Rational): bigint {
  const denominator = base.denominator * factor.denominator;
  return (base.numerator * factor.numerator + denominator - 1n) / denominator;
}

/** A fraction and the nearest double. */
interface Quantity {
  readonly exact: Rational;
  readonly near: number;
}

/** Relative error that 36 months of growth in doubles stay far below. */
const doubleError = 2e-14;

/** Rounded up, exactly. Only close to a whole number is the fraction itself asked, which takes far longer. */
function grownUp({ exact, near }: Quantity, factor: Rational, nearFactor: number): number {
  const grown = near * nearFactor;
  const isPlain = Math.abs(grown - Math.round(grown)) > grown * doubleError;
  return isPlain ? Math.ceil(grown) : Number(grownCeil(exact, factor));
}

function quantity(exact: Rational): Quantity {
  return { exact, near: toNumber(exact) };
}

/** Sums of many growth rates are rounded up to a byte after each kept 2^-20 of one. */
const fractionOfByte = 1n << 20n;

function grownSum(parts: readonly GrowingTraffic[], figure: 'ingress' | 'egress', factorOf: FactorOf): number {
  const total = parts.reduce((sum, part) => {
    const { numerator, denominator } = factorOf(part.growth);
    const base = part[figure];
    return sum + (base.numerator * numerator * fractionOfByte) / (base.denominator * denominator);
  }, 0n);
  return Number((total + fractionOfByte - 1n) / fractionOfByte);
}

function monthFigures(
  { storage }: Requirements,
  { bases, traffic }: { readonly bases: readonly GrowingTopic[]; readonly traffic: readonly GrowingTraffic[] },
  factorOf: FactorOf,
  month: number,
): Omit<GrowthMonth, 'limitsReached' | 'utilisation'> {
  const retained = bases.reduce(
    (sum, base) =>
      sum +
      BigInt(
        base.retainedGrows
          ? grownUp(base.retainedBytes, factorOf(base.growth), nearFactorOf(base.growth, month))
          : grownUp(base.retainedBytes, one, 1),
      ),
    0n,
  );
  return {
    month,
    ingressBytesPerSec: grownSum(traffic, 'ingress', factorOf),
    egressBytesPerSec: grownSum(traffic, 'egress', factorOf),
    retainedBytes: Number(retained),
    requiredBytes: Number(retained + bufferBytes(storage.buffer, retained)),
    topics: bases.map(({ name, growth, peakPerSec, partitions }) => {
      const factor = factorOf(growth);
      const nearFactor = nearFactorOf(growth, month);
      return {
        name,
        // To twelve digits: the last ones of a double are noise.
        peakPerSec: Number((peakPerSec * nearFactor).toPrecision(12)),
        partitions: Math.max(1, ...partitions.map((bound) => grownUp(bound, factor, nearFactor))),
      };
    }),
  };
}

function limitsOf(
  figures: Omit<GrowthMonth, 'limitsReached' | 'utilisation'>,
  plans: readonly TopicPlan[],
  storage: StoragePlan,
): readonly Limit[] {
  const outgrown = figures.topics.flatMap(({ name, partitions }, index) => {
    const planned = plans[index]?.partitions ?? 0;
    return partitions > planned
      ? [
          {
            id: `partitions ${name}`,
            text: `${name} needs ${partitions} partitions, planned ${planned}: adding partitions moves keys`,
          },
        ]
      : [];
  });
  const bufferUsed =
    figures.retainedBytes > storage.requiredBytes
      ? [
          {
            id: 'storage',
            text: `${formatBytes(figures.retainedBytes)} retained exceed the ${formatBytes(storage.requiredBytes)} required in month 0`,
          },
        ]
      : [];
  return [...outgrown, ...bufferUsed];
}
