/**
 * One run from a plan to a measurement: reaches or starts a cluster, loads it, reads it back, cleans up.
 * Judges nothing. Whatever happens, what was started is stopped and what was measured is in the folder.
 */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Environment, Measurement } from '../lib/measurement/types.ts';
import type { Plan } from '../lib/plan/types.ts';
import type { MaskField } from '../lib/requirements/envelope.ts';
import type { Driver } from './drivers/driver.ts';
import { describeEnvironment } from './environment.ts';
import { measureHostNoiseP99Ms } from './host.ts';
import type { LoadObserver } from './load/observer.ts';
import type { LoadShape } from './load/shape.ts';
import type { OpenLoad } from './load/types.ts';
import { type WindowCurve, writeCurve } from './load/window-curve.ts';
import { requireCurve, requireProvable, requireShape } from './preflight.ts';
import { privateValuesOf } from './privacy/places.ts';
import { createPrivacySearch, type PrivacySearch } from './privacy/search.ts';
import type { OnProgress } from './progress.ts';
import { createResultsFolder, type OnWritten, type ResultsFolder } from './results.ts';
import { expectedStages, type RunLengths } from './run-lengths.ts';
import { runOnCluster } from './run-on-cluster.ts';
import { RunRecord } from './run-record.ts';
import { admit } from './target/admission.ts';
import { withLocalCluster } from './target/local-run.ts';
import { topicPrefixOf } from './target/manifest.ts';
import { type ExistingTarget, type RunCluster, withExistingCluster } from './target/run-cluster.ts';
import { createTimetable, type Timetable } from './timetable.ts';
import { requireOtherNames, runOfControlTopic } from './workers/control-topic.ts';
import { seedsOfWorkers } from './workers/share.ts';

export interface ProveOptions {
  readonly plan: Plan;
  /** As the user wrote it, for the folder. */
  readonly useCaseText: string;
  readonly target: ProveTarget;
  readonly driver: Driver;
  readonly seed: number;
  readonly lengths: RunLengths;
  readonly commandLine: readonly string[];
  /** Where `<useCase>/<time>` is made. */
  readonly resultsBase: string;
  /** Where a local cluster keeps its files while it runs. */
  readonly stateFolder: string;
  readonly onProgress: OnProgress;
  readonly signal: AbortSignal;
  /** Load an existing cluster although others use it; false when left out. */
  readonly isShared?: boolean;
  /** Told of each file of the folder as soon as it is written, with its text. */
  readonly onWritten?: OnWritten;
  /** Of all records of the use case's own load; as the use case says when left out. */
  readonly shape?: LoadShape;
  /** How the rate changes over the window of the average phase; left out: not at all. */
  readonly curve?: WindowCurve;
  /** More than one process that drives the load of the use case, or of the search for its limit. */
  readonly workers?: LoadWorkers;
  /** Another masking step, only where a test switches masking off. */
  readonly mask?: MaskField;
  /** Told of the load while it runs. */
  readonly observer?: LoadObserver;
}

export interface LoadWorkers {
  readonly count: number;
  readonly open: OpenLoad;
  /** The topic of the cluster in which they meet, named as `controlTopicOf` does; null when they meet elsewhere. */
  readonly controlTopic: string | null;
}

export type ProveTarget = { readonly kind: 'local' } | ({ readonly kind: 'existing' } & ExistingTarget);

export interface Proof {
  readonly environment: Environment;
  readonly measurement: Measurement;
  readonly folder: ResultsFolder;
  /** To search what is rendered afterwards; null when the use case names no private field. */
  readonly privacy: PrivacySearch | null;
}

const noiseMs = 1_000;
/** A local cluster is the smallest that can lose a broker; more only when a topic needs them for its replicas. */
const localBrokers = 3;

