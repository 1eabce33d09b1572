/** `limit.rate`: whether the highest sustained rate reaches the peaks of the use case. */
import { notSeenWords } from '../measurement/limit/seen.ts';
import type { LimitAnswer, LimitMeasurement } from '../measurement/limit/types.ts';
import { formatRate } from '../units.ts';
import { applyDoubts, type Doubt, lossRemark, runDoubts } from './doubts.ts';
import { type Answer, lowerMargin, type Question, type Subject, undecided } from './question.ts';
import type { Outcome } from './types.ts';

/** A use case whose limit was not searched for asks nothing here. */
export function limitQuestions(subject: Subject): readonly Question[] {
  const { limit } = subject.measurement;
  if (limit === undefined) return [];
  return [
    {
      id: 'limit.rate',
      requirement: 'sustainable rate',
      required: limit.peakPerSec,
      unit: 'records/s',
      evidence: 'measured',
      target: subject.environment.target,
      answer: () => answer(subject, limit),
    },
  ];
}

function answer(subject: Subject, limit: LimitMeasurement): Answer {
  if (limit.probes.length === 0) return undecided('no rate was tried');
  const found = sustainedPerSec(limit.answer);
  const { outcome, reasons } = applyDoubts(outcomeOf(limit, found), [...harnessDoubt(limit), ...runDoubts(subject)]);
  return {
    found: found ?? (limit.answer.kind === 'none' ? `below ${formatRate(limit.answer.belowPerSec)}` : null),
    margin: found === null ? null : lowerMargin(limit.peakPerSec, found),
    outcome,
    reason: [...reasons, described(limit.answer), ...causeWords(limit)].join('; ') + lossRemark(subject.measurement),
  };
}

/** The highest rate that was sustained; null: none was. */
function sustainedPerSec(given: LimitAnswer): number | null {
  if (given.kind === 'none') return null;
  return given.kind === 'unresolved' ? given.lowPerSec : given.ratePerSec;
}

/** The lowest rate that was not sustained; null: every rate tried was. */
function failedPerSec(given: LimitAnswer): number | null {
  if (given.kind === 'none') return given.belowPerSec;
  return given.kind === 'atOrAbove' ? null : given.highPerSec;
}

function outcomeOf({ answer: given, probes, peakPerSec }: LimitMeasurement, found: number | null): Outcome {
  const failed = failedPerSec(given);
  if (failed !== null && failed <= peakPerSec) return 'notMet';
  if (found === null || found < peakPerSec) return 'inconclusive';
  // An answer is confirmed; without one, a single short probe is not enough.
  const held = probes.filter(({ sustained, ratePerSec }) => sustained && ratePerSec >= peakPerSec);
  return given.kind !== 'unresolved' || held.length > 1 ? 'met' : 'inconclusive';
}

function harnessDoubt({ cause }: LimitMeasurement): Doubt[] {
  if (cause.place === 'client')
    return [{ against: 'notMet', reason: 'the load generator, not the cluster, was the limit' }];
  if (cause.place === 'otherWork')
    return [{ against: 'notMet', reason: 'the machine was busy with something else than brokers and generator' }];
  return [];
}

function described(given: LimitAnswer): string {
  switch (given.kind) {
    case 'none':
      return `not even ${formatRate(given.belowPerSec)}, the lowest rate of the range, was sustained`;
    case 'atOrAbove':
      return `${formatRate(given.ratePerSec)}, the highest rate of the range, was sustained`;
    case 'rate':
      return `${formatRate(given.ratePerSec)} was sustained and confirmed, ${formatRate(given.highPerSec)} was not`;
    case 'unresolved': {
      const { lowPerSec, highPerSec } = given;
      const low = lowPerSec === null ? 'no rate was sustained yet' : `${formatRate(lowPerSec)} was sustained`;
      const high = highPerSec === null ? 'none has failed' : `${formatRate(highPerSec)} was not`;
      return `the search ended before it had an answer: ${low}, ${high}`;
    }
  }
}

function causeWords({ cause, probes }: LimitMeasurement): readonly string[] {
  return [...cause.evidence.slice(0, 2), ...notSeenWords(probes)];
}
