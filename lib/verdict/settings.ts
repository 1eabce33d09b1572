/** `topics.<name>.settings`: what the plan sets, as the cluster gives it back. */

import type { SettingReadBack } from '../measurement/types.ts';
import type { TopicPlan } from '../plan/types.ts';
import { type Answer, type Question, type Subject, undecided } from './question.ts';

export function settingsQuestions(subject: Subject): readonly Question[] {
  return subject.plan.topics.map((topic) => {
    const planned = plannedSettings(topic);
    return {
      id: `topics.${topic.name}.settings`,
      requirement: `settings, ${topic.name}`,
      required: `${planned.size} as planned`,
      unit: '',
      evidence: 'configured',
      target: subject.environment.target,
      answer: () => answer(planned, rowsOf(subject, topic.name)),
    };
  });
}

/** By the names that the read-back uses. */
function plannedSettings(topic: TopicPlan): ReadonlyMap<string, string> {
  return new Map([
    ['partitions', String(topic.partitions)],
    ['replication.factor', String(topic.replicationFactor)],
    ...Object.entries(topic.config).map(([setting, value]) => [setting, String(value)] as const),
  ]);
}

function rowsOf({ measurement }: Subject, topic: string): readonly SettingReadBack[] {
  return measurement.settings.filter(({ subject }) => subject === topic);
}

function answer(planned: ReadonlyMap<string, string>, rows: readonly SettingReadBack[]): Answer {
  if (rows.length === 0) return undecided('no setting was read back');
  const found = new Map(rows.map((row) => [row.setting, row.found]));
  const unread = [...planned.keys()].filter((setting) => (found.get(setting) ?? null) === null);
  const different = [...planned].flatMap(([setting, value]) => {
    const actual = found.get(setting) ?? null;
    return actual === null || actual === value ? [] : [`${setting} is ${actual}, planned ${value}`];
  });
  const equal = planned.size - unread.length - different.length;
  const missing = unread.length === 0 ? [] : [`not read back: ${unread.join(', ')}`];
  const isMet = different.length === 0 && missing.length === 0;
  return {
    found: `${equal} of ${planned.size}`,
    margin: null,
    outcome: different.length > 0 ? 'notMet' : isMet ? 'met' : 'inconclusive',
    reason: isMet ? describe(planned) : [...different, ...missing].join('; '),
  };
}

function describe(planned: ReadonlyMap<string, string>): string {
  return [...planned].map(([setting, value]) => `${setting}=${value}`).join(', ');
}
