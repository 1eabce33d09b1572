/**
 * A fault in four steps: probe (can it be injected here?), inject, evidence (is it really there?), heal. Whether the cluster
 * is whole again is asked of the cluster, the same way for all (`cluster-view.ts`). Only for a cluster that a drill started
 * itself: nothing here takes an address.
 */
import type { FaultId } from '../../lib/metrics/faults.ts';
import type { FaultWorld } from './world.ts';

export interface ActiveFault {
  /** What shows that it is there, measured, in words; null: nothing shows it yet. */
  evidence(): Promise<string | null>;
  /** Takes it back; called once. */
  heal(): Promise<void>;
}

export interface Fault {
  readonly id: FaultId;
  /** Alerts that may fire beside those that name the fault: what it brings about, at the speed of a drill. */
  readonly consequences: readonly string[];
  /** What the cluster must be given when it is started. */
  readonly needs?: 'secondDisk' | 'securedListeners';
  /** Why it cannot be injected here, in words; null: it can. */
  probe(world: FaultWorld): string | null;
  /** Rejects with nothing left behind that the journal does not undo. */
  inject(world: FaultWorld): Promise<ActiveFault>;
}

/** Everything a cluster of a drill can be given at its start; only exercises of pages want an authorizer. */
export type WorldNeed = NonNullable<Fault['needs']> | 'authorizer';

/** Can be injected wherever a local cluster runs. */
export const anywhere = (): null => null;
