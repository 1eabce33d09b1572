/** The repeats of a calibration's grid as observations of what brokers cost. */
import { recordBytes } from '../plan/calibration/observation.ts';
import { workOf } from '../plan/calibration/predict.ts';
import type { Observation } from '../plan/calibration/types.ts';
import type { TopicPlan } from '../plan/types.ts';
import { effectiveSettings, effectiveTopic } from './effective.ts';
import type { Cell, Repeat } from './types.ts';

export interface MeasuredGrid {
  readonly topic: TopicPlan;
  readonly cells: readonly Cell[];
  readonly brokers: number;
  /** Of all of them. */
  readonly repeats: readonly Repeat[];
  /** Rounds that only warm up. */
  readonly warmingRounds: number;
}

/** One a repeat; what was left out is told in `notes`. */
export function observationsOf({ topic, cells, brokers, repeats, warmingRounds }: MeasuredGrid): {
  readonly observations: readonly Observation[];
  readonly notes: readonly string[];
} {
  const observations: Observation[] = [];
  const notes = new Set<string>();
  for (const { cell: id, round, figures, doubts } of repeats.filter((repeat) => repeat.round >= warmingRounds)) {
    const cell = cells.find((each) => each.id === id);
    if (cell === undefined) continue;
    if (doubts.length > 0) {
      notes.add(`left out: ${id}: ${doubts.join('; ')}`);
      continue;
    }
    // The driver only names itself there.
    const effective = effectiveSettings(topic, '', cell.settings);
    const { recordsPerSec, recordsPerBatch, wireBytesPerRecord, brokerCpuMicrosPerRecord: micros } = figures;
    if (
      recordsPerSec === null ||
      recordsPerBatch === null ||
      wireBytesPerRecord === null ||
      effective.groups === null
    ) {
      notes.add(`left out: ${id}: what was written could not be read`);
      continue;
    }
    const bytesPerSec = recordsPerSec * wireBytesPerRecord;
    const traffic = workOf({
      producedBytesPerSec: bytesPerSec,
      replicatedBytesPerSec: bytesPerSec * (effective.replicationFactor - 1),
      consumedBytesPerSec: bytesPerSec * effective.groups,
      batchesPerSec: recordsPerSec / recordsPerBatch,
    });
    const disk = {
      messageBytes: effective.messageSizeBytes,
      recordsPerBatch,
      measuredBytes: wireBytesPerRecord,
      predictedBytes: recordBytes(effectiveTopic(topic, effective), recordsPerBatch),
    };
    const cores = micros === null ? null : (micros * recordsPerSec) / 1e6;
    observations.push({ from: `${id}, round ${round + 1}`, work: { ...traffic, broker: brokers }, cores, disk });
  }
  return { observations, notes: [...notes] };
}
