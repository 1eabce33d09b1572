/** The search for a limit on a real cluster: one broker, one rate, and the answers that no machine's speed decides. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalCluster } from '../../bench/local/local-cluster.ts';
import { startLocalCluster } from '../../bench/local/start.ts';
import { limitLengths } from '../../bench/run-lengths.ts';
import { createAdmin } from '../../bench/target/connect.ts';
import { renderText } from '../../lib/report/text.ts';
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

/** The example with one replica, searched at one rate. */
async function search(publishP99: string) {
  const edit = (text: string): string =>
    text
      .replace(/replicas: 3/, 'replicas: 1')
      .replace(/survive: \w+/, 'survive: none')
      .replace(/publish: .*/, `publish: { p99: ${publishP99} }`)
      .replace(/endToEnd: .*/, 'endToEnd: { p99: 20s }');
  const target = { kind: 'existing' as const, bootstrap: cluster.bootstrap, clusterId: cluster.clusterId };
  const range = { fromPerSec: ratePerSec, toPerSec: ratePerSec, startPerSec: ratePerSec };
  const lengths = limitLengths({ ...range, resolution: 0.05, budgetMs: 60_000 });
  const run = await proveExample('course-events.yaml', folder, { target, lengths, isShared: true }, edit);
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
    const admin = createAdmin(cluster.bootstrap);
    expect((await admin.listTopics()).filter((name) => name.startsWith('headroom-'))).toEqual([]);
    await admin.close();
  });

  it('sustains nothing under an objective that nobody keeps, after two probes that say so', async () => {
    const { limit, run } = await search('1ms');
    expect(limit.answer).toEqual({ kind: 'none', belowPerSec: ratePerSec });
    expect(limit.probes.map(({ purpose }) => purpose)).toEqual(['ramp', 'repeat']);
    expect(limit.probes.every(({ misses }) => misses.some((miss) => /publish p99/.test(miss)))).toBe(true);
    expect(['notMet', 'inconclusive']).toContain(run.verdict.lines[0]?.outcome);
  });
});
