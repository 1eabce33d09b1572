/** An experiment on the real cluster, stopped in the middle and taken up again. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runExperiment } from '../../bench/experiment/run-experiment.ts';
import type { ExperimentOptions } from '../../bench/experiment/types.ts';
import type { LocalCluster } from '../../bench/local/local-cluster.ts';
import { startLocalCluster } from '../../bench/local/start.ts';
import { createAdmin } from '../../bench/target/connect.ts';
import { completeExperiment } from '../../bin/complete-experiment.ts';
import type { Repeat } from '../../lib/experiment/types.ts';
import { planned } from '../bench/experiment/planned.ts';

let dir: string;
let cluster: LocalCluster;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'headroom-experiment-'));
  cluster = await startLocalCluster({ brokers: 3, dir: join(dir, 'cluster'), onProgress: () => {}, signal: never() });
});

afterAll(async () => {
  await cluster?.stop();
  await rm(dir, { recursive: true, force: true });
});

it('goes on where it was stopped, answers from all its rounds, and leaves nothing on the cluster', async () => {
  const { spec } = planned(['acks=all,0', 'compression.type=none,gzip'], {
    grid: 'oneAtATime',
    lengths: { rounds: 2, warmUpMs: 300, measureMs: 700 },
  });
  const stopping = new AbortController();
  const options: ExperimentOptions = {
    spec,
    target: { kind: 'existing', bootstrap: cluster.bootstrap, clusterId: cluster.clusterId },
    useCaseText: 'useCase: course-events',
    resultsBase: join(dir, 'results'),
    resume: null,
    stateFolder: join(dir, 'state'),
    isShared: false,
    commandLine: ['headroom', 'bench'],
    // The second round: some of it is finished by then, and some is not.
    onProgress: ({ stage, fraction }) => {
      if (stage.startsWith('round 2') && (fraction ?? 0) > 0.7) stopping.abort(new Error('stopped'));
    },
    signal: stopping.signal,
  };
  await expect(runExperiment(options)).rejects.toThrow('stopped');
  const [folder = ''] = await foldersOf(options);
  const before = await finishedIn(folder);
  expect(before.length).toBeGreaterThanOrEqual(3);
  expect(before.length).toBeLessThan(6);

  const run = await runExperiment({ ...options, resume: folder, onProgress: () => {}, signal: never() });
  expect(run.repeats).toHaveLength(6);
  expect(run.repeats.slice(0, before.length)).toEqual(before);
  const result = await completeExperiment(spec, run);
  expect(JSON.parse(await readFile(join(folder, 'experiment.json'), 'utf8'))).toMatchObject({ topic: spec.topic.name });
  const median = (cell: string, figure: 'recordsPerSec' | 'wireBytesPerRecord' | 'lostRecords') =>
    run.repeats.find((repeat) => repeat.cell === cell)?.figures[figure] ?? Number.NaN;
  const [plain = '', , packed = ''] = spec.cells.map(({ id }) => id);
  expect(median(plain, 'recordsPerSec')).toBeGreaterThan(0);
  expect(median(plain, 'lostRecords')).toBe(0);
  // An envelope and what pads it repeat from record to record.
  expect(median(packed, 'wireBytesPerRecord')).toBeLessThan(median(plain, 'wireBytesPerRecord'));
  expect(result.analysis.comparisons.every(({ outcome }) => outcome === 'unknown')).toBe(true);

  const admin = createAdmin(cluster.bootstrap);
  const topics = await admin.listTopics();
  await admin.close();
  expect(topics.filter((name) => name.startsWith('headroom-'))).toEqual([]);
});

async function foldersOf({ resultsBase, spec }: ExperimentOptions): Promise<readonly string[]> {
  const parent = join(resultsBase, spec.plan.useCase);
  return (await readdir(parent)).map((name) => join(parent, name));
}

async function finishedIn(folder: string): Promise<readonly Repeat[]> {
  const [, ...lines] = (await readFile(join(folder, 'journal.jsonl'), 'utf8')).trim().split('\n');
  return lines.map((line) => JSON.parse(line) as Repeat);
}

function never(): AbortSignal {
  return new AbortController().signal;
}
