/** A calibration from the folders of finished runs, alone or beside what was measured before. */
import { resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { describeHost, describeMachine } from '../bench/host.ts';
import { HeadroomError } from '../lib/errors.ts';
import { runObservations } from '../lib/experiment/run-observations.ts';
import type { Environment } from '../lib/measurement/types.ts';
import { calibrationOf } from '../lib/plan/calibration/calibration.ts';
import { notOfThisMachine } from '../lib/plan/calibration/predict.ts';
import type { Calibration, Machine, Observation } from '../lib/plan/calibration/types.ts';
import { latestRunFolder, readRun } from './read-run.ts';

export interface RunCalibration {
  readonly calibration: Calibration;
  /** Of the runs, those that were not in the calibration before. */
  readonly added: readonly Observation[];
}

/**
 * `before`: its observations count, too. Throws USAGE, with every run at fault, when one was made on another machine or another
 * Kafka or says nothing of the brokers' CPU, and FILE_UNREADABLE when a folder is no run.
 */
export async function calibrationOfRuns(
  folders: readonly string[],
  before: Calibration | null,
  cwd: string,
): Promise<RunCalibration> {
  const runs = await Promise.all(
    folders.map(async (folder) => {
      const run = await readRun(await latestRunFolder(resolve(cwd, folder)));
      return { folder, run, observations: runObservations(run) };
    }),
  );
  const first = runs[0]?.run.environment;
  const machine = before?.machine ?? machineOf(first);
  const kafkaVersion = before?.kafkaVersion ?? first?.versions.kafka ?? null;
  const faults = runs.flatMap(({ folder, run: { environment }, observations }) => {
    const elsewhere = notOfThisMachine(machine, environment.host);
    const kafka = environment.versions.kafka ?? kafkaVersion;
    return [
      ...(elsewhere === null ? [] : [`${folder}: ${elsewhere}`]),
      ...(kafka === kafkaVersion ? [] : [`${folder}: made with Kafka ${kafka}, not with ${kafkaVersion}`]),
      ...(observations.length > 0 ? [] : [`${folder}: ${nothingToTake}`]),
    ];
  });
  if (faults.length > 0) {
    throw new HeadroomError('USAGE', faults.join('\n'), {
      hint: 'a calibration is of one machine and one version of Kafka; take runs of local clusters made there',
    });
  }
  // Named twice, or in the calibration already: each window counts once.
  const known = byName(before?.observations ?? []);
  const added = byName(runs.flatMap(({ observations }) => observations.filter(({ from }) => !known.has(from))));
  const dates = [before?.measuredAt ?? '', ...runs.map(({ run }) => run.environment.startedAt)];
  const calibration = calibrationOf({
    measuredAt: dates.toSorted().at(-1) ?? '',
    machine,
    kafkaVersion,
    brokers: before?.brokers ?? first?.brokers.length ?? 0,
    observations: [...known.values(), ...added.values()],
    notes: before?.notes ?? [],
    cpuHidden: null,
  });
  return { calibration, added: [...added.values()] };
}

function byName(observations: readonly Observation[]): ReadonlyMap<string, Observation> {
  return new Map(observations.map((each) => [each.from, each]));
}

const nothingToTake =
  "no window of it has its brokers' CPU, how full its batches were, and a rate that was held with all brokers and workers";

/** Of the first run; whether it is an instance of EC2 it does not say, but this machine does, where it is the same one. */
function machineOf(environment: Environment | undefined): Machine {
  const here = describeMachine();
  if (environment === undefined) return here;
  const { cpuModel, cpus, os } = environment.host;
  // Instances of several families share a processor; they differ in memory.
  const isHere = isDeepStrictEqual(environment.host, describeHost());
  return isHere ? here : { cpuModel, cores: cpus, arch: 'unknown', os, instanceType: null };
}
