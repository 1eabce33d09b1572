/** Verdict: one line per requirement that the file asks for (contract: design sections 5 and 7). */
export const verdictSchemaVersion = 1;

export type Outcome = 'met' | 'notMet' | 'inconclusive';
export type Evidence = 'measured' | 'predicted' | 'configured';

export interface Verdict {
  readonly schemaVersion: typeof verdictSchemaVersion;
  /** The worst line: any notMet, else any inconclusive, else met. No line at all is inconclusive. */
  readonly outcome: Outcome;
  readonly lines: readonly VerdictLine[];
  /** What only the model knows, and other remarks that are not judged. */
  readonly notes: readonly string[];
}

export interface VerdictLine {
  /** Stable, such as `slo.publish.p99` or `topics.categoryChanged.loss`. */
  readonly id: string;
  /** In the user's words: `publish p99`. */
  readonly requirement: string;
  /** The bound, as a number where it is one. */
  readonly required: number | string;
  readonly found: number | string | null;
  readonly unit: string;
  /** required / found for upper bounds, found / required for lower bounds; null where neither makes sense. */
  readonly margin: number | null;
  readonly outcome: Outcome;
  readonly evidence: Evidence;
  /** Which cluster: `local`, `existing`, or the plan's target for predictions. */
  readonly target: string;
  /** Why this outcome, with the number that decided. */
  readonly reason: string;
}
