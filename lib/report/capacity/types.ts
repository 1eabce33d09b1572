/** The capacity report of a use case; every renderer takes this one value, and capacity.json is it. */
import type { CpuCheck } from '../../plan/calibration/cpu-checks.ts';
import type { TargetOption } from '../../plan/compare.ts';
import type { Sensitivity } from '../../plan/sensitivity.ts';
import type { Plan } from '../../plan/types.ts';
import type { Outcome } from '../../verdict/types.ts';

export const capacitySchemaVersion = 1;

export interface CapacityReport {
  readonly schemaVersion: typeof capacitySchemaVersion;
  readonly useCase: string;
  readonly summary: CapacitySummary;
  /** What a run found; null: nothing was run. */
  readonly proof: Proof | null;
  readonly plan: Plan;
  readonly targets: readonly TargetOption[];
  readonly sensitivity: Sensitivity;
  /** What the calibration predicted of the run's CPU against what was measured; only where there are both. */
  readonly cpuChecks?: readonly CpuCheck[];
}

/** What a run said, and when and where. */
export interface Proof {
  readonly outcome: Outcome;
  /** Such as `all 9 requirements met`. */
  readonly headline: string;
  readonly target: string;
  readonly startedAt: string;
}

/** `fits`: planned and proven; `planned`: nothing was proven, or not all of it; `missed`: something asked for is not met. */
export type CapacityState = 'fits' | 'planned' | 'missed';

/** The page for somebody who reads nothing else. */
export interface CapacitySummary {
  readonly state: CapacityState;
  /** Without a final stop. */
  readonly verdict: string;
  /** Such as `3 brokers kafka.m7g.large in 3 zones`; null: nothing fits, or there is nothing to choose. */
  readonly cluster: string | null;
  readonly headroom: Headroom | null;
  /** The first month in which something planned no longer suffices; null: none within the months planned. */
  readonly runsOut: RunsOut | null;
  /** Months that were looked at. */
  readonly monthsPlanned: number;
  readonly monthlyUsd: number | null;
  /** Date of the prices, or why there is no cost. */
  readonly costBasis: string;
  readonly risks: readonly Risk[];
  readonly assumptions: readonly string[];
}

export interface Headroom {
  /** 1 - used / limit of the most used resource with every broker; after the loss, where one is to be survived. */
  readonly today: number;
  readonly binds: string;
  readonly afterLoss: number | null;
  readonly bindsAfterLoss: string | null;
}

export interface RunsOut {
  readonly month: number;
  /** Each limit reached in that month, with what to change then. */
  readonly limits: readonly string[];
}

export interface Risk {
  readonly risk: string;
  /** What to do about it; empty: nothing but to know it. */
  readonly remedy: string;
}
