/**
 * Runs the cells of an experiment round by round on one cluster. Every finished repeat is in the journal before the next one
 * starts, so an experiment that is stopped, by whatever, goes on with --resume.
 */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { effectiveSettings, effectiveTopic } from '../../lib/experiment/effective.ts';
import { interleave } from '../../lib/experiment/grid.ts';
import type { ExperimentEnvironment } from '../../lib/experiment/result.ts';
import { inconclusive } from '../../lib/experiment/scenario-result.ts';
import type { Cell, Repeat } from '../../lib/experiment/types.ts';
import type { Plan } from '../../lib/plan/types.ts';
import { describeHost, measureHostNoiseP99Ms } from '../host.ts';
import { createResultsFolder, openResultsFolder, type ResultsFolder } from '../results.ts';
import type { RunLengths } from '../run-lengths.ts';
import { withRunTopics } from '../run-topics.ts';
import type { Trial, TrialResult } from '../scenarios/scenario.ts';
import { admit } from '../target/admission.ts';
import { rootCause } from '../target/connect.ts';
import { withLocalCluster } from '../target/local-run.ts';
import { topicPrefixOf } from '../target/manifest.ts';
import { type RunCluster, withExistingCluster } from '../target/run-cluster.ts';
import { type Journal, openJournal } from './journal.ts';
import { cellGroups, cellName, type OpenCell, openCell, runRepeat } from './run-repeat.ts';
import type { ExperimentOptions, ExperimentSpec } from './types.ts';

export interface ExperimentRun {
  readonly repeats: readonly Repeat[];
  /** Null for an experiment without a trial. */
  readonly trial: TrialResult | null;
  readonly durationMs: number;
  readonly environment: ExperimentEnvironment;
  readonly notes: readonly string[];
  readonly folder: ResultsFolder;
}

const noiseMs = 1_000;
const localBrokers = 3;

export async function runExperiment(options: ExperimentOptions): Promise<ExperimentRun> {
  const { spec, target, signal, onProgress } = options;
  const startedAt = new Date();
  const runId = randomBytes(4).toString('hex');
  const folder = await openFolder(options, startedAt);
  const journal = await openJournal(join(folder.path, 'journal.jsonl'), spec);
  const measureNoise = (): Promise<number> => measureHostNoiseP99Ms(noiseMs, signal);
  const use = async (cluster: RunCluster, hostNoiseP99Ms: number, notes: readonly string[]): Promise<ExperimentRun> => {
    const run = { options, runId, cluster, journal, notes: new Set(notes) };
    const trial = await onCluster(run, folder);
    const environment = environmentOf(options, cluster, startedAt, hostNoiseP99Ms);
    const durationMs = Date.now() - startedAt.getTime();
    return { repeats: journal.finished, trial, durationMs, environment, notes: [...run.notes], folder };
  };
  if (target.kind === 'existing') {
    return await withExistingCluster(target, async (cluster) => {
      const { result, notes } = await admit(
        cluster,
        { ...wholeLoad(spec), isShared: options.isShared === true },
        measureNoise,
      );
      return await use(cluster, result, notes);
    });
  }
  const hostNoiseP99Ms = await measureNoise();
  const replicas = spec.cells.map(
    ({ settings }) => effectiveSettings(spec.topic, spec.driver.name, settings).replicationFactor,
  );
  const local = {
    brokers: Math.max(localBrokers, ...replicas),
    dir: join(options.stateFolder, `bench-${runId}`),
    keepLogsIn: join(folder.path, 'broker-logs'),
    brokerOverrides: spec.trial?.brokerOverrides ?? {},
    signal,
    onProgress,
  };
  return await withLocalCluster(local, (cluster) => use(cluster, hostNoiseP99Ms, []));
}

/** All cells for all rounds, as the check for room on the disks wants it. */
function wholeLoad({ plan, topic, cells, driver, lengths }: ExperimentSpec): { plan: Plan; lengths: RunLengths } {
  const topics = cells.map(({ settings }) => effectiveTopic(topic, effectiveSettings(topic, driver.name, settings)));
  const none = { measureMs: 0, warmUpMinMs: 0, warmUpMaxMs: 0, drainMaxMs: 0 };
  const all = { ...none, measureMs: lengths.rounds * (lengths.warmUpMs + lengths.measureMs) };
  return {
    plan: { ...plan, topics },
    lengths: { phases: { average: none, peak: all }, tradeOff: null, retention: false },
  };
}

async function openFolder(options: ExperimentOptions, startedAt: Date): Promise<ResultsFolder> {
  if (options.resume !== null) return openResultsFolder(options.resume);
  const folder = await createResultsFolder(options.resultsBase, options.spec.plan.useCase, startedAt);
  await folder.write('useCase', options.useCaseText);
  await folder.write('plan', options.spec.plan);
  return folder;
}

