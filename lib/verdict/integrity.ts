/** `topics.<name>.loss`, `.duplicates`, `.order`: what the ids of every record say. */
import type { GroupIntegrity, TopicIntegrity } from '../measurement/types.ts';
import type { TopicRequirement } from '../requirements/types.ts';
import { formatCount } from '../units.ts';
import { phaseNames } from './cells.ts';
import { applyDoubts, brokersLost, type Doubt, lossRemark, runDoubts } from './doubts.ts';
import { type Answer, type Question, type Subject, undecided } from './question.ts';

interface Guaranteed {
  readonly id: 'loss' | 'duplicates' | 'order';
  readonly requirement: string;
  readonly countOf: (group: GroupIntegrity) => number;
  /** What follows the count in a reason. */
  readonly offence: string;
}

const guarantees: Readonly<Record<Guaranteed['id'], Guaranteed>> = {
  loss: {
    id: 'loss',
    requirement: 'records lost',
    countOf: ({ lost }) => lost,
    offence: 'were never read',
  },
  duplicates: {
    id: 'duplicates',
    requirement: 'records duplicated',
    countOf: ({ duplicates }) => duplicates,
    offence: 'stand more than once in the log',
  },
  order: {
    id: 'order',
    requirement: 'records out of order',
    countOf: ({ orderInversions }) => orderInversions,
    offence: 'were read after a later one of the same key',
  },
};

export function integrityQuestions(subject: Subject): readonly Question[] {
  return subject.requirements.topics.flatMap((topic) => [
    ...guaranteedOf(topic).map((guaranteed) => ask(subject, topic, guaranteed)),
    ...offsetQuestions(subject, topic),
  ]);
}

function guaranteedOf({ guarantee }: TopicRequirement): readonly Guaranteed[] {
  return [
    ...(guarantee.loss === 'allowed' ? [] : [guarantees.loss]),
    ...(guarantee.duplicates === 'never' ? [guarantees.duplicates] : []),
    ...(guarantee.order === 'key' ? [guarantees.order] : []),
  ];
}

function ask(subject: Subject, topic: TopicRequirement, guaranteed: Guaranteed): Question {
  const lossAccepted = guaranteed.id === 'loss' && topic.guarantee.loss === 'leaderFailure';
  return {
    id: `topics.${topic.name}.${guaranteed.id}`,
    requirement: `${guaranteed.requirement}${lossAccepted ? ' without a leader failure' : ''}, ${topic.name}`,
    required: 0,
    unit: 'records',
    evidence: 'measured',
    target: subject.environment.target,
    answer: () => answer(subject, topic, guaranteed, lossAccepted),
  };
}

function answer(subject: Subject, topic: TopicRequirement, guaranteed: Guaranteed, lossAccepted: boolean): Answer {
  if (guaranteed.id === 'order' && topic.message.key === null)
    return undecided('records without a key go to any partition: there is no order per key to see');
  const integrity = integrityOf(subject, topic.name);
  if (integrity === undefined) return undecided(`the ids of ${topic.name} were not checked`);
  if (integrity.acknowledged === 0) return undecided('no record was acknowledged');
  if (guaranteed.id === 'order' && integrity.orderUnknown !== undefined) return undecided(integrity.orderUnknown);
  const [first, ...rest] = integrity.groups;
  if (first === undefined) return undecided('no group read the records back');
  const worst = rest.reduce((a, b) => (guaranteed.countOf(b) > guaranteed.countOf(a) ? b : a), first);
  const found = guaranteed.countOf(worst);
  if (!Number.isFinite(found)) return undecided(`no count of ${guaranteed.requirement}`);
  const isAccepted = lossAccepted && brokersLost(subject.measurement).length > 0;
  const doubts = found === 0 ? readingDoubts(subject, integrity) : [];
  const { outcome, reasons } = applyDoubts(found === 0 || isAccepted ? 'met' : 'notMet', doubts);
  const figure = `${formatCount(found)} of ${formatCount(integrity.acknowledged)} acknowledged records ${guaranteed.offence}`;
  return {
    found,
    margin: null,
    outcome,
    reason:
      [
        ...reasons,
        found === 0 ? figure : `${figure} (${worst.group})`,
        ...(found > 0 && isAccepted ? ['accepted, since a leader failed'] : []),
        ...worst.examples.slice(0, found === 0 ? 0 : 3),
        ...remarks(guaranteed, integrity, worst),
      ].join('; ') + lossRemark(subject.measurement),
  };
}

/** What keeps a clean count from being a pass. */
function readingDoubts(subject: Subject, integrity: TopicIntegrity): Doubt[] {
  const planned = subject.plan.topics.find(({ name }) => name === integrity.topic)?.groups ?? [];
  const unread = planned.filter(({ name }) => !integrity.groups.some(({ group }) => group === name));
  const { limit, phases: measured } = subject.measurement;
  const phases = limit === undefined ? phaseNames.filter((name) => !measured.some(({ phase }) => phase === name)) : [];
  const against = (reason: string): Doubt => ({ against: 'met', reason });
  return [
    ...runDoubts(subject),
    ...phases.map((phase) => against(`the ${phase} phase did not run`)),
    ...unread.map(({ name }) => against(`${name} did not read`)),
    ...integrity.groups
      .filter(({ unseen }) => unseen > 0)
      .map(({ group, unseen }) => against(`${formatCount(unseen)} records not read yet when ${group} stopped`)),
    ...integrity.groups
      .filter(({ received, lost, unseen }) => received + lost + unseen < integrity.acknowledged)
      .map(({ group }) => against(`the counts of ${group} do not add up to the records acknowledged`)),
  ];
}

function remarks(guaranteed: Guaranteed, { unknown }: TopicIntegrity, { redelivered }: GroupIntegrity): string[] {
  if (guaranteed.id === 'loss' && unknown > 0) return [`${formatCount(unknown)} more were sent with unknown outcome`];
  if (guaranteed.id === 'duplicates' && redelivered > 0)
    return [`${formatCount(redelivered)} redelivered, which is no duplicate in the log`];
  return [];
}

/** Acknowledgements that contradict the log are wrong whatever was promised; a line appears only when there are any. */
function offsetQuestions(subject: Subject, { name }: TopicRequirement): readonly Question[] {
  const integrity = integrityOf(subject, name);
  const found = (integrity?.offsetCollisions ?? 0) + (integrity?.missingAckEntries ?? 0);
  if (integrity === undefined || found === 0) return [];
  const reason = [
    `${formatCount(integrity.offsetCollisions)} offsets with two records`,
    `${formatCount(integrity.missingAckEntries)} sends resolved without an acknowledgement of a partition they carried`,
  ].join('; ');
  return [
    {
      id: `topics.${name}.acknowledgements`,
      requirement: `acknowledgements that contradict the log, ${name}`,
      required: 0,
      unit: 'records',
      evidence: 'measured',
      target: subject.environment.target,
      answer: () => ({ found, margin: null, outcome: 'notMet', reason: reason + lossRemark(subject.measurement) }),
    },
  ];
}

function integrityOf({ measurement }: Subject, topic: string): TopicIntegrity | undefined {
  return measurement.integrity.find((candidate) => candidate.topic === topic);
}
