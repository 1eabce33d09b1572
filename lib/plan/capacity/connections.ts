/** Connections of clients to one broker: how many it keeps, and how fast they come back. */
import { mskStandardLimits } from '../facts/msk-limits.ts';
import type { ClusterLoad } from './cluster-load.ts';
import type { CapacityPolicy } from './policy.ts';
import { type ResourceUse, resourceUse, type Stage } from './resources.ts';

/** Of one broker: every client keeps one, a consumer one more to its coordinator. */
export function clientConnections({ producers, consumerThreads }: ClusterLoad): number {
  return producers + 2 * consumerThreads;
}

export function connectionsUse(stage: Stage, load: ClusterLoad, policy: CapacityPolicy): ResourceUse {
  return resourceUse('connections', {
    used: clientConnections(load),
    capacity: mskStandardLimits.iamConnectionsPerBroker.value ?? Number.NaN,
    ceiling: policy.connections,
    state: stage.state,
    unit: 'connections',
    evidence: 'published',
    formula: 'producers + 2 x consumer threads; the limit holds with IAM, without it none is published',
    source: 'mskLimits',
  });
}

/** After a restart or a fault of the network every client connects anew at once; what AWS refuses tries again. */
export function newConnectionsUse(load: ClusterLoad, policy: CapacityPolicy, quotaPerSec: number): ResourceUse {
  return resourceUse('newConnections', {
    used: clientConnections(load) / policy.reconnectWithinSeconds,
    capacity: quotaPerSec,
    ceiling: policy.newConnections,
    state: 'normal',
    unit: 'connections/s',
    evidence: 'published',
    formula: `connections / the ${policy.reconnectWithinSeconds} s in which every client connects anew; the quota holds with IAM`,
    source: 'mskLimits',
  });
}
