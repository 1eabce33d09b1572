/** Puts the capacity report together from what was planned, compared and, where there is a run, found. */
import type { TargetOption } from '../../plan/compare.ts';
import type { Sensitivity } from '../../plan/sensitivity.ts';
import type { Plan } from '../../plan/types.ts';
import { headline } from '../headline.ts';
import type { Run } from '../types.ts';
import { capacitySummary } from './summary.ts';
import { type CapacityReport, capacitySchemaVersion, type Proof } from './types.ts';

export interface CapacityInput {
  readonly plan: Plan;
  readonly targets: readonly TargetOption[];
  readonly sensitivity: Sensitivity;
  /** Null: nothing was run. */
  readonly run: Run | null;
}

export function capacityReport({ plan, targets, sensitivity, run }: CapacityInput): CapacityReport {
  const proof = run === null ? null : proofOf(run);
  return {
    schemaVersion: capacitySchemaVersion,
    useCase: plan.useCase,
    summary: capacitySummary(plan, proof),
    proof,
    plan,
    targets,
    sensitivity,
  };
}

function proofOf(run: Run): Proof {
  const { target, startedAt } = run.environment;
  return { outcome: run.verdict.outcome, headline: headline(run), target, startedAt };
}
