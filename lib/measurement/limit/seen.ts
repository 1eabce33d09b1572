/** Which resources of a cluster a search could look at: what was not seen may have been the limit all the same. */
import type { LimitProbe, ResourceUse } from './types.ts';

export type SeenResource = 'brokerCpu' | 'disk' | 'network' | 'replication';

export const resourceNames: Readonly<Record<SeenResource, string>> = {
  brokerCpu: "brokers' CPU",
  disk: 'disks',
  network: 'network',
  replication: 'replication',
};

const isSeen: Readonly<Record<SeenResource, (use: ResourceUse) => boolean>> = {
  brokerCpu: ({ brokerCpu }) => brokerCpu !== null,
  disk: ({ diskBusy }) => diskBusy !== null,
  // On the machine of the generator the network is memory, and what it costs is CPU.
  network: ({ networkUsed, host }) => networkUsed !== null || host !== null,
  replication: ({ underReplicated }) => underReplicated !== null,
};

const resources = Object.keys(isSeen) as readonly SeenResource[];

export function seenIn(probes: readonly LimitProbe[]): readonly SeenResource[] {
  return resources.filter((resource) => probes.some((probe) => isSeen[resource](probe.resources)));
}

/** Of no probe. */
export function notSeenIn(probes: readonly LimitProbe[]): readonly SeenResource[] {
  const seen = seenIn(probes);
  return resources.filter((resource) => !seen.includes(resource));
}

/** `not seen from here, so not ruled out: brokers' CPU, disks`; empty when all was seen, or nothing failed. */
export function notSeenWords(probes: readonly LimitProbe[]): readonly string[] {
  const names = notSeenIn(probes).map((resource) => resourceNames[resource]);
  if (names.length === 0 || probes.every(({ sustained }) => sustained)) return [];
  return [`not seen from here, so not ruled out: ${names.join(', ')}`];
}
