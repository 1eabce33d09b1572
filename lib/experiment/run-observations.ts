/** What the brokers of a finished run cost: the phases of a proof, the sustained probes of a search for a limit. */
import { missesOf } from '../measurement/limit/sustained.ts';
import type { Environment, Measurement, PhaseMeasurement, TopicMeasurement } from '../measurement/types.ts';
import { observationOf, type TopicWork } from '../plan/calibration/observation.ts';
import type { Observation } from '../plan/calibration/types.ts';
import type { Plan } from '../plan/types.ts';
import { formatRate } from '../units.ts';

export interface MeasuredRun {
  readonly plan: Plan;
  readonly environment: Pick<Environment, 'brokers' | 'startedAt' | 'harness'>;
  readonly measurement: Pick<Measurement, 'phases' | 'limit' | 'incidents'>;
}

/** The rate alone: what a load costs does not depend on how fast its answers had to be. */
const rateOnly = { achievedRatio: 0.995, publishP99Ms: null, endToEndP99Ms: null, lagMaxRecords: null };

/**
 * Windows whose CPU was read and whose load was the load meant: one that was not sustained measures a queue. A run that lost a
 * broker or a worker gives none, since nobody knows which windows were those of fewer.
 */
export function runObservations({ plan, environment, measurement }: MeasuredRun): readonly Observation[] {
  if (measurement.incidents.some(({ kind }) => kind === 'brokerLost' || kind === 'workerLost')) return [];
  const brokers = environment.brokers.length;
  // Each worker's groups read whole topics, and count as received what is their own.
  const readings = Number(environment.harness.workers ?? 1);
  const label = `${plan.useCase} ${environment.startedAt}`;
  const windows = [
    ...measurement.phases.filter(isSustained).map((phase) => ({ ...phase, from: `${label} ${phase.phase}` })),
    ...(measurement.limit?.probes ?? []).map((probe, index) => ({
      ...probe,
      // The same rate is tried more than once for the same purpose; the number tells them apart.
      from: `${label} probe ${index + 1}, ${probe.purpose} at ${formatRate(probe.ratePerSec)}`,
      brokerCpu: probe.sustained ? probe.resources.brokerCpu : null,
    })),
  ];
  return windows.flatMap(({ from, brokerCpu, topics, measuredMs, generator }) => {
    if (brokerCpu === null || generator.wasTheLimit) return [];
    const cores = brokerCpu.reduce((sum, each) => sum + each.cores, 0);
    const observation = observationOf({
      from,
      brokers,
      cores,
      topics: workOfTopics(plan, topics, measuredMs, readings),
    });
    return observation === null ? [] : [observation];
  });
}

function isSustained(phase: PhaseMeasurement): boolean {
  return missesOf({ ...phase, cutShort: false }, rateOnly).length === 0;
}

function workOfTopics(
  plan: Plan,
  topics: readonly TopicMeasurement[],
  measuredMs: number,
  readings: number,
): readonly TopicWork[] {
  return topics.flatMap((measured) => {
    const planned = plan.topics.find(({ name }) => name === measured.topic);
    if (planned === undefined) return [];
    const received = measured.groups.reduce((sum, group) => sum + group.received, 0);
    return [
      {
        plan: planned,
        recordsPerSec: measured.achievedPerSec,
        recordsPerBatch: measured.recordsPerBatch,
        consumedPerSec: (readings * received * 1000) / measuredMs,
      },
    ];
  });
}
