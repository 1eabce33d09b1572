/** Partitions of a topic and threads of its consumer groups, by exact fractions: a rounding error would be a partition. */
import { add, ceil, divide, multiply, type Rational, rational, toNumber } from '../rational.ts';
import { groupName } from '../requirements/naming.ts';
import type { ConsumerRequirement, Target, TopicRequirement } from '../requirements/types.ts';
import { targetRules } from './targets.ts';
import { egressBytesPerSec, ingressBytesPerSec } from './traffic.ts';
import type { GroupPlan, Why } from './types.ts';

/** One reason for a number of partitions. */
interface Bound {
  readonly label: string;
  readonly formula: string;
  /** Before rounding up. */
  readonly quotient: Rational;
  readonly partitions: number;
}

export interface Partitioning {
  readonly partitions: number;
  readonly groups: readonly GroupPlan[];
  readonly why: readonly Why[];
}

/** The highest of: peak / rate of one thread, catch-up rate / rate of one thread, the target's limits of a partition; at least 1. */
export function planPartitions(topic: TopicRequirement, target: Target): Partitioning {
  const perConsumer = topic.consumers.map((consumer) => consumerBounds(topic, consumer));
  const bounds = [...perConsumer.flat(), ...targetBounds(topic, target)];
  const partitions = highest(bounds);
  const groups = topic.consumers.map((consumer, index): GroupPlan => {
    const bounds = perConsumer[index] ?? [];
    return {
      name: groupName(consumer.service, topic.name),
      service: consumer.service,
      ratePerThread: toNumber(consumer.ratePerSec),
      threads: highest(bounds),
      evenThreads: evenThreads(partitions, bounds),
      statedThreads: consumer.threads ?? null,
    };
  });
  const why: Why = {
    figure: 'partitions',
    value: partitions,
    unit: 'partitions',
    formula:
      'highest of ceil(peak / rate per thread), ceil((average + average x outage / within) / rate per thread) and the limits of a partition; at least 1',
    inputs: Object.fromEntries(bounds.map((bound) => [bound.label, `${bound.formula} = ${bound.partitions}`])),
    source: [
      "users' rule: messages produced per second / messages one consumer thread handles per second, rounded up",
      ...(targetBounds(topic, target).length > 0 ? [targetRules[target].source] : []),
    ].join('; '),
  };
  return {
    partitions,
    groups,
    why: [why, ...groups.map((group, index) => threadsWhy(group, perConsumer[index] ?? []))],
  };
}

/** Every reason for partitions before rounding up; all of them grow with the rate of the topic. */
export function partitionQuotients(topic: TopicRequirement, target: Target): readonly Rational[] {
  const bounds = [
    ...topic.consumers.flatMap((consumer) => consumerBounds(topic, consumer)),
    ...targetBounds(topic, target),
  ];
  return bounds.map((bound) => bound.quotient);
}

function highest(bounds: readonly Bound[]): number {
  return Math.max(1, ...bounds.map((bound) => bound.partitions));
}

function consumerBounds(topic: TopicRequirement, consumer: ConsumerRequirement): Bound[] {
  const { ratePerSec: average, peakPerSec: peak } = topic.produce;
  const bounds = [quotient(`${consumer.service} at peak`, peak, consumer.ratePerSec)];
  if (consumer.catchUp !== null) {
    const { outageMs, withinMs } = consumer.catchUp;
    const needed = add(average, multiply(average, rational(outageMs, withinMs)));
    bounds.push(quotient(`${consumer.service} catching up`, needed, consumer.ratePerSec));
  }
  return bounds;
}

function targetBounds(topic: TopicRequirement, target: Target): Bound[] {
  const { ingressBytesPerSec: ingress, egressBytesPerSec: egress } = targetRules[target].partitionLimits;
  return [
    ...(ingress === null ? [] : [quotient('bytes in', ingressBytesPerSec(topic), rational(ingress))]),
    ...(egress === null ? [] : [quotient('bytes out', egressBytesPerSec(topic), rational(egress))]),
  ];
}

function quotient(label: string, dividend: Rational, divisor: Rational): Bound {
  const exact = divide(dividend, divisor);
  return {
    label,
    formula: `ceil(${toNumber(dividend)} / ${toNumber(divisor)})`,
    quotient: exact,
    partitions: Number(ceil(exact)),
  };
}

/** A thread can take as many partitions as its rate holds of what one partition carries: P / quotient, rounded down. */
function evenThreads(partitions: number, bounds: readonly Bound[]): number {
  const each = bounds.map(({ quotient: threads }) => {
    if (threads.numerator === 0n) return partitions;
    return Number((BigInt(partitions) * threads.denominator) / threads.numerator);
  });
  return Math.ceil(partitions / Math.max(1, Math.min(partitions, ...each)));
}

function threadsWhy(group: GroupPlan, bounds: readonly Bound[]): Why {
  return {
    figure: `groups.${group.service}.threads`,
    value: group.threads,
    unit: 'threads',
    formula: 'highest of the bounds of this group',
    inputs: {
      ...Object.fromEntries(bounds.map((bound) => [bound.label, `${bound.formula} = ${bound.partitions}`])),
      withPartitionsDealtOutWhole: group.evenThreads,
      ...(group.statedThreads === null ? {} : { stated: group.statedThreads }),
    },
    source: "users' rule: a partition is consumed by at most one consumer of a group",
  };
}
