/** `topics.<name>.rate.average` and `.peak`: the cluster took the rate that the use case states. */
import type { PhaseMeasurement, TopicMeasurement } from '../measurement/types.ts';
import { toNumber } from '../rational.ts';
import { formatDurationMs, formatPercent, formatRate } from '../units.ts';
import { achievedRatio, applyDoubts, lossRemark, offeredDoubt, phaseDoubts, runDoubts } from './doubts.ts';
import { type Answer, lowerMargin, type Question, type Subject, undecided } from './question.ts';

/**
 * A window shorter than 20 s cannot tell 0.5 % from its own edge: acknowledgements of the last slots arrive after it.
 * When every record of the window was acknowledged, it may close this far behind.
 */
const edgeMs = 250;

export function rateQuestions(subject: Subject): readonly Question[] {
  return subject.requirements.topics.flatMap(({ name, produce }) => {
    const average = ask(subject, name, 'average');
    // A peak that equals the average asks for nothing more.
    return toNumber(produce.peakPerSec) > toNumber(produce.ratePerSec)
      ? [average, ask(subject, name, 'peak')]
      : [average];
  });
}

/** What the use case states for a topic, in records per second. */
export function requiredRatePerSec({ requirements }: Subject, topic: string, phase: PhaseMeasurement['phase']): number {
  const produce = requirements.topics.find(({ name }) => name === topic)?.produce;
  if (produce === undefined) throw new RangeError(`the plan has a topic ${topic} that the use case does not name`);
  return toNumber(phase === 'average' ? produce.ratePerSec : produce.peakPerSec);
}

function ask(subject: Subject, topic: string, phase: PhaseMeasurement['phase']): Question {
  const required = requiredRatePerSec(subject, topic, phase);
  return {
    id: `topics.${topic}.rate.${phase}`,
    requirement: `${phase} rate, ${topic}`,
    required,
    unit: 'records/s',
    evidence: 'measured',
    target: subject.environment.target,
    answer: () => answer(subject, topic, phase, required),
  };
}

function answer(subject: Subject, name: string, phaseName: PhaseMeasurement['phase'], required: number): Answer {
  const phase = subject.measurement.phases.find((candidate) => candidate.phase === phaseName);
  if (phase === undefined) return undecided(`the ${phaseName} phase was not measured`);
  const topic = phase.topics.find((candidate) => candidate.topic === name);
  if (topic === undefined) return undecided(`${name} was not measured in the ${phaseName} phase`);
  const { scheduled } = topic;
  const isUnanswered = subject.plan.topics.find((plan) => plan.name === name)?.producer.acks === '0';
  const achievedPerSec = topic.achievedPerSec * (isUnanswered ? deliveredShare(topic) : 1);
  if (scheduled === 0 || !Number.isFinite(achievedPerSec)) return undecided('no record was due in the measured window');
  const isMet = achievedPerSec >= required * achievedRatio || closesBehindOnly(topic, phase, achievedPerSec, required);
  const doubts = [...phaseDoubts(phase), ...offeredDoubt(topic.offeredPerSec, required)];
  if (isUnanswered && topic.groups.length === 0) doubts.push(unansweredDoubt);
  const { outcome, reasons } = applyDoubts(isMet ? 'met' : 'notMet', [...doubts, ...runDoubts(subject)]);
  const figure = `${formatRate(achievedPerSec)} ${isUnanswered ? 'delivered' : 'acknowledged'} of ${formatRate(required)}, ${formatPercent(achievedPerSec / required)}`;
  const least = formatPercent(achievedRatio);
  const rule =
    achievedPerSec >= required * achievedRatio
      ? `at least ${least} required`
      : isMet
        ? `below ${least}, but every record was acknowledged and the window closed at most ${formatDurationMs(edgeMs)} behind`
        : `at least ${least} required`;
  return {
    found: achievedPerSec,
    margin: lowerMargin(required, achievedPerSec),
    outcome,
    reason: [...reasons, figure, ...curveRemark(subject, phaseName), rule].join('; ') + lossRemark(subject.measurement),
  };
}

/** The rate is that of the whole window; how it changed meanwhile belongs to the figure. */
function curveRemark({ environment }: Subject, phase: PhaseMeasurement['phase']): readonly string[] {
  const { curve } = environment.harness;
  return phase === 'average' && curve !== undefined ? [`over the whole window, along ${curve}`] : [];
}

function closesBehindOnly(
  topic: TopicMeasurement,
  phase: PhaseMeasurement,
  achievedPerSec: number,
  required: number,
): boolean {
  const behindMs = (1 - achievedPerSec / required) * phase.measuredMs;
  return topic.acknowledged >= topic.scheduled && behindMs <= edgeMs;
}

/** With acks 0 nobody answers: "acknowledged" means handed to the socket, and only what the slowest group read was delivered. */
function deliveredShare({ groups, acknowledged }: TopicMeasurement): number {
  if (groups.length === 0 || acknowledged === 0) return 1;
  return Math.min(1, ...groups.map(({ received }) => received / acknowledged));
}

const unansweredDoubt = {
  against: 'met',
  reason: 'with acks 0 records are only handed to the socket, and no consumer read them back',
} as const;
