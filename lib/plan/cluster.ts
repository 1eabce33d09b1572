/** The cluster as a whole: brokers, traffic at peak, what is left after the loss named in `survive`. */
import { add, ceil, multiply, type Rational, rational, zero } from '../rational.ts';
import type { Requirements, TopicRequirement } from '../requirements/types.ts';
import { planBrokers, remaining } from './brokers.ts';
import { targetRules } from './targets.ts';
import { egressBytesPerSec, ingressBytesPerSec } from './traffic.ts';
import type { ClusterCapacity, ClusterPlan, TopicPlan, Why } from './types.ts';

export interface Traffic {
  readonly ingressBytesPerSec: number;
  readonly egressBytesPerSec: number;
}

/** Ingress and egress of all topics at peak, each rounded up to a byte. */
export function clusterTraffic(topics: readonly TopicRequirement[]): Traffic {
  return {
    ingressBytesPerSec: Number(ceil(total(topics, ingressBytesPerSec))),
    egressBytesPerSec: Number(ceil(total(topics, egressBytesPerSec))),
  };
}

function total(topics: readonly TopicRequirement[], figure: (topic: TopicRequirement) => Rational): Rational {
  return topics.map(figure).reduce(add, zero);
}

export function planCluster(requirements: Requirements, topics: readonly TopicPlan[]): ClusterPlan {
  const { cluster } = requirements;
  const replicas = Math.max(1, ...topics.map((topic) => topic.replicationFactor));
  const { brokers, why: brokersWhy } = planBrokers(cluster, replicas);
  const traffic = clusterTraffic(requirements.topics);
  const left = remaining(cluster, brokers);
  const binding = bindingConstraint(requirements, topics, traffic);
  const capacity = (count: number, zones: number): ClusterCapacity => ({
    brokers: count,
    instanceType: null,
    zones,
    ...traffic,
    replicationBytesPerSec: replicationBytesPerSec(requirements, topics, count),
    bindingConstraint: binding?.name ?? null,
    headroom: binding?.headroom ?? null,
  });
  const intact = capacity(brokers, cluster.zones);
  const degraded = capacity(left.brokers, left.zones);
  return {
    ...intact,
    target: cluster.target,
    survive: cluster.survive,
    degraded,
    rejected: [],
    why: [
      brokersWhy,
      ...trafficWhy(requirements, intact),
      {
        figure: 'degraded.brokers',
        value: degraded.brokers,
        unit: 'brokers',
        formula: 'brokers less one, or less ceil(brokers / zones), or as they are',
        inputs: { brokers, zones: cluster.zones, survive: cluster.survive },
        source: 'use case file, survive',
      },
      ...(binding === null ? [] : [binding.why]),
    ],
  };
}

/** Copies that followers fetch; no more of them than there are brokers beside the leader. */
function replicationBytesPerSec({ topics }: Requirements, plans: readonly TopicPlan[], brokers: number): number {
  const copies = topics.map((topic, index) => {
    const followers = Math.max(0, Math.min(plans[index]?.replicationFactor ?? 1, brokers) - 1);
    return multiply(ingressBytesPerSec(topic), rational(followers));
  });
  return Number(ceil(copies.reduce(add, zero)));
}

/** The limit of the target that is used most; null where limits follow from an instance type. */
function bindingConstraint(
  { cluster }: Requirements,
  topics: readonly TopicPlan[],
  traffic: Traffic,
): { name: string; headroom: number; why: Why } | null {
  const { clusterLimits, source } = targetRules[cluster.target];
  if (clusterLimits === null) return null;
  const uses = targetUses(topics, traffic).map(({ limit, used }) => ({
    name: limit,
    used,
    limit: clusterLimits[limit],
  }));
  const most = uses.reduce((a, b) => (b.used / b.limit > a.used / a.limit ? b : a));
  const headroom = 1 - most.used / most.limit;
  const why: Why = {
    figure: 'headroom',
    value: headroom,
    unit: 'share of the limit',
    formula: '1 - used / limit of the binding constraint',
    inputs: Object.fromEntries(uses.map(({ name, used, limit }) => [name, `${used} of ${limit}`])),
    source,
  };
  return { name: most.name, headroom, why };
}

export type ClusterLimit = 'ingressBytesPerSec' | 'egressBytesPerSec' | 'partitions' | 'compactedPartitions';

/** What the use case takes of each limit that a target may set on the whole cluster. */
export function targetUses(
  topics: readonly { readonly partitions: number; readonly config: TopicPlan['config'] }[],
  traffic: Traffic,
): readonly { readonly limit: ClusterLimit; readonly used: number }[] {
  const partitions = (policy: string): number =>
    topics.reduce((sum, topic) => sum + (topic.config['cleanup.policy'] === policy ? topic.partitions : 0), 0);
  return [
    { limit: 'ingressBytesPerSec', used: traffic.ingressBytesPerSec },
    { limit: 'egressBytesPerSec', used: traffic.egressBytesPerSec },
    { limit: 'partitions', used: partitions('delete') },
    { limit: 'compactedPartitions', used: partitions('compact') },
  ];
}

function trafficWhy({ topics }: Requirements, plan: ClusterCapacity): readonly Why[] {
  const rule = (figure: keyof Traffic | 'replicationBytesPerSec', formula: string): Why => ({
    figure,
    value: plan[figure],
    unit: 'bytes/s',
    formula,
    inputs: Object.fromEntries(
      topics.map((topic) => {
        const { peakPerSec: peak } = topic.produce;
        const rate = `${peak.numerator}${peak.denominator === 1n ? '' : `/${peak.denominator}`}`;
        const compressed = topic.message.compression === 'none' ? '' : ` x ratio of ${topic.message.compression}`;
        return [topic.name, `${rate}/s x ${topic.message.sizeBytes} B${compressed}`];
      }),
    ),
    source: 'use case file; bytes on the wire are size x ratio when compressed, without record overhead',
  });
  return [
    rule('ingressBytesPerSec', 'sum over the topics of peak x size x ratio'),
    rule('egressBytesPerSec', 'ingress x (groups + one reader from the beginning where the log is reused)'),
    rule('replicationBytesPerSec', 'ingress x (replicas - 1)'),
  ];
}
