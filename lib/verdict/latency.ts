/** `slo.publish.p99` and `slo.endToEnd.p99`: the worst topic, group and phase, each by its own histogram. */
import { percentileMs } from '../measurement/latency.ts';
import type { Latency, PhaseMeasurement, TopicMeasurement } from '../measurement/types.ts';
import { formatCount, formatDurationMs } from '../units.ts';
import { type Cell, cellsOfPhases, emptyCell, highestOf } from './cells.ts';
import { applyDoubts, type Doubt, lossRemark, offeredDoubt, phaseDoubts, runDoubts, unsteadyDoubt } from './doubts.ts';
import { noiseDoubt } from './host-noise.ts';
import { type Question, type Subject, upperMargin } from './question.ts';
import { requiredRatePerSec } from './rate.ts';

const quantile = 0.99;

/** One latency of a phase, with how many samples it must have. */
interface Sampled {
  readonly label: string;
  readonly latency: Latency;
  readonly expected: number;
}

type SamplesOf = (topic: TopicMeasurement, groups: readonly string[]) => readonly (Sampled | string)[];

export function latencyQuestions(subject: Subject): readonly Question[] {
  const { publishP99Ms, endToEndP99Ms } = subject.requirements.slo;
  return [
    ...(publishP99Ms === null ? [] : [ask(subject, 'publish', 'publish p99', publishP99Ms, publishSamples)]),
    ...(endToEndP99Ms === null ? [] : [ask(subject, 'endToEnd', 'end to end p99', endToEndP99Ms, endToEndSamples)]),
  ];
}

function ask(subject: Subject, slo: string, requirement: string, boundMs: number, samplesOf: SamplesOf): Question {
  return {
    id: `slo.${slo}.p99`,
    requirement,
    required: boundMs,
    unit: 'ms',
    evidence: 'measured',
    target: subject.environment.target,
    answer: () => {
      const cells = cellsOfPhases(subject, (phase) => cellsOfPhase(subject, phase, boundMs, samplesOf));
      return highestOf(cells, (foundMs) => upperMargin(boundMs, foundMs));
    },
  };
}

function publishSamples(topic: TopicMeasurement): readonly Sampled[] {
  return [{ label: topic.topic, latency: topic.publish, expected: topic.scheduled }];
}

/** Strings are groups of the plan that were not measured. */
function endToEndSamples(topic: TopicMeasurement, groups: readonly string[]): readonly (Sampled | string)[] {
  return groups.map((name) => {
    const group = topic.groups.find((candidate) => candidate.group === name);
    if (group === undefined) return `${name} was not measured`;
    return { label: name, latency: group.endToEnd, expected: topic.acknowledged };
  });
}

function cellsOfPhase(
  subject: Subject,
  phase: PhaseMeasurement,
  boundMs: number,
  samplesOf: SamplesOf,
): readonly Cell[] {
  const general = [...phaseDoubts(phase), ...runDoubts(subject)];
  const cells = subject.plan.topics.flatMap(({ name, groups }) => {
    const topic = phase.topics.find((candidate) => candidate.topic === name);
    if (topic === undefined) return [emptyCell(`${phase.phase}: ${name} was not measured`)];
    const required = requiredRatePerSec(subject, name, phase.phase);
    const doubts = [...general, ...offeredDoubt(topic.offeredPerSec, required)];
    const names = groups.map((group) => group.name);
    return samplesOf(topic, names).map((samples) =>
      typeof samples === 'string'
        ? emptyCell(`${phase.phase}: ${samples}`)
        : judgeCell(subject, phase, samples, boundMs, doubts),
    );
  });
  return cells.length > 0 ? cells : [emptyCell('no consumer group, so nothing to measure end to end')];
}

function judgeCell(
  { environment, measurement }: Subject,
  phase: PhaseMeasurement,
  { label: samplesLabel, latency, expected }: Sampled,
  boundMs: number,
  doubts: readonly Doubt[],
): Cell {
  const label = `${phase.phase}, ${samplesLabel}`;
  const p99 = percentileOfAll(latency, expected);
  if (p99 === null) return emptyCell(`${label}: no samples`);
  const { atLeastMs, isExact } = p99;
  if (atLeastMs !== null && !isExact && atLeastMs <= boundMs) {
    const missing = expected - latency.count;
    const reason = `${label}: ${formatCount(missing)} of ${formatCount(expected)} records have no sample, so p99 is not known`;
    return { value: atLeastMs, outcome: 'inconclusive', reason: reason + lossRemark(measurement) };
  }
  const isMet = atLeastMs !== null && atLeastMs <= boundMs;
  const room = atLeastMs === null ? 0 : boundMs / atLeastMs;
  const all = [...doubts, ...unsteadyDoubt(phase, room), ...clockDoubt(latency), ...fewDoubt(latency)];
  if (!isMet && atLeastMs !== null) all.push(...noiseDoubt(environment.hostNoiseP99Ms, atLeastMs - boundMs));
  const { outcome, reasons } = applyDoubts(isMet ? 'met' : 'notMet', all);
  const figure = `${label}: ${describe(p99, boundMs)} over ${formatCount(latency.count)} records`;
  return { value: atLeastMs, outcome, reason: [...reasons, figure].join('; ') + lossRemark(measurement) };
}

interface Percentile {
  /** Null: above the histogram's range. */
  readonly atLeastMs: number | null;
  /** False when the sample at this rank is missing; the figure is then the highest there is. */
  readonly isExact: boolean;
}

/** p99 over every record that must have a sample: the missing ones rank above all others, so they cannot flatter it. */
function percentileOfAll(latency: Latency, expected: number): Percentile | null {
  if (latency.count === 0) return null;
  const rank = Math.ceil(quantile * Math.max(expected, latency.count));
  return {
    atLeastMs: percentileMs(latency, Math.min(rank / latency.count, 1)),
    isExact: rank <= latency.count,
  };
}

/** Of fewer samples than this the p99 is the highest one, whatever the next would have been. */
const leastSamples = 100;

function fewDoubt({ count }: Latency): Doubt[] {
  if (count >= leastSamples) return [];
  const reason = `${formatCount(count)} samples are too few for a p99, ${leastSamples} are needed: measure longer with --measure`;
  return [{ against: 'met', reason }];
}

function clockDoubt({ negative }: Latency): Doubt[] {
  if (negative === 0) return [];
  return [{ against: 'met', reason: `${formatCount(negative)} samples are negative: the clocks disagree` }];
}

function describe({ atLeastMs, isExact }: Percentile, boundMs: number): string {
  const bound = formatDurationMs(boundMs);
  if (atLeastMs === null) return `p99 is above the histogram's range of an hour, required ${bound}`;
  const found = `${isExact ? '' : 'at least '}${formatDurationMs(atLeastMs)}`;
  return atLeastMs <= boundMs ? `p99 ${found}, required ${bound}` : `p99 ${found}, more than ${bound}`;
}
