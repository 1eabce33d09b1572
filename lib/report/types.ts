/** A finished run, as its folder holds it; every renderer takes this one value. */
import type { Environment, Measurement } from '../measurement/types.ts';
import type { Plan } from '../plan/types.ts';
import type { Verdict } from '../verdict/types.ts';

export interface Run {
  readonly plan: Plan;
  readonly environment: Environment;
  readonly measurement: Measurement;
  readonly verdict: Verdict;
}
