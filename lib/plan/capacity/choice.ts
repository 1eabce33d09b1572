/** The choice among the candidates: cheapest, but not at the price of dozens of small brokers. */
import { formatCount } from '../../units.ts';
import { bindingOf, type Candidate, describeUse, headroomOf } from './candidate.ts';
import type { CapacityPolicy } from './policy.ts';

export interface Choice {
  /** Null: no candidate can carry the use case. */
  readonly chosen: Candidate | null;
  readonly rejected: readonly { readonly option: string; readonly reason: string }[];
}

/**
 * The bill where any is known, vCPU where none is. A bill with an item that has no price is only a part of one: it ranks
 * among its like, and never beats a whole one.
 */
function rankOf(candidates: readonly Candidate[]): { rank: (candidate: Candidate) => number; priced: boolean } {
  if (candidates.some(isPriced))
    return { priced: true, rank: ({ cost }) => cost.monthlyUsd ?? Number.POSITIVE_INFINITY };
  if (candidates.some(({ knownUsd }) => knownUsd !== null))
    return { priced: true, rank: ({ knownUsd }) => knownUsd ?? Number.POSITIVE_INFINITY };
  return { priced: false, rank: ({ vcpu }) => vcpu };
}

function isPriced({ cost }: Candidate): boolean {
  return cost.monthlyUsd !== null;
}

export function choose(candidates: readonly Candidate[], policy: CapacityPolicy): Choice {
  const fitting = candidates.filter(({ faults }) => faults.length === 0);
  const comfortable = fitting.filter(({ brokers }) => (brokers ?? 0) <= policy.comfortableBrokers);
  const considered = comfortable.length > 0 ? comfortable : fitting;
  const { rank, priced } = rankOf(considered);
  const least = Math.min(...considered.map(rank));
  const near = considered.filter((candidate) => rank(candidate) <= least * (1 + policy.priceTolerance));
  // Later in the table is the newer generation, so it comes first among equals.
  const [chosen = null] = near
    .reverse()
    .sort((a, b) => (a.brokers ?? 0) - (b.brokers ?? 0) || rank(a) - rank(b) || headroomOf(b) - headroomOf(a));
  return {
    chosen: chosen === null ? null : { ...chosen, gaps: [...chosen.gaps, ...cheaperPerhaps(chosen, considered)] },
    rejected: candidates
      .filter((candidate) => candidate !== chosen)
      .map((candidate) => ({ option: candidate.option, reason: reasonAgainst(candidate, chosen, { policy, priced }) })),
  };
}

function reasonAgainst(
  candidate: Candidate,
  chosen: Candidate | null,
  { policy, priced }: { policy: CapacityPolicy; priced: boolean },
): string {
  if (candidate.faults.length > 0) return candidate.faults.slice(0, 2).join('; ');
  if (chosen === null) return 'not chosen';
  if ((candidate.brokers ?? 0) > policy.comfortableBrokers)
    return `${candidate.brokers} brokers are more than the ${policy.comfortableBrokers} that are comfortable to run`;
  if (priced) return priceReason(candidate, chosen);
  if (candidate.vcpu > chosen.vcpu) return `${candidate.vcpu} vCPU, ${chosen.vcpu} are enough`;
  return nearReason(candidate, chosen);
}

function priceReason(candidate: Candidate, chosen: Candidate): string {
  if (candidate.knownUsd === null || (isPriced(chosen) && !isPriced(candidate)))
    return `its cost is unknown: ${candidate.cost.reason ?? 'no price'}${knownPart(candidate.knownUsd)}`;
  const difference = candidate.knownUsd - (chosen.knownUsd ?? 0);
  const partly = isPriced(candidate) && isPriced(chosen) ? '' : 'by the items that have a price ';
  if (difference >= 0.5) return `${partly}${usd(difference)} dearer`;
  const saving = difference > -0.5 ? 'costs the same' : `${partly}${usd(-difference)} cheaper`;
  return `${saving}, but ${nearReason(candidate, chosen)}`;
}

/** The option whose known items cost least, where that is less than the whole bill of the chosen one. */
function cheaperPerhaps(chosen: Candidate, considered: readonly Candidate[]): readonly string[] {
  const usdOf = ({ knownUsd }: Candidate): number => knownUsd ?? Number.POSITIVE_INFINITY;
  const [least] = considered.filter((candidate) => !isPriced(candidate)).toSorted((a, b) => usdOf(a) - usdOf(b));
  return isPriced(chosen) && least !== undefined && usdOf(least) < usdOf(chosen)
    ? [`${least.option} may be cheaper, but ${priceReason(least, chosen)}`]
    : [];
}

/** What the items with a price come to; the bill is more. */
export function knownPart(knownUsd: number | null): string {
  return knownUsd === null ? '' : `; all other items cost ${usd(knownUsd)}`;
}

/** `2,786 USD a month`. */
function usd(amount: number): string {
  return `${formatCount(Math.round(amount))} USD a month`;
}

function nearReason(candidate: Candidate, chosen: Candidate): string {
  if ((candidate.brokers ?? 0) > (chosen.brokers ?? 0))
    return `${candidate.brokers} brokers to run in place of ${chosen.brokers}`;
  const tightest = bindingOf(candidate);
  return tightest === null ? 'no better' : `no more headroom: ${describeUse(tightest.use)}`;
}
