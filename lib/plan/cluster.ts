/** The cluster as a whole: brokers, traffic at peak, what is left after the loss named in `survive`. */
import { add, ceil, multiply, type Rational, rational, zero } from '../rational.ts';
import type { ClusterRequirement, Requirements, TopicRequirement } from '../requirements/types.ts';
import { leastBrokers, remaining } from './brokers.ts';
import { awsComparison } from './capacity/aws-comparison.ts';
import { describeUse } from './capacity/candidate.ts';
import type { Demand } from './capacity/demand.ts';
import { type CapacityPolicy, choiceRule } from './capacity/policy.ts';
import { planRecovery } from './capacity/recovery.ts';
import { binding, type ResourceUse } from './capacity/resources.ts';
import type { Sizing } from './capacity/size.ts';
import { cite } from './facts/sources.ts';
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

export function planCluster(
  requirements: Requirements,
  topics: readonly TopicPlan[],
  { sizing, demand, policy }: { readonly sizing: Sizing; readonly demand: Demand; readonly policy: CapacityPolicy },
): ClusterPlan {
  const { cluster } = requirements;
  const { brokers, why: brokersWhy } = planBrokers(cluster, topics, sizing);
  const traffic = clusterTraffic(requirements.topics);
  const left = remaining(cluster, brokers);
  const capacity = (count: number, zones: number, resources: readonly ResourceUse[]): ClusterCapacity => {
    const most = binding(resources);
    return {
      brokers: count,
      instanceType: sizing.chosen?.instanceType ?? null,
      zones,
      ...traffic,
      replicationBytesPerSec: replicationBytesPerSec(requirements, topics, count),
      bindingConstraint: most?.resource ?? null,
      headroom: most === null ? null : 1 - most.utilisation,
      resources,
    };
  };
  const intact = capacity(brokers, cluster.zones, sizing.closest?.normal ?? []);
  const degraded = capacity(left.brokers, left.zones, sizing.closest?.degraded ?? []);
  const recovery = planRecovery(sizing.chosen, demand, policy);
  return {
    ...intact,
    target: cluster.target,
    survive: cluster.survive,
    degraded,
    recovery: recovery.plan,
    rejected: sizing.rejected,
    gaps: sizing.chosen?.gaps ?? [],
    why: [
      brokersWhy,
      ...instanceWhy(sizing, policy),
      ...trafficWhy(requirements, intact),
      {
        figure: 'degraded.brokers',
        value: degraded.brokers,
        unit: 'brokers',
        formula: 'brokers less one, or less ceil(brokers / zones), or as they are',
        inputs: { brokers, zones: cluster.zones, survive: cluster.survive },
        source: 'use case file, survive',
      },
      ...headroomWhy('headroom', intact),
      ...headroomWhy('degraded.headroom', degraded),
      ...recovery.why,
      ...(sizing.chosen === null ? [] : awsComparison(demand, sizing.chosen)),
    ],
  };
}

/** The stated number, the one that the load needs of the chosen type, or the least that holds replicas and zones. */
function planBrokers(
  cluster: ClusterRequirement,
  topics: readonly TopicPlan[],
  { chosen }: Sizing,
): { readonly brokers: number; readonly why: Why } {
  const replicas = Math.max(1, ...topics.map((topic) => topic.replicationFactor));
  const least = leastBrokers(cluster, replicas);
  if (cluster.brokers !== null || chosen === null || chosen.brokers === null) return least;
  return {
    brokers: chosen.brokers,
    why: {
      ...least.why,
      value: chosen.brokers,
      formula: `smallest multiple of the zones at which ${chosen.instanceType ?? 'a broker'} has no resource above its limit, with every broker and after the loss`,
    },
  };
}

function instanceWhy({ chosen, candidates }: Sizing, policy: CapacityPolicy): readonly Why[] {
  if (chosen === null || chosen.instanceType === null) return [];
  const fitting = candidates.filter(({ faults }) => faults.length === 0).length;
  return [
    {
      figure: 'instanceType',
      value: chosen.instanceType,
      unit: '',
      formula: choiceRule(
        policy,
        candidates.some(({ knownUsd }) => knownUsd !== null),
      ),
      inputs: { chosen: chosen.option, candidates: candidates.length, fitting },
      source: cite('headroom'),
    },
  ];
}

/** Every resource as used of allowed, the most used one deciding. */
function headroomWhy(figure: string, { headroom, resources }: ClusterCapacity): readonly Why[] {
  if (headroom === null) return [];
  const most = binding(resources);
  return [
    {
      figure,
      value: headroom,
      unit: 'share of the limit',
      formula: `1 - used / limit of the binding constraint; ${most?.resource ?? ''}: ${most?.formula ?? ''}`,
      inputs: Object.fromEntries(
        resources.map((use) => [use.resource, describeUse(use).slice(use.resource.length + 1)]),
      ),
      source: [...new Set(resources.map((use) => cite(use.source)))].join('; '),
    },
  ];
}

/** Copies that followers fetch; no more of them than there are brokers beside the leader. */
function replicationBytesPerSec({ topics }: Requirements, plans: readonly TopicPlan[], brokers: number): number {
  const copies = topics.map((topic, index) => {
    const followers = Math.max(0, Math.min(plans[index]?.replicationFactor ?? 1, brokers) - 1);
    return multiply(ingressBytesPerSec(topic), rational(followers));
  });
  return Number(ceil(copies.reduce(add, zero)));
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