/**
 * Carries the run out. Throws USAGE with all that keeps the plan from being proven, before anything is written or reached,
 * and later what kept the run from being one (INTERRUPTED, TARGET_UNREACHABLE, CLUSTER_ID_MISMATCH, ...);
 * what was measured until then is in the folder.
 */
export async function prove(options: ProveOptions): Promise<Proof> {
  const startedAt = new Date();
  const runId = runOfControlTopic(options.workers?.controlTopic ?? '') ?? randomBytes(4).toString('hex');
  requireProvable(options.plan, options.driver, options.lengths, topicPrefixOf(runId), options);
  requireShape(options.plan, options.shape ?? {});
  requireCurve(options.plan, options.driver, options.curve);
  if ((options.workers?.controlTopic ?? null) !== null) requireOtherNames(options.plan);
  await options.driver.prepare?.(options);
  const record = new RunRecord();
  const timetable = createTimetable(expectedStages(options.lengths, options.target.kind), options.onProgress);
  const use = async (cluster: RunCluster, folder: ResultsFolder, noiseP99Ms: number): Promise<Proof> =>
    await proveOn(cluster, folder, { options, runId, startedAt, record, noiseP99Ms, timetable });
  const { target } = options;
  if (target.kind === 'existing') {
    return await withExistingCluster(target, async (cluster) => {
      const run = { plan: options.plan, lengths: options.lengths, isShared: options.isShared ?? false };
      const { result, notes } = await admit(cluster, run, () => measureNoise(options, timetable));
      for (const note of notes) record.note(note);
      return await use(cluster, await openFolder(options, startedAt), result);
    });
  }
  const folder = await openFolder(options, startedAt);
  const noiseP99Ms = await measureNoise(options, timetable);
  timetable.enter('local cluster');
  const local = {
    brokers: Math.max(localBrokers, ...options.plan.topics.map(({ replicationFactor }) => replicationFactor)),
    dir: join(options.stateFolder, `prove-${runId}`),
    keepLogsIn: join(folder.path, 'broker-logs'),
    signal: options.signal,
    onProgress: timetable.onProgress,
  };
  return await withLocalCluster(local, (cluster) => use(cluster, folder, noiseP99Ms));
}

/** Fails before anything is started when the folder cannot be written. */
async function openFolder(options: ProveOptions, startedAt: Date): Promise<ResultsFolder> {
  const folder = await createResultsFolder(options.resultsBase, options.plan.useCase, startedAt, options.onWritten);
  await folder.write('useCase', options.useCaseText);
  await folder.write('plan', options.plan);
  if (options.curve !== undefined) await folder.write('curve', writeCurve(options.curve));
  return folder;
}

async function measureNoise({ signal }: ProveOptions, timetable: Timetable): Promise<number> {
  timetable.enter('host noise');
  return await measureHostNoiseP99Ms(noiseMs, signal);
}

interface ProofRun {
  readonly options: ProveOptions;
  readonly runId: string;
  readonly startedAt: Date;
  readonly record: RunRecord;
  readonly noiseP99Ms: number;
  readonly timetable: Timetable;
}

async function proveOn(cluster: RunCluster, folder: ResultsFolder, run: ProofRun): Promise<Proof> {
  const { options, runId, record, timetable } = run;
  const environment = await describeEnvironment({ ...run, cluster });
  await folder.write('environment', environment);
  const privacy = privacySearchOf(options);
  try {
    await runOnCluster({ options, runId, cluster, folder, record, timetable, privacy });
  } catch (error) {
    if (options.signal.aborted) record.incident('interrupted', 'the run was stopped by the user');
    throw error;
  } finally {
    await folder.write('measurement', record.measurement());
  }
  return { environment, measurement: record.measurement(), folder, privacy };
}

function privacySearchOf({ plan, seed, workers }: ProveOptions): PrivacySearch | null {
  const values = privateValuesOf(plan, [seed, ...seedsOfWorkers(seed, workers?.count ?? 0)]);
  return values.length === 0 ? null : createPrivacySearch(values);
}
