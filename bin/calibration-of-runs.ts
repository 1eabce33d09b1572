/** A calibration from the folders of finished runs, alone or beside what was measured before. */
import { resolve } from 'node:path';
import { describeMachine } from '../bench/host.ts';
import { HeadroomError } from '../lib/errors.ts';
import { runObservations } from '../lib/experiment/run-observations.ts';
import { calibrationOf } from '../lib/plan/calibration/calibration.ts';
import type { Calibration, Machine, Observation } from '../lib/plan/calibration/types.ts';
import type { Run } from '../lib/report/types.ts';
import { latestRunFolder, readRun } from './read-run.ts';

export interface RunCalibration {
  readonly calibration: Calibration;
  /** Of the runs alone. */
  readonly added: readonly Observation[];
}

/**
 * `before`: its observations count, too. Throws USAGE, with every run at fault, when one was made on another machine or says
 * nothing of the brokers' CPU, and FILE_UNREADABLE when a folder is no run.
 */
export async function calibrationOfRuns(
  folders: readonly string[],
  before: Calibration | null,
  cwd: string,
): Promise<RunCalibration> {
  const runs = await Promise.all(
    folders.map(async (folder) => ({ folder, run: await readRun(await latestRunFolder(resolve(cwd, folder))) })),
  );
  const machine = before?.machine ?? machineOf(runs[0]?.run);
  const read = runs.map(({ folder, run }) => ({ folder, run, observations: runObservations(run) }));
  const faults = read.flatMap(({ folder, run, observations }) => {
    const { cpuModel, cpus } = run.environment.host;
    if (cpuModel !== machine.cpuModel || cpus !== machine.cores)
      return [`${folder}: made on ${cpuModel} with ${cpus} cores, not on ${machine.cpuModel} with ${machine.cores}`];
    return observations.length === 0 ? [`${folder}: no window of it has the CPU of its brokers`] : [];
  });
  if (faults.length > 0) {
    throw new HeadroomError('USAGE', faults.join('\n'), {
      hint: 'a calibration is of one machine; take runs of local clusters made on it',
    });
  }
  const known = before?.observations ?? [];
  const added = read.flatMap(({ observations }) => observations);
  const fresh = added.filter(({ from }) => known.every((each) => each.from !== from));
  const [first] = runs;
  const calibration = calibrationOf({
    measuredAt:
      runs
        .map(({ run }) => run.environment.startedAt)
        .toSorted()
        .at(-1) ??
      before?.measuredAt ??
      '',
    machine,
    kafkaVersion: before?.kafkaVersion ?? first?.run.environment.versions.kafka ?? null,
    brokers: before?.brokers ?? first?.run.environment.brokers.length ?? 0,
    observations: [...known, ...fresh],
    notes: before?.notes ?? [],
    cpuHidden: null,
  });
  return { calibration, added };
}

/** Of the first run; whether it is an instance of EC2 it does not say, but this machine does, where it is the same one. */
function machineOf(run: Run | undefined): Machine {
  const here = describeMachine();
  if (run === undefined) return here;
  const { cpuModel, cpus, os } = run.environment.host;
  const isHere = cpuModel === here.cpuModel && cpus === here.cores && os === here.os;
  return isHere ? here : { cpuModel, cores: cpus, arch: 'unknown', os, instanceType: null };
}
