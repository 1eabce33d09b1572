/** What the brokers of a finished run cost: the phases of a proof, the sustained probes of a search for a limit. */
import type { Environment, Measurement, TopicMeasurement } from '../measurement/types.ts';
import { observationOf, type TopicWork } from '../plan/calibration/observation.ts';
import type { Observation } from '../plan/calibration/types.ts';
import type { Plan } from '../plan/types.ts';
import { formatRate } from '../units.ts';

export interface MeasuredRun {
  readonly plan: Plan;
  readonly environment: Pick<Environment, 'brokers' | 'startedAt'>;
  readonly measurement: Pick<Measurement, 'phases' | 'limit'>;
}

/** Windows whose CPU was read and whose load was the load meant; a probe that was not sustained measures a queue. */
export function runObservations({ plan, environment, measurement }: MeasuredRun): readonly Observation[] {
  const brokers = environment.brokers.length;
  const label = `${plan.useCase} ${environment.startedAt}`;
  const windows = [
    ...measurement.phases.map((phase) => ({ ...phase, from: `${label} ${phase.phase}` })),
    ...(measurement.limit?.probes ?? [])
      .filter(({ sustained }) => sustained)
      .map((probe) => ({
        ...probe,
        from: `${label} ${probe.purpose} at ${formatRate(probe.ratePerSec)}`,
        brokerCpu: probe.resources.brokerCpu,
      })),
  ];
  return windows.flatMap(({ from, brokerCpu, topics, measuredMs, generator }) => {
    if (brokerCpu === null || generator.wasTheLimit) return [];
    const cores = brokerCpu.reduce((sum, each) => sum + each.cores, 0);
    const observation = observationOf({ from, brokers, cores, topics: workOfTopics(plan, topics, measuredMs) });
    return observation === null ? [] : [observation];
  });
}

function workOfTopics(plan: Plan, topics: readonly TopicMeasurement[], measuredMs: number): readonly TopicWork[] {
  return topics.flatMap((measured) => {
    const planned = plan.topics.find(({ name }) => name === measured.topic);
    if (planned === undefined) return [];
    const received = measured.groups.reduce((sum, group) => sum + group.received, 0);
    return [
      {
        plan: planned,
        recordsPerSec: measured.achievedPerSec,
        recordsPerBatch: measured.recordsPerBatch,
        consumedPerSec: (received * 1000) / measuredMs,
      },
    ];
  });
}
