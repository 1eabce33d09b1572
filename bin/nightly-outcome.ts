/** What a nightly run came to, in one small object: written whatever happens, read by whoever waits for it. */
import type { Outcome } from '../lib/verdict/types.ts';

/** Written last, whatever happened. */
export const outcomeFile = 'outcome.json';

export interface NightlyOutcome {
  readonly schemaVersion: 1;
  readonly useCase: string;
  /** Inconclusive also when the run broke off: missing data is never a pass. */
  readonly outcome: Outcome;
  /** Of the command. */
  readonly exitCode: number;
  /** The verdict in words, or the error; short enough for a mail. */
  readonly summary: string;
  /** False: topics or groups of the run may be left on the cluster. */
  readonly isClean: boolean;
  readonly startedAt: string;
  readonly endedAt: string;
  /** Where everything is; null when the run broke off before it wrote anything. */
  readonly results: string | null;
}

/** SNS takes 256 KiB, a reader far less. */
const summaryLength = 8_000;

export function shortSummary(text: string): string {
  return text.length <= summaryLength ? text : `${text.slice(0, summaryLength)}\n...`;
}
