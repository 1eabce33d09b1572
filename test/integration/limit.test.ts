/**
 * The search for a limit on a real cluster: one broker, one rate, and the answers that no machine's speed decides; and a proof
 * whose load several workers drive.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalCluster } from '../../bench/local/local-cluster.ts';
import { startLocalCluster } from '../../bench/local/start.ts';
import { limitLengths } from '../../bench/run-lengths.ts';
import { createAdmin } from '../../bench/target/connect.ts';
import type { CommandContext } from '../../bin/command.ts';
import { command as worker } from '../../bin/commands/worker.ts';
import { loadWorkers } from '../../bin/load-workers.ts';
import { renderText } from '../../lib/report/text.ts';
import { runCommand } from '../bin/run-command.ts';
import { proveExample } from './prove-run.ts';

const ratePerSec = 200;
let folder = '';
let cluster: LocalCluster;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headroom-limit-'));
  const signal = new AbortController().signal;
  cluster = await startLocalCluster({ brokers: 1, dir: join(folder, 'cluster'), onProgress: () => {}, signal });
});

afterAll(async () => {
  await cluster?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** The example with one replica. */
function editOf(publishP99: string) {
  return (text: string): string =>
    text
      .replace(/replicas: 3/, 'replicas: 1')
      .replace(/survive: \w+/, 'survive: none')
      .replace(/publish: .*/, `publish: { p99: ${publishP99} }`)
      .replace(/endToEnd: .*/, 'endToEnd: { p99: 20s }');
}

const existing = () => ({
  target: { kind: 'existing' as const, bootstrap: cluster.bootstrap, clusterId: cluster.clusterId },
  isShared: true,
});

/** Of this run: topics, and groups. */
async function leftovers(): Promise<readonly string[]> {
  const admin = createAdmin(cluster.bootstrap);
  const groups = await admin.listGroups({ types: ['classic', 'consumer'] });
  const names = [...(await admin.listTopics()), ...groups.keys()];
  await admin.close();
  return names.filter((name) => name.startsWith('headroom-'));
}

/** Searched at one rate. */
async function search(publishP99: string) {
  const range = { fromPerSec: ratePerSec, toPerSec: ratePerSec, startPerSec: ratePerSec };
  const lengths = limitLengths({ ...range, resolution: 0.05, budgetMs: 60_000 });
  const run = await proveExample('course-events.yaml', folder, { ...existing(), lengths }, editOf(publishP99));
  const { limit } = run.run.measurement;
  if (limit === undefined) throw new Error('nothing was searched');
  return { ...run, limit };
}

describe('a search on a real cluster', () => {
  it('sustains what any cluster does, twice, and leaves nothing behind', async () => {
    const { limit, run } = await search('10s');
    expect(limit.answer, JSON.stringify(limit.probes.map(({ misses }) => misses))).toEqual({
      kind: 'atOrAbove',
      ratePerSec,
    });
    expect(limit.probes.filter(({ sustained }) => sustained)).toHaveLength(2);
    for (const { resources, topics } of limit.probes) {
      expect(resources.underReplicated).toBe(0);
      expect(resources.unreplicatedRecords).toBeGreaterThanOrEqual(0);
      expect(topics[0]?.publish.count).toBe(topics[0]?.scheduled);
    }
    const lost = run.verdict.lines.find(({ id }) => id.endsWith('.loss'));
    expect(lost, lost?.reason).toMatchObject({ outcome: 'met', found: 0 });
    expect(renderText(run)).toContain('at or above 200/s, the highest rate tried');
    expect(await leftovers()).toEqual([]);
  });

  it('sustains nothing under an objective that nobody keeps, after two probes that say so', async () => {
    const { limit, run } = await search('1ms');
    expect(limit.answer).toEqual({ kind: 'none', belowPerSec: ratePerSec });
    expect(limit.probes.map(({ purpose }) => purpose)).toEqual(['ramp', 'repeat']);
    expect(limit.probes.every(({ misses }) => misses.some((miss) => /publish p99/.test(miss)))).toBe(true);
    expect(['notMet', 'inconclusive']).toContain(run.verdict.lines[0]?.outcome);
    // Of brokers that others have started.
    expect(renderText(run)).toContain("not seen from here, so not ruled out: brokers' CPU, disks, network");
  });
});

it('a proof by two workers that meet in a control topic, started as the run prints it', async () => {
  const started: ReturnType<typeof runCommand>[] = [];
  const stderr = (text: string): void => {
    const [, args = ''] = /headroom worker (.*) --index I/.exec(text) ?? [];
    for (const index of ['0', '1']) started.push(runCommand(worker, [...args.split(' '), '--index', index], folder));
  };
  const context = { options: { workers: '2', meet: 'topic' }, stderr, cwd: folder } as unknown as CommandContext;
  const workers = loadWorkers(context);
  if (workers === undefined) return expect.unreachable('no workers');
  const { run } = await proveExample('course-events.yaml', folder, { ...existing(), workers }, editOf('10s'));
  expect((await Promise.all(started)).map(({ exitCode }) => exitCode)).toEqual([0, 0]);
  const { phases, integrity, privacy, incidents, notes } = run.measurement;
  expect(incidents).toEqual([]);
  expect(phases.map(({ topics }) => topics[0]?.offeredPerSec)).toEqual([200, 1_000]);
  for (const { topics } of phases) expect(topics[0]?.publish.count).toBe(topics[0]?.scheduled);
  expect(integrity[0]?.groups[0]).toMatchObject({ received: integrity[0]?.acknowledged, lost: 0, duplicates: 0 });
  expect(privacy?.places[0]).toMatchObject({ place: 'topic', found: 0 });
  expect(privacy?.places[0]?.searched).toBeGreaterThanOrEqual(integrity[0]?.acknowledged ?? Number.NaN);
  expect(notes).toContain('the average and the peak rate were driven by 2 processes, the rest by one');
  expect(run.environment.topicPrefix).toBe(workers.controlTopic?.replace(/workers$/, ''));
  expect(await leftovers()).toEqual([]);
});
