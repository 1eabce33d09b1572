/** May a cluster that others could be using take this load? Decided before anything is written to it or to the results. */
import type { Plan } from '../../lib/plan/types.ts';
import type { RunLengths } from '../run-lengths.ts';
import { requireDiskRoom, runBytes } from './disk-room.ts';
import { describeForeignUse, foreignUse, readActiveGroups, readEndOffsets, requireUnused } from './foreign-use.ts';
import type { RunCluster } from './run-cluster.ts';

export interface Admission<T> {
  readonly result: T;
  /** What a reader of the report must know: who else used the cluster, what could not be checked. */
  readonly notes: readonly string[];
}

/**
 * `meanwhile` runs between the two looks at the topics and lasts at least about a second.
 * Throws CLUSTER_BUSY unless the user has said that the cluster is shared, and DISK_FULL.
 */
export async function admit<T>(
  { admin, bootstrap, brokers }: RunCluster,
  run: { readonly plan: Plan; readonly lengths: RunLengths; readonly isShared: boolean },
  meanwhile: () => Promise<T>,
): Promise<Admission<T>> {
  const unknownRoom = await requireDiskRoom(admin, brokers.length, runBytes(run.plan, run.lengths));
  const before = await readEndOffsets(admin, bootstrap);
  const startedMs = performance.now();
  const result = await meanwhile();
  const after = await readEndOffsets(admin, bootstrap);
  const withinMs = Math.round(performance.now() - startedMs);
  const use = describeForeignUse(foreignUse(before, after, await readActiveGroups(admin, bootstrap)), withinMs);
  if (!run.isShared) requireUnused(use, bootstrap);
  return { result, notes: [...use, ...(unknownRoom === null ? [] : [unknownRoom])] };
}
