/** Every fault, in the order of a drill: what changes least comes first, so that a broken drill has shown the most. */
import type { FaultId } from '../../lib/metrics/faults.ts';
import { brokerKilled, partitionOrphaned, quorumLost, replicaMissing } from './brokers.ts';
import {
  clientsReconnecting,
  generatorBusy,
  producerThrottled,
  rateAbovePlan,
  writesUnacknowledged,
  wrongPassword,
} from './clients.ts';
import { diskFilled, logDirLost } from './disks.ts';
import { anywhere, type Fault } from './fault.ts';
import { consumerRewound, consumerSlow, consumerStalled, retentionOvertakes } from './groups.ts';
import { brokersUnwatched, filesExhausted, handlersBusy, heapFull } from './limits.ts';
import { uncleanElection } from './partitions.ts';
import { brokerPaused, controllerDeposed, followerFlapping } from './pauses.ts';

/** The control of a drill: whatever fires here, no fault made. */
const nothing: Fault = {
  id: 'nothing',
  consequences: [],
  probe: anywhere,
  inject: async () => ({ evidence: async () => 'nothing was done to the cluster', heal: async () => {} }),
};

const all: Readonly<Record<FaultId, Fault>> = {
  nothing,
  // Its slowest alert takes minutes to clear, while others go on.
  'producer-throttled': producerThrottled,
  'consumer-stalled': consumerStalled,
  'consumer-slow': consumerSlow,
  'consumer-rewound': consumerRewound,
  'retention-overtakes': retentionOvertakes,
  'wrong-password': wrongPassword,
  'clients-reconnecting': clientsReconnecting,
  'files-exhausted': filesExhausted,
  'rate-above-plan': rateAbovePlan,
  'generator-busy': generatorBusy,
  'disk-filled': diskFilled,
  'brokers-unwatched': brokersUnwatched,
  'broker-paused': brokerPaused,
  'follower-flapping': followerFlapping,
  'controller-deposed': controllerDeposed,
  'broker-killed': brokerKilled,
  'replica-missing': replicaMissing,
  'partition-orphaned': partitionOrphaned,
  'quorum-lost': quorumLost,
  'unclean-election': uncleanElection,
  'log-dir-lost': logDirLost,
  'handlers-busy': handlersBusy,
  'heap-full': heapFull,
  'writes-unacknowledged': writesUnacknowledged,
};

export const faults: readonly Fault[] = Object.values(all);

export function faultOf(id: FaultId): Fault {
  return all[id];
}
