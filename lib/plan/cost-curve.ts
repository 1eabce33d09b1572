/** What the smallest cluster costs in later months, sized anew as the load grows. */
import { type Demand, grownDemand } from './capacity/demand.ts';
import { type Sizing, sizeTarget } from './capacity/size.ts';
import type { SizingInput } from './capacity/sizing.ts';

/** Empty when nothing grows or nothing fits today. */
export type CostCurve = readonly {
  readonly month: number;
  readonly chosen: string | null;
  readonly monthlyUsd: number | null;
  /** Why nothing fits then, or why its cost is unknown. */
  readonly reason: string | null;
}[];

const curveMonths = [0, 12, 24, 36] as const;

/** Free in its number of brokers. */
export function costCurve(target: Parameters<typeof sizeTarget>[0], input: SizingInput, { chosen }: Sizing): CostCurve {
  const { demand } = input;
  if (chosen === null || demand.topics.every(({ growthPerMonth }) => growthPerMonth === 0)) return [];
  return curveMonths.map((month) => {
    const grown: Demand = { ...grownDemand(demand, month, 'grown'), brokers: null };
    const sized = sizeTarget(target, { ...input, demand: grown });
    return {
      month,
      chosen: sized.chosen?.option ?? null,
      monthlyUsd: sized.chosen?.cost.monthlyUsd ?? null,
      reason: sized.chosen === null ? (sized.impossible[0] ?? null) : sized.chosen.cost.reason,
    };
  });
}

/** The first later month in which nothing fits, and the first whose cost is unknown though today's is not. */
export function laterReasons(curve: CostCurve): readonly string[] {
  const today = curve[0];
  const outgrown = curve.find(({ chosen }) => chosen === null);
  const unknown = curve.find(({ chosen, monthlyUsd }) => chosen !== null && monthlyUsd === null);
  return [
    ...(unknown === undefined || today?.monthlyUsd == null
      ? []
      : [`month ${unknown.month}: ${unknown.chosen}, ${unknown.reason}`]),
    ...(outgrown === undefined ? [] : [`month ${outgrown.month}: ${outgrown.reason}`]),
  ];
}
