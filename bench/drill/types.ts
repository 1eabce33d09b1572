/** What a drill found, as a value: the report is rendered from it. */
import type { FaultId } from '../../lib/metrics/faults.ts';
import type { Severity } from '../../lib/metrics/types.ts';

export type DrillOutcome = 'met' | 'notMet' | 'inconclusive';

export interface AlertResult {
  readonly alert: string;
  readonly severity: Severity;
  /** Seconds from the injection until it fired; null: it did not. */
  readonly firedAfterSec: number | null;
  /** Seconds from the beginning of the healing until it was clear; null: it was not when the drill gave up. */
  readonly clearedAfterSec: number | null;
}

export interface BlockResult {
  readonly page: string;
  readonly heading: string;
  /** null: not run, for the reason in `note`. */
  readonly exitCode: number | null;
  readonly note: string;
}

export interface FaultResult {
  readonly fault: FaultId;
  /** When it was injected, ISO. */
  readonly at: string;
  readonly outcome: DrillOutcome;
  /** Why the outcome is not `met`; empty when it is. */
  readonly reasons: readonly string[];
  /** null: nothing showed that the fault was there. */
  readonly evidence: string | null;
  readonly alerts: readonly AlertResult[];
  /** What else fired and is listed as brought about by the fault. */
  readonly consequences: readonly string[];
  /** Alerts that wake somebody and that the fault does not explain. */
  readonly unexpectedPages: readonly string[];
  /** Panels with data only after a fault that had data now: `board > panel`. */
  readonly panels: readonly string[];
  readonly blocks: readonly BlockResult[];
}

export interface DrillReport {
  readonly schemaVersion: 1;
  readonly startedAt: string;
  readonly minutes: number;
  /** Every duration of the rules was divided by it. */
  readonly timeDivisor: number;
  readonly kafkaVersion: string;
  readonly brokers: number;
  readonly ratePerSec: number;
  readonly machine: string;
  readonly outcome: DrillOutcome;
  readonly faults: readonly FaultResult[];
  /** Alerts that no fault of this drill was meant to make fire, each with the reason. */
  readonly notDrilled: readonly { readonly alert: string; readonly reason: string }[];
  /** Panels that want data after a fault and had none in the whole drill. */
  readonly emptyPanels: readonly string[];
}

/** A query of a board that has data only after a fault; given by who knows the boards. */
export interface PanelQuery {
  readonly panel: string;
  readonly expression: string;
}
