/**
 * `storage.provisioned`: the disks planned hold what is required and what will really be there.
 * `storage.formula`: the prediction against the disk of a real broker, in a topic scaled in time (design section 7).
 */
import type { RetentionMeasurement } from '../measurement/types.ts';
import { formatBytes, formatCount, formatRate, formatSignedPercent } from '../units.ts';
import { achievedRatio, applyDoubts, brokersLost, type Doubt, lossRemark, runDoubts } from './doubts.ts';
import { type Answer, lowerMargin, type Question, type Subject, undecided, upperMargin } from './question.ts';

/** The prediction may be off by this much either way. */
export const storageTolerancePercent = 3;

/** Fewer deletions than this show no steady state (measuring.md 16). */
const leastSegmentsDeleted = 2;

export function storageQuestions(subject: Subject): readonly Question[] {
  // Only a topic that deletes by age has a formula to hold against the disk.
  const deletes = subject.plan.topics.some(({ config }) => config['cleanup.policy'] === 'delete');
  return [...provisionedQuestion(subject), ...(deletes ? [formulaQuestion(subject)] : [])];
}

function provisionedQuestion({ plan }: Subject): readonly Question[] {
  const { provisionedBytesPerBroker, requiredBytes, onDiskBytes } = plan.storage;
  if (provisionedBytesPerBroker === null) return [];
  const required = Math.max(requiredBytes, onDiskBytes);
  const found = provisionedBytesPerBroker * plan.cluster.brokers;
  return [
    {
      id: 'storage.provisioned',
      requirement: 'storage provisioned',
      required,
      unit: 'bytes',
      evidence: 'predicted',
      target: plan.cluster.target,
      answer: () => ({
        found,
        margin: lowerMargin(required, found),
        outcome: found >= required ? 'met' : 'notMet',
        reason: `${plan.cluster.brokers} brokers with ${formatBytes(provisionedBytesPerBroker)} each; ${formatBytes(requiredBytes)} required, up to ${formatBytes(onDiskBytes)} on disk`,
      }),
    },
  ];
}

function formulaQuestion(subject: Subject): Question {
  const { retention } = subject.measurement;
  return {
    id: 'storage.formula',
    requirement: 'storage formula',
    required: storageTolerancePercent,
    unit: '%',
    evidence: 'measured',
    target: subject.environment.target,
    answer: () =>
      retention === null
        ? undecided('retention on disk was not measured, see the notes of the run')
        : judgeFormula(subject, retention),
  };
}

function judgeFormula(subject: Subject, retention: RetentionMeasurement): Answer {
  const { predictedBytes, foundBytes, samples, segmentsDeleted } = retention;
  if (foundBytes === null || samples.length === 0) return undecided('the disk was never sampled');
  if (!(predictedBytes > 0) || !(foundBytes > 0)) return undecided('there is nothing on disk or nothing predicted');
  const deviation = foundBytes / predictedBytes - 1;
  const found = deviation * 100;
  const isMet = Math.abs(found) <= storageTolerancePercent;
  const doubts: Doubt[] = [...runDoubts(subject), ...fillDoubts(retention)];
  if (segmentsDeleted < leastSegmentsDeleted) {
    const reason = `only ${formatCount(segmentsDeleted)} segments were deleted on some partition, ${leastSegmentsDeleted} are needed`;
    doubts.push({ against: 'both', reason });
  }
  if (brokersLost(subject.measurement).length > 0) {
    doubts.push({ against: 'both', reason: 'the replicas of a lost broker are missing from the sum' });
  }
  const { outcome, reasons } = applyDoubts(isMet ? 'met' : 'notMet', doubts);
  const figure = `${formatBytes(foundBytes)} on disk, ${formatBytes(predictedBytes)} predicted: ${formatSignedPercent(deviation)}`;
  const bound = `${isMet ? 'within' : 'more than'} ${storageTolerancePercent} %`;
  return {
    found,
    margin: upperMargin(storageTolerancePercent, Math.abs(found)),
    outcome,
    reason: [...reasons, `${figure}, ${bound}`].join('; ') + lossRemark(subject.measurement),
  };
}

/**
 * What was not written cannot be on disk. A rate a little short explains a miss; short by more than the tolerance, it would
 * make up for too much on disk, too.
 */
function fillDoubts({ achievedPerSec, ratePerSec }: RetentionMeasurement): Doubt[] {
  if (achievedPerSec === null) return [{ against: 'both', reason: 'how much was written is not known' }];
  if (achievedPerSec >= ratePerSec * achievedRatio) return [];
  const hidesAnything = achievedPerSec < ratePerSec * (1 - storageTolerancePercent / 100);
  const reason = `the disk was filled at ${formatRate(achievedPerSec)}, the prediction is for ${formatRate(ratePerSec)}`;
  return [{ against: hidesAnything ? 'both' : 'notMet', reason }];
}
