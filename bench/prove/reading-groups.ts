/** Who reads a topic back during a run. */
import type { TopicPlan } from '../../lib/plan/types.ts';

export interface ReadingGroup {
  readonly name: string;
  /** Members it needs at the peak rate. */
  readonly threads: number;
}

/**
 * The plan's groups; a topic without any gets one of Headroom's own, since whether a record was lost, doubled or reordered
 * can only be seen by reading. That group is no service's: no lag or end-to-end latency is judged by it.
 */
export function readingGroups({ name, groups }: TopicPlan): readonly ReadingGroup[] {
  return groups.length > 0 ? groups : [{ name: `CGR-headroom-${name}`, threads: 1 }];
}
