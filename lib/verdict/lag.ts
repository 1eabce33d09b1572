/** `slo.lag.max`: the highest lag of any group in any phase, in records. */
import type { GroupMeasurement, PhaseMeasurement } from '../measurement/types.ts';
import { formatCount } from '../units.ts';
import { type Cell, cellsOfPhases, emptyCell, highestOf } from './cells.ts';
import { applyDoubts, type Doubt, lossRemark, offeredDoubt, phaseDoubts, runDoubts, unsteadyDoubt } from './doubts.ts';
import { type Question, type Subject, upperMargin } from './question.ts';
import { requiredRatePerSec } from './rate.ts';

export function lagQuestions(subject: Subject): readonly Question[] {
  const bound = subject.requirements.slo.lagMaxRecords;
  if (bound === null) return [];
  return [
    {
      id: 'slo.lag.max',
      requirement: 'consumer lag',
      required: bound,
      unit: 'records',
      evidence: 'measured',
      target: subject.environment.target,
      answer: () => {
        const cells = cellsOfPhases(subject, (phase) => cellsOfPhase(subject, phase, bound));
        return highestOf(cells, (found) => upperMargin(bound, found));
      },
    },
  ];
}

function cellsOfPhase(subject: Subject, phase: PhaseMeasurement, bound: number): readonly Cell[] {
  const general = [...phaseDoubts(phase), ...runDoubts(subject)];
  const cells = subject.plan.topics.flatMap(({ name, groups }) => {
    const topic = phase.topics.find((candidate) => candidate.topic === name);
    return groups.map(({ name: groupName }) => {
      const label = `${phase.phase}, ${groupName}`;
      const group = topic?.groups.find((candidate) => candidate.group === groupName);
      if (topic === undefined || group === undefined) return emptyCell(`${label}: not measured`);
      const required = requiredRatePerSec(subject, name, phase.phase);
      const doubts = [...general, ...offeredDoubt(topic.offeredPerSec, required), ...nothingRead(topic.acknowledged)];
      const unsteady = unsteadyDoubt(phase, bound / Math.max(group.maxLag ?? bound, 1));
      return judgeGroup(label, group, bound, [...doubts, ...unsteady], lossRemark(subject.measurement));
    });
  });
  return cells.length > 0 ? cells : [emptyCell('no consumer group, so no lag')];
}

function judgeGroup(
  label: string,
  { maxLag, drainedMs }: GroupMeasurement,
  bound: number,
  doubts: readonly Doubt[],
  remark: string,
): Cell {
  if (maxLag === null || !Number.isFinite(maxLag)) return emptyCell(`${label}: lag was never sampled`);
  const stuck: readonly Doubt[] =
    drainedMs === null ? [{ against: 'met', reason: 'the group never caught up after the last record' }] : [];
  const isMet = maxLag <= bound;
  const { outcome, reasons } = applyDoubts(isMet ? 'met' : 'notMet', [...doubts, ...stuck]);
  const figure = `${label}: ${formatCount(maxLag)} records behind at most, ${isMet ? 'required' : 'more than'} ${formatCount(bound)}`;
  return { value: maxLag, outcome, reason: [...reasons, figure].join('; ') + remark };
}

/** Without records the lag is zero whatever the consumers do. */
function nothingRead(acknowledged: number): Doubt[] {
  return acknowledged > 0 ? [] : [{ against: 'met', reason: 'no record was acknowledged' }];
}
