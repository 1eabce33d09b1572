/** Puts the capacity report together from what was planned, compared and, where there is a run, found. */
import { runObservations } from '../../experiment/run-observations.ts';
import { type CpuCheck, cpuChecks } from '../../plan/calibration/cpu-checks.ts';
import { notOfThisMachine } from '../../plan/calibration/predict.ts';
import type { Calibration } from '../../plan/calibration/types.ts';
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
  /** Null: nothing was calibrated. */
  readonly calibration: Calibration | null;
}

export function capacityReport({ plan, targets, sensitivity, run, calibration }: CapacityInput): CapacityReport {
  const proof = run === null ? null : proofOf(run);
  return {
    schemaVersion: capacitySchemaVersion,
    useCase: plan.useCase,
    summary: capacitySummary(plan, proof),
    proof,
    plan,
    targets,
    sensitivity,
    ...(calibration === null || run === null ? {} : { cpuChecks: checksOf(calibration, run) }),
  };
}

/** None of a run that another machine made: a core of it is another one. */
function checksOf(calibration: Calibration, run: Run): readonly CpuCheck[] {
  if (notOfThisMachine(calibration.machine, run.environment.host) !== null) return [];
  return cpuChecks(calibration, runObservations(run));
}

function proofOf(run: Run): Proof {
  const { target, startedAt } = run.environment;
  return { outcome: run.verdict.outcome, headline: headline(run), target, startedAt };
}
