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
  if (target === 'existing') return { chosen: null, candidates: [], rejected: [], impossible: [] };
  const { impossible, candidates } = models[target](input);
  const { chosen, rejected } = choose(candidates, input.policy);
  if (impossible.length > 0) return { chosen: null, candidates, rejected, impossible };
  return { chosen, candidates, rejected, impossible: chosen === null ? nothingFits(candidates) : [] };
}

/** What the candidate that comes closest lacks. */
function nothingFits(candidates: readonly Candidate[]): readonly string[] {
  const tightest = ({ normal, degraded }: Candidate): number =>
    Math.max(...[...normal, ...degraded].map(({ utilisation }) => utilisation));
  const measured = candidates.filter(({ normal }) => normal.length > 0);
  if (measured.length === 0) return ['no type of this target has all the figures that sizing needs'];
  const closest = measured.reduce((a, b) => (tightest(b) < tightest(a) ? b : a));
  return [`no type carries it; closest is ${closest.option}: ${closest.faults.join('; ')}`];
}
