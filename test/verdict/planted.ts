/** Changes to a healthy run, one fault at a time, and the line that must notice. */
import type {
  GroupIntegrity,
  GroupMeasurement,
  Incident,
  Measurement,
  PhaseMeasurement,
  TopicIntegrity,
  TopicMeasurement,
} from '../../lib/measurement/types.ts';
import { judge } from '../../lib/verdict/judge.ts';
import type { VerdictLine } from '../../lib/verdict/types.ts';
import type { Case } from '../fixtures/run.ts';

export function lineOf(given: Case, id: string): VerdictLine | undefined {
  const { requirements, plan, measurement, environment } = given;
  return judge(requirements, plan, measurement, environment).lines.find((line) => line.id === id);
}

export function withMeasurement(given: Case, change: Partial<Measurement>): Case {
  return { ...given, measurement: { ...given.measurement, ...change } };
}

export function withPhases(given: Case, change: (phase: PhaseMeasurement) => Partial<PhaseMeasurement>): Case {
  const phases = given.measurement.phases.map((phase) => ({ ...phase, ...change(phase) }));
  return withMeasurement(given, { phases });
}

/** Changes the peak phase alone. */
export function atPeak(given: Case, change: (topic: TopicMeasurement) => Partial<TopicMeasurement>): Case {
  return withPhases(given, ({ phase, topics }) =>
    phase === 'peak' ? { topics: topics.map((topic) => ({ ...topic, ...change(topic) })) } : {},
  );
}

export function groupsAtPeak(given: Case, change: (group: GroupMeasurement) => Partial<GroupMeasurement>): Case {
  return atPeak(given, ({ groups }) => ({ groups: groups.map((group) => ({ ...group, ...change(group) })) }));
}

export function withIntegrity(
  given: Case,
  ofTopic: Partial<TopicIntegrity>,
  ofGroup: Partial<GroupIntegrity> = {},
): Case {
  const integrity = given.measurement.integrity.map((topic) => ({
    ...topic,
    groups: topic.groups.map((group) => ({ ...group, ...ofGroup })),
    ...ofTopic,
  }));
  return withMeasurement(given, { integrity });
}

export const brokerLost: Incident = {
  atMs: 12_300,
  kind: 'brokerLost',
  message: 'broker 2 (127.0.0.1:19092, rack rack-2) was lost during the run',
};

export const secondBrokerLost: Incident = { ...brokerLost, atMs: 12_400, message: 'broker 3 was lost during the run' };
