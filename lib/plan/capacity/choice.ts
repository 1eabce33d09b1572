/** The choice among the candidates: cheapest, but not at the price of dozens of small brokers. */
import { bindingOf, type Candidate, describeUse, headroomOf } from './candidate.ts';
import type { CapacityPolicy } from './policy.ts';

export interface Choice {
  /** Null: no candidate can carry the use case. */
  readonly chosen: Candidate | null;
  readonly rejected: readonly { readonly option: string; readonly reason: string }[];
}

/** What is known of the bill, where any bill is known; otherwise vCPU. A candidate without a price never wins by a guess. */
function rankOf(candidates: readonly Candidate[]): { rank: (candidate: Candidate) => number; priced: boolean } {
  const priced = candidates.some(({ knownUsd }) => knownUsd !== null);
  return priced
    ? { priced, rank: ({ knownUsd }) => knownUsd ?? Number.POSITIVE_INFINITY }
    : { priced, rank: ({ vcpu }) => vcpu };
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
    chosen,
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
  if (candidate.knownUsd === null) return `its cost is unknown: ${candidate.cost.reason ?? 'no price'}`;
  const difference = candidate.knownUsd - (chosen.knownUsd ?? 0);
  if (difference >= 0.5) return `${Math.round(difference)} USD a month dearer`;
  const saving = difference > -0.5 ? 'costs the same' : `${Math.round(-difference)} USD a month cheaper`;
  return `${saving}, but ${nearReason(candidate, chosen)}`;
}

function nearReason(candidate: Candidate, chosen: Candidate): string {
  if ((candidate.brokers ?? 0) > (chosen.brokers ?? 0))
    return `${candidate.brokers} brokers to run in place of ${chosen.brokers}`;
  const tightest = bindingOf(candidate);
  return tightest === null ? 'no better' : `no more headroom: ${describeUse(tightest.use)}`;
}
