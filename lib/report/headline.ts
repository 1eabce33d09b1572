/** The verdict in one sentence, for somebody who reads nothing else. */
import { formatCount, formatPercent } from '../units.ts';
import type { Outcome, VerdictLine } from '../verdict/types.ts';
import { boundOf, figureText, foundText, marginText, outcomeWords, requiredText } from './figures.ts';
import type { Run } from './types.ts';

const outcomes: readonly Outcome[] = ['met', 'notMet', 'inconclusive'];

/** `9 met, 0 not met, 0 inconclusive`. */
export function countsText({ verdict }: Run): string {
  return outcomes.map((outcome) => `${count(verdict.lines, outcome)} ${outcomeWords[outcome]}`).join(', ');
}

/** `9 met, 1 not met: publish p99 is 3.2 ms, required <= 0.1 ms: 32x over`. Without a final stop. */
export function headline(run: Run): string {
  const { lines, outcome } = run.verdict;
  if (lines.length === 0) return 'nothing was judged';
  const decisive = lines.filter((line) => line.outcome === outcome);
  const [first] = decisive;
  if (first === undefined || outcome === 'met') return `all ${lines.length} requirements met${tightest(run)}`;
  const counted = outcomes
    .filter((candidate) => count(lines, candidate) > 0)
    .map((candidate) => `${count(lines, candidate)} ${outcomeWords[candidate]}`)
    .join(', ');
  const more = decisive.length > 1 ? `; and ${decisive.length - 1} more` : '';
  return `${counted}: ${outcome === 'notMet' ? missText(first, run) : doubtText(first)}${more}`;
}

/** `publish p99 is 3.2 ms, required <= 0.1 ms: 32x over`. */
export function missText(line: VerdictLine, run: Run): string {
  if (typeof line.required === 'string') return `${line.requirement}: ${line.reason}`;
  const miss = byHowMuch(line);
  return `${line.requirement} is ${foundText(line, run)}, required ${requiredText(line)}${miss === '' ? '' : `: ${miss}`}`;
}

/** The reason of an inconclusive line, without what follows its first part. */
function doubtText({ requirement, reason }: VerdictLine): string {
  return `${requirement}: ${reason.split('; ')[0]}`;
}

function byHowMuch(line: VerdictLine): string {
  const { required, found, unit } = line;
  if (typeof required !== 'number' || typeof found !== 'number') return '';
  switch (boundOf(line)) {
    case 'upper': {
      const ratio = found / required;
      return ratio >= 2 ? `${formatCount(Math.round(ratio))}x over` : `${formatPercent(ratio - 1)} over`;
    }
    case 'lower':
      return `${formatPercent(1 - found / required)} short`;
    case 'around':
      return `${figureText(Math.abs(found) - required, unit).replace('+', '')} outside`;
    case 'exact':
      return '';
  }
}

/** Where the room is least, of the bounds that have room at all. */
function tightest(run: Run): string {
  const lines = run.verdict.lines.filter((line) => line.margin !== null && boundOf(line) === 'upper');
  const [first, ...rest] = lines;
  if (first === undefined) return '';
  const least = rest.reduce((a, b) => ((b.margin ?? 0) < (a.margin ?? 0) ? b : a), first);
  return `; the tightest is ${least.requirement} with ${foundText(least, run)}, required ${requiredText(least)}: ${marginText(least)} margin`;
}

function count(lines: readonly VerdictLine[], outcome: Outcome): number {
  return lines.filter((line) => line.outcome === outcome).length;
}
