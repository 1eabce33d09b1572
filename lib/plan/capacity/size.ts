/** Sizes one target for a demand: every candidate judged, one chosen, each other with the reason it was not. */
import type { Target } from '../../requirements/types.ts';
import type { Candidate } from './candidate.ts';
import { choose } from './choice.ts';
import { ec2Candidates } from './ec2.ts';
import { expressCandidates } from './msk-express.ts';
import { serverlessCandidates } from './msk-serverless.ts';
import { standardCandidates } from './msk-standard.ts';
import type { Candidates, SizingInput } from './sizing.ts';

export interface Sizing {
  /** Null: nothing to choose (an existing cluster), or nothing fits. */
  readonly chosen: Candidate | null;
  /** The chosen one, or the one that misses by least; null: nothing could be judged. */
  readonly closest: Candidate | null;
  readonly candidates: readonly Candidate[];
  readonly rejected: readonly { readonly option: string; readonly reason: string }[];
  /** Why the target cannot run the use case; empty: it can. */
  readonly impossible: readonly string[];
}

const models: Readonly<Record<Exclude<Target, 'existing'>, (input: SizingInput) => Candidates>> = {
  msk: standardCandidates,
  'msk-express': expressCandidates,
  'msk-serverless': serverlessCandidates,
  ec2: ec2Candidates,
};

export function sizeTarget(target: Target, input: SizingInput): Sizing {
  if (target === 'existing') return { chosen: null, closest: null, candidates: [], rejected: [], impossible: [] };
  const { impossible, candidates, excluded } = models[target](input);
  const choice = choose(candidates, input.policy);
  const rejected = [...choice.rejected, ...excluded];
  const closest = choice.chosen ?? closestOf(candidates);
  const reasons = impossible.length > 0 || choice.chosen !== null ? impossible : [nothingFits(closest)];
  return { chosen: reasons.length > 0 ? null : choice.chosen, closest, candidates, rejected, impossible: reasons };
}

function closestOf(candidates: readonly Candidate[]): Candidate | null {
  const tightest = ({ normal, degraded }: Candidate): number =>
    Math.max(...[...normal, ...degraded].map(({ utilisation }) => utilisation));
  const judged = candidates.filter(({ normal }) => normal.length > 0);
  return judged.length === 0 ? null : judged.reduce((a, b) => (tightest(b) < tightest(a) ? b : a));
}

function nothingFits(closest: Candidate | null): string {
  return closest === null
    ? 'no type of this target has all the figures that sizing needs'
    : `no type carries it; closest is ${closest.option}: ${closest.faults.join('; ')}`;
}
