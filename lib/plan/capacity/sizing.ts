/** What sizing a target needs to know and what it gives back; one file a target beside this one. */
import type { Calibration } from '../calibration/types.ts';
import type { PriceTable } from '../facts/prices/price-table.ts';
import type { CostPlan } from '../types.ts';
import type { Candidate } from './candidate.ts';
import { type CostItem, costPlan, knownUsd, unpricedPlan } from './costs.ts';
import type { Demand } from './demand.ts';
import type { CapacityPolicy } from './policy.ts';

export interface SizingInput {
  readonly demand: Demand;
  readonly region: string | null;
  /** Of that region; null: none is carried. */
  readonly prices: PriceTable | null;
  readonly policy: CapacityPolicy;
  /** Judges the CPU of the types that it holds for; null: nothing was measured. */
  readonly calibration: Calibration | null;
  /** What stays on the brokers with tiered storage; null: no tiered storage. */
  readonly tieredLocalMs: number | null;
  /** EC2 with its own disks in place of gp3. */
  readonly localDisk: boolean;
  /** EC2 brokers that are the controllers, too; otherwise three controllers of their own. */
  readonly combinedControllers: boolean;
}

export interface Candidates {
  /** Why the target cannot run the use case whatever the size; empty: it can. */
  readonly impossible: readonly string[];
  /** The smallest fitting number of brokers of each type, or the largest one tried. */
  readonly candidates: readonly Candidate[];
  /** Types that were not judged, and why. */
  readonly excluded: readonly { readonly option: string; readonly reason: string }[];
}

/** The bill of a candidate; `items` begins with its instances. */
export function billOf(
  { prices, region }: SizingInput,
  items: (prices: PriceTable) => readonly CostItem[],
): { readonly cost: CostPlan; readonly knownUsd: number | null } {
  if (prices === null) return { cost: unpricedPlan(region), knownUsd: null };
  const bill = items(prices);
  return { cost: costPlan(bill, prices), knownUsd: knownUsd(bill) };
}
