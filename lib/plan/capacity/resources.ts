/** One resource of one broker (or of the whole cluster where the target has no brokers): what is used of what is allowed. */
import type { SourceKey } from '../facts/sources.ts';
import type { Ceiling } from './policy.ts';

export type Resource =
  | 'safeIngress'
  | 'ingress'
  | 'egress'
  | 'networkIn'
  | 'networkOut'
  | 'volumeThroughput'
  | 'volumeSize'
  | 'cpu'
  | 'pageCache'
  | 'partitions'
  | 'compactedPartitions'
  | 'connections'
  | 'newConnections'
  | 'mapAreas'
  | 'fileHandles'
  | 'partitionIngress'
  | 'partitionEgress'
  | 'compactedPartitionSize'
  | 'consumerGroups'
  | 'requests';

/** `published`: a limit of the maker; `guidance`: a recommendation of the maker; `calibrated`: measured; `heuristic`: weak evidence until it is. */
export type Evidence = 'published' | 'guidance' | 'calibrated' | 'heuristic';

export interface ResourceUse {
  readonly resource: Resource;
  readonly used: number;
  /** What may be used: the capacity times its ceiling. */
  readonly limit: number;
  /** What there is. */
  readonly capacity: number;
  readonly unit: string;
  /** used / limit; above 1 the option is rejected. Infinite where a figure that is needed was not found. */
  readonly utilisation: number;
  readonly evidence: Evidence;
  /** How `used` comes about. */
  readonly formula: string;
  readonly source: SourceKey;
}

export type State = 'normal' | 'degraded';

/** Every broker in service, or those left after the loss named in `survive`. */
export interface Stage {
  readonly state: State;
  readonly brokers: number;
  readonly alive: number;
}

export interface UseInput {
  readonly used: number;
  readonly capacity: number;
  readonly ceiling: Ceiling;
  readonly state: State;
  readonly unit: string;
  readonly evidence: Evidence;
  readonly formula: string;
  readonly source: SourceKey;
}

export function resourceUse(resource: Resource, input: UseInput): ResourceUse {
  const { used, capacity, ceiling, state, ...rest } = input;
  const limit = capacity * ceiling[state];
  const utilisation = isUnknown({ used, limit })
    ? Number.POSITIVE_INFINITY
    : used <= 0
      ? 0
      : limit > 0
        ? used / limit
        : Number.POSITIVE_INFINITY;
  return { resource, used, limit, capacity, utilisation, ...rest };
}

/** A figure that a formula needs was not found: nothing can be promised. */
export function isUnknown({ used, limit }: Pick<ResourceUse, 'used' | 'limit'>): boolean {
  return Number.isNaN(used) || Number.isNaN(limit);
}

/** The resource that is used most; null without any. */
export function binding(uses: readonly ResourceUse[]): ResourceUse | null {
  return uses.reduce<ResourceUse | null>(
    (most, use) => (most === null || use.utilisation > most.utilisation ? use : most),
    null,
  );
}

/** Both stages of a cluster of `brokers` that keeps `alive` after the loss. */
export function stagesOf(brokers: number, alive: number): readonly Stage[] {
  return [
    { state: 'normal', brokers, alive: brokers },
    { state: 'degraded', brokers, alive: Math.max(0, alive) },
  ];
}

export interface StageUses {
  readonly normal: readonly ResourceUse[];
  readonly degraded: readonly ResourceUse[];
}

/** The uses of both stages; none when the loss leaves no broker to carry anything. */
export function bothStages(
  { brokers, survivors }: { readonly brokers: number; readonly survivors: number },
  uses: (stage: Stage) => readonly ResourceUse[],
): StageUses {
  const [normal = [], degraded = []] = stagesOf(brokers, survivors).map((stage) =>
    stage.alive < 1 ? [] : uses(stage),
  );
  return { normal, degraded };
}
