/** What a nightly run came to, in one small object: written whatever happens, read by whoever waits for it. */
import { exitCodes } from '../lib/errors.ts';
import { worstOutcome } from '../lib/verdict/merge.ts';
import type { Outcome } from '../lib/verdict/types.ts';

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

/** Of several workers: the worst decides; one without an outcome makes the run inconclusive at best, and unclean. */
export function mergeOutcomes(
  found: readonly (NightlyOutcome | null)[],
  own: NightlyOutcome,
  results: string,
): NightlyOutcome {
  const there = found.filter((one) => one !== null);
  const outcome = worstOutcome(found.map((one) => one?.outcome ?? 'inconclusive'));
  const decided = there.find((one) => one.outcome === outcome);
  const texts = found.map((one, index) => `worker ${index}\n${one?.summary ?? 'gave no outcome'}`);
  return {
    ...own,
    outcome,
    exitCode: decided?.exitCode ?? exitCodes.inconclusive,
    summary: shortSummary(texts.join('\n\n')),
    isClean: there.length === found.length && there.every(({ isClean }) => isClean),
    results,
  };
}
