/** The next 36 months: growth compounds monthly, and each limit is named in the month that first reaches it. */
import { add, one, type Rational, zero } from '../rational.ts';
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
  readonly peakPerSec: Rational;
  /** Each asks for so many partitions, rounded up. */
  readonly partitions: readonly Rational[];
  readonly retainedBytes: Rational;
  /** Keys, not the rate, decide what a compacted topic keeps. */
  readonly retainedGrows: boolean;
}

function growingTopic(topic: TopicRequirement, replicas: number, target: Target): GrowingTopic {
  return {
    name: topic.name,
    growth: topic.produce.growthPerMonth,
    peakPerSec: topic.produce.peakPerSec,
    partitions: partitionQuotients(topic, target),
    retainedBytes: exactRetainedBytes(topic, replicas),
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

function grownCeil(base: Rational, factor: Rational): bigint {
  const denominator = base.denominator * factor.denominator;
  return (base.numerator * factor.numerator + denominator - 1n) / denominator;
}

/** The nearest double: 64 bits behind the point are kept before rounding. */
function grownNumber(base: Rational, factor: Rational): number {
  const denominator = base.denominator * factor.denominator;
  return Number(((base.numerator * factor.numerator) << 64n) / denominator) / 2 ** 64;
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
    (sum, base) => sum + grownCeil(base.retainedBytes, base.retainedGrows ? factorOf(base.growth) : one),
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
      return {
        name,
        peakPerSec: grownNumber(peakPerSec, factor),
        partitions: Math.max(1, ...partitions.map((bound) => Number(grownCeil(bound, factor)))),
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
