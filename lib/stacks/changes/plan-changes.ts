/** What two plans change that no template shows: the settings of clients, and the topics of targets whose templates hold none. */
import type { Plan, TopicPlan } from '../../plan/types.ts';
import { judgeTopic } from './topic-updates.ts';
import type { Change } from './types.ts';

/** Targets whose topics are resources; elsewhere a client or a broker makes them. */
const topicsInTemplates = ['msk', 'msk-express'];

export function planChanges(before: Plan, after: Plan): readonly Change[] {
  const olds = new Map(before.topics.map((topic) => [topic.name, topic]));
  const kept = after.topics.flatMap((topic) => {
    const old = olds.get(topic.name);
    return old === undefined ? [] : [{ old, topic }];
  });
  const clients = kept.flatMap(({ old, topic }) => clientChanges(old, topic));
  return topicsInTemplates.includes(after.cluster.target)
    ? clients
    : [...topicChanges(before, after, kept), ...clients];
}

interface Pair {
  readonly old: TopicPlan;
  readonly topic: TopicPlan;
}

function topicChanges(before: Plan, after: Plan, kept: readonly Pair[]): readonly Change[] {
  const names = (plan: Plan): readonly string[] => plan.topics.map(({ name }) => name);
  const of = (name: string, effect: Change['effect']): Change => ({
    ...nothing,
    type: 'topic',
    resource: name,
    effect,
    holdsData: true,
  });
  return [
    ...names(after)
      .filter((name) => !names(before).includes(name))
      .map((name) => of(name, 'add')),
    ...names(before)
      .filter((name) => !names(after).includes(name))
      .map((name) => ({
        ...of(name, 'remove'),
        reason: 'it stays on the cluster with its records, and nothing looks after it',
      })),
    ...kept.flatMap(({ old, topic }) =>
      differences(settingsOf(old), settingsOf(topic)).map((one) => ({
        ...of(topic.name, 'inPlace'),
        ...one,
        ...judgeTopic({ setting: one.path, before: one.before, after: one.after }),
      })),
    ),
  ];
}

function settingsOf({ partitions, replicationFactor, config }: TopicPlan): Settings {
  return { ...config, partitions, replicationFactor };
}

function clientChanges(old: TopicPlan, topic: TopicPlan): readonly Change[] {
  return [...threadChanges(old, topic), ...settingChanges(old, topic)];
}

function threadChanges(old: TopicPlan, { groups }: TopicPlan): readonly Change[] {
  return groups.flatMap(({ name, threads }) => {
    const before = old.groups.find((group) => group.name === name)?.threads ?? threads;
    if (before === threads) return [];
    const change = { path: 'threads', before: String(before), after: String(threads) };
    return [{ ...nothing, ...change, type: 'clients', resource: name, effect: 'rolling' as const, reason: '' }];
  });
}

function settingChanges(old: TopicPlan, topic: TopicPlan): readonly Change[] {
  return (['producer', 'consumer'] as const).flatMap((side) =>
    differences(old[side], topic[side]).map((one) => ({
      ...nothing,
      ...one,
      type: 'clients',
      resource: `${side}s of ${topic.name}`,
      effect: 'rolling' as const,
      reason: `no stack does that: restart the ${side}s with it`,
    })),
  );
}

const nothing: Change = {
  effect: 'inPlace',
  stack: '',
  resource: '',
  type: '',
  path: '',
  before: null,
  after: null,
  group: null,
  holdsData: false,
  reason: '',
};

type Settings = Readonly<Record<string, string | number | boolean>>;

function differences(before: Settings, after: Settings): readonly Pick<Change, 'path' | 'before' | 'after'>[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted();
  const text = (value: Settings[string] | undefined): string | null => (value === undefined ? null : String(value));
  return names
    .filter((name) => text(before[name]) !== text(after[name]))
    .map((name) => ({ path: name, before: text(before[name]), after: text(after[name]) }));
}
