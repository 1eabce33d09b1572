/** What must come out on any sane cluster, made to happen on a real one. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { LocalCluster } from '../../bench/local/local-cluster.ts';
import { startLocalCluster } from '../../bench/local/start.ts';
import type { ProveTarget } from '../../bench/prove.ts';
import { createAdmin } from '../../bench/target/connect.ts';
import { rowsOf, runScenario } from './scenario-run.ts';

let dir: string;
let cluster: LocalCluster;
let target: ProveTarget;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'headroom-scenarios-'));
  const signal = new AbortController().signal;
  cluster = await startLocalCluster({ brokers: 3, dir: join(dir, 'cluster'), onProgress: () => {}, signal });
  target = { kind: 'existing', bootstrap: cluster.bootstrap, clusterId: cluster.clusterId };
});

afterAll(async () => {
  await cluster?.stop();
  await rm(dir, { recursive: true, force: true });
});

it('a retry without idempotence writes twice and out of order, with it neither', async () => {
  const { result } = await runScenario('idempotence', { dir, target, rounds: 0 });
  const rows = rowsOf(result, 'One request fails');
  const of = (idempotence: string, inFlight: number, fault: string) =>
    rows.find((row) => row.idempotence === idempotence && row['in flight'] === inFlight && row.fault === fault);
  const refused = 'one request is refused and sent again';
  const unanswered = 'one answer is lost with its connection';
  expect(of('off', 5, refused)?.['out of order']).toBeGreaterThan(0);
  expect(of('off', 5, unanswered)?.['written twice']).toBeGreaterThan(0);
  expect(of('off', 1, refused)).toMatchObject({ 'out of order': 0 });
  for (const fault of [refused, unanswered]) {
    expect(of('on', 5, fault)).toMatchObject({ acknowledged: 300, 'written twice': 0, 'out of order': 0 });
  }
  expect(rows.every((row) => row['missing of the acknowledged'] === 0)).toBe(true);
  expect(result.answer.outcome).toBe('answered');
  const admin = createAdmin(cluster.bootstrap);
  const topics = await admin.listTopics();
  await admin.close();
  expect(topics.filter((name) => name.startsWith('headroom-'))).toEqual([]);
});

it('round robin makes smaller batches than sticky at the same rate', async () => {
  const { run, result } = await runScenario('partitioner', { dir, target, rounds: 2 });
  const batches = (partitioner: string) =>
    run.repeats
      .filter(({ cell }) => cell.includes(`partitioner=${partitioner}`))
      .map(({ figures }) => figures.recordsPerBatch ?? Number.NaN);
  expect(batches('sticky')).toHaveLength(2);
  expect(Math.min(...batches('sticky'))).toBeGreaterThan(1.5 * Math.max(...batches('roundRobin')));
  // Two rounds decide nothing.
  expect(result.answer.outcome).toBe('inconclusive');
});

it('acks=0 loses records when a broker dies, and says how many; acks=all with two in sync loses none', async () => {
  const { result } = await runScenario('acks', { dir, target: { kind: 'local' }, rounds: 0 });
  const rows = rowsOf(result, 'A broker hangs and dies');
  const of = (acks: string, minInsync: number) =>
    rows.find((row) => row.acks === acks && row['min.insync.replicas'] === minInsync);
  const lost = of('acks=0', 1)?.['lost of the acknowledged'];
  expect(lost).toBeGreaterThan(0);
  expect(result.answer).toMatchObject({
    outcome: 'answered',
    text: expect.stringContaining(`acks=0 with min.insync.replicas=1 ${lost}`),
  });
  expect(of('acks=all', 2)).toMatchObject({ 'lost of the acknowledged': 0 });
  expect(of('acks=all', 3)?.['refused or given up']).toBeGreaterThan(0);
});