interface CellsRun {
  readonly options: ExperimentOptions;
  readonly runId: string;
  readonly cluster: RunCluster;
  readonly journal: Journal;
  readonly notes: Set<string>;
}

/** Creates a topic a cell, runs what the journal lacks, and deletes what the manifest names. */
async function onCluster(run: CellsRun, folder: ResultsFolder): Promise<TrialResult | null> {
  const { options, cluster, runId } = run;
  const { spec, signal } = options;
  const prefix = topicPrefixOf(runId);
  const named = (name: string): string => `${prefix}${name}`;
  const settings = spec.cells.map((cell) => effectiveSettings(spec.topic, spec.driver.name, cell.settings));
  const cells = settings.map((effective, index) => {
    const { partitions, replicationFactor, config } = effectiveTopic(spec.topic, effective);
    return { name: named(cellName(index)), partitions, replicationFactor, config };
  });
  const trialTopics = (spec.trial?.topics(spec.topic) ?? []).map((topic) => ({ ...topic, name: named(topic.name) }));
  const topics = [...cells, ...trialTopics];
  const groups = [
    ...settings.flatMap((effective, index) => cellGroups(spec.topic, cells[index]?.name ?? '', effective)),
    ...(spec.trial?.groups ?? []).map(named),
  ];
  const created = { runId, cluster, folder, topics, groups, signal, onLeft: (what: string) => run.notes.add(what) };
  return await withRunTopics(created, async () => {
    const open: OpenCell[] = [];
    try {
      for (const [index, cell] of spec.cells.entries()) open.push(await openOne(run, cell, cells[index]?.name ?? ''));
      await runRounds(run, open);
    } finally {
      await Promise.allSettled(open.map(({ session }) => session.close()));
    }
    return spec.trial === undefined ? null : await runTrial(run, spec.trial, named);
  });
}

async function runTrial(
  { options, cluster }: CellsRun,
  trial: Trial,
  nameOf: (name: string) => string,
): Promise<TrialResult> {
  const { spec, signal, onProgress } = options;
  const { topic, driver, seed } = spec;
  const tell = (detail: string) => onProgress({ stage: 'trial', detail, fraction: null });
  try {
    return await trial.run({ cluster, topic, driver, nameOf, seed, signal, tell });
  } catch (error) {
    signal.throwIfAborted();
    if (isMistake(error)) throw error;
    return { tables: [], answer: inconclusive(`it could not be carried out: ${rootCause(error)}.`), notes: [] };
  }
}

/** Of ours, and nothing that a cluster or a busy machine does. */
function isMistake(error: unknown): boolean {
  return error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError;
}

async function openOne({ options, cluster, notes }: CellsRun, cell: Cell, clusterTopic: string): Promise<OpenCell> {
  const { spec, signal, onProgress } = options;
  onProgress({ stage: 'connecting', detail: cell.id, fraction: null });
  return await openCell(cell, spec.topic, clusterTopic, {
    target: { bootstrap: cluster.bootstrap, security: cluster.security, clientId: 'headroom' },
    driver: spec.driver,
    seed: spec.seed,
    ...(spec.shape === undefined ? {} : { shape: spec.shape }),
    signal,
    onIncident: ({ message }) => notes.add(`${cell.id}: ${message}`),
  });
}

async function runRounds({ options, cluster, journal }: CellsRun, open: readonly OpenCell[]): Promise<void> {
  const { spec, signal, onProgress } = options;
  const { lengths, topic, seed } = spec;
  const order = interleave(open, lengths.rounds, seed);
  for (const [index, one] of order.entries()) {
    const round = Math.floor(index / open.length);
    if (journal.finished.some((repeat) => repeat.cell === one.cell.id && repeat.round === round)) continue;
    const repeat = await runRepeat(one, round, {
      cluster,
      topicName: topic.name,
      lengths,
      signal,
      onProgress: (event) =>
        onProgress({
          stage: `round ${round + 1} of ${lengths.rounds}: ${one.cell.id}`,
          detail: event.detail,
          fraction: (index + (event.fraction ?? 0)) / order.length,
        }),
    });
    await journal.add(repeat);
  }
}

function environmentOf(
  { spec, commandLine }: ExperimentOptions,
  cluster: RunCluster,
  startedAt: Date,
  hostNoiseP99Ms: number,
): ExperimentEnvironment {
  const { cpus, cpuModel, os } = describeHost();
  return {
    startedAt: startedAt.toISOString(),
    target: cluster.target,
    clusterId: cluster.clusterId,
    brokers: cluster.brokers.length,
    versions: { node: process.version, [spec.driver.name]: spec.driver.version, ...cluster.versions },
    host: { cpus, cpuModel, os },
    hostNoiseP99Ms,
    seed: spec.seed,
    commandLine,
  };
}
