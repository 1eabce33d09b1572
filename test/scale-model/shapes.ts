/** The loads of the scale model, and the most that the plan's formula says a confined cluster carries of each. */

import type { Calibration } from '../../lib/plan/calibration/types.ts';
import { type BrokerOption, bytesPerMegabit } from '../../lib/plan/capacity/broker.ts';
import { brokerUses } from '../../lib/plan/capacity/broker-uses.ts';
import { type ClusterLoad, clusterLoads } from '../../lib/plan/capacity/cluster-load.ts';
import { demandOf } from '../../lib/plan/capacity/demand.ts';
import { type CapacityPolicy, defaultPolicy } from '../../lib/plan/capacity/policy.ts';
import type { ResourceUse } from '../../lib/plan/capacity/resources.ts';
import { planUseCase } from '../../lib/plan/plan.ts';
import type { Plan, TopicPlan } from '../../lib/plan/types.ts';
import { parseUseCase } from '../../lib/requirements/parse.ts';
import { brokerIds, type Limits } from './cluster.ts';

export interface Shape {
  readonly name: string;
  readonly replicas: 1 | 3;
  readonly groups: number;
}

export const instanceType = 'scale.model';
const brokers = brokerIds.length;
const messageBytes = 1_000;
/**
 * One leader a broker, as in the calibration's grid: a request then carries one batch. The formula takes each batch for a request;
 * where several share one (two did, with six partitions) brokers carried 40 % more than it says.
 */
const partitions = 3;
/** Full batches: what a batch costs is then a stated part of what a byte costs. */
const producer = { 'linger.ms': 20, 'batch.size': 16_384 } as const;
/** A frame of 1514 bytes carries 1448 of TCP's payload; tbf counts frames. */
const frameBytesPerByte = 1_514 / 1_448;

function useCaseText({ name, replicas, groups }: Shape, ratePerSec: number): string {
  const readers = Array.from({ length: groups }, (_, group) => `      - { service: reader${group}, rate: 1000000/s }`);
  return `apiVersion: headroom/v1
useCase: scale-model
cluster: { target: existing, zones: 3, brokers: 3, survive: none }
topics:
  - name: ${name}
    message: { size: ${messageBytes} B }
    produce: { rate: ${ratePerSec}/s, producers: 2 }
    retention: { time: 1d }
    replicas: ${replicas}
    guarantee: { loss: ${replicas === 1 ? 'leaderFailure' : 'never'}, duplicates: allowed, order: none }
    consumers:
${readers.join('\n')}
slo: { publish: { p99: 2s } }
`;
}

export function planOf(shape: Shape, ratePerSec: number): Plan {
  const plan = planUseCase(parseUseCase(useCaseText(shape, ratePerSec), 'scale-model.yaml'));
  return { ...plan, topics: plan.topics.map((topic) => driven(topic)) };
}

/** Retention and segments are not what is tested. */
function driven(topic: TopicPlan): TopicPlan {
  return { ...topic, partitions, config: {}, producer: { ...topic.producer, ...producer } };
}

export interface Predicted {
  readonly ratePerSec: number;
  readonly resource: 'network' | 'brokerCpu' | 'replication';
}

/** Nothing is kept back: the test asks for the limit, not for what one should plan with. */
const whole = { normal: 1, degraded: 1, reason: 'the limit itself' };
const policy: CapacityPolicy = { ...defaultPolicy, network: whole, cpu: whole };

/**
 * min(network, CPU, link of replication), each by the plan's own sums of what a broker uses. Storage is not confined, so it is
 * no term here.
 */
export function predictLimit(shape: Shape, limits: Limits, calibration: Calibration | null): Predicted {
  const shares = (ratePerSec: number) => sharesOf(shape, limits, calibration, ratePerSec);
  let low = 1;
  let high = 1e6;
  while (high / low > 1.001) {
    const middle = Math.sqrt(low * high);
    if (Math.max(...shares(middle).map(({ share }) => share)) > 1) high = middle;
    else low = middle;
  }
  const [binding] = shares(low).toSorted((a, b) => b.share - a.share);
  if (binding === undefined) throw new Error('nothing is limited');
  return { ratePerSec: low, resource: binding.resource };
}

function sharesOf(
  shape: Shape,
  limits: Limits,
  calibration: Calibration | null,
  ratePerSec: number,
): readonly { readonly resource: Predicted['resource']; readonly share: number }[] {
  const load = loadOf(shape, ratePerSec);
  const ownLink = limits.replicationBytesPerSec !== null;
  // Where copies have a link of their own, that of the clients carries none.
  const onClientLink = ownLink ? { ...load, peakReplicationBytesPerSec: 0 } : load;
  const use = (name: ResourceUse['resource'], of: ClusterLoad): number =>
    usesOf(of, limits, calibration).find(({ resource }) => resource === name)?.utilisation ?? Number.NaN;
  return [
    ...(limits.clientBytesPerSec === null
      ? []
      : (['networkIn', 'networkOut'] as const).map((name) => ({
          resource: 'network' as const,
          share: use(name, onClientLink) * frameBytesPerByte,
        }))),
    ...(limits.cores === null || calibration === null
      ? []
      : [{ resource: 'brokerCpu' as const, share: use('cpu', load) }]),
    ...(limits.replicationBytesPerSec === null
      ? []
      : [
          {
            resource: 'replication' as const,
            share: ((load.peakReplicationBytesPerSec / brokers) * frameBytesPerByte) / limits.replicationBytesPerSec,
          },
        ]),
  ];
}

function loadOf(shape: Shape, ratePerSec: number): ClusterLoad {
  const requirements = parseUseCase(useCaseText(shape, Math.max(1, Math.round(ratePerSec))), 'scale-model.yaml');
  const { topics } = planOf(shape, Math.max(1, Math.round(ratePerSec)));
  return clusterLoads(demandOf(requirements, topics, (count) => count))(brokers);
}

function usesOf(load: ClusterLoad, limits: Limits, calibration: Calibration | null): readonly ResourceUse[] {
  const option: BrokerOption = {
    broker: {
      type: instanceType,
      vcpu: limits.cores ?? Number.POSITIVE_INFINITY,
      memoryGiB: 1,
      networkMbps: (limits.clientBytesPerSec ?? Number.POSITIVE_INFINITY) / bytesPerMegabit,
      networkSource: 'calibration',
      partitions: 1_000,
      partitionsSource: 'calibration',
      newConnectionsPerSec: null,
      selfManaged: false,
    },
    volume: {
      kind: 'local',
      sizeGiB: 1,
      throughputMiBps: null,
      throughputSource: 'calibration',
      provisionedMiBps: null,
      rebuilt: false,
    },
    tiered: false,
  };
  return brokerUses({ option, load, stage: { state: 'normal', brokers, alive: brokers }, policy, calibration });
}
