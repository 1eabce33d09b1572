/** The search on a real cluster against an exhaustive sweep of the same rates: their intervals must overlap. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { LimitSettings } from '../../bench/limit/settings.ts';
import type { LocalCluster } from '../../bench/local/local-cluster.ts';
import { startLocalCluster } from '../../bench/local/start.ts';
import { limitLengths } from '../../bench/run-lengths.ts';
import { geometricSearch } from '../../lib/measurement/limit/search.ts';
import type { LimitAnswer } from '../../lib/measurement/limit/types.ts';
import { proveExample } from '../integration/prove-run.ts';

let folder = '';
let cluster: LocalCluster;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headroom-sweep-'));
  const signal = new AbortController().signal;
  cluster = await startLocalCluster({ brokers: 3, dir: join(folder, 'cluster'), onProgress: () => {}, signal });
});

afterAll(async () => {
  await cluster?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function search(settings: LimitSettings): Promise<LimitAnswer> {
  const target = { kind: 'existing' as const, bootstrap: cluster.bootstrap, clusterId: cluster.clusterId };
  const lengths = limitLengths(settings);
  const { run } = await proveExample('course-events.yaml', folder, { target, lengths, isShared: true });
  if (run.measurement.limit === undefined) throw new Error('nothing was searched');
  return run.measurement.limit.answer;
}

it('finds what a sweep over every rate around it finds', async ({ task }) => {
  const common = { resolution: 0.05, budgetMs: 240_000 };
  const found = await search({ ...common, fromPerSec: 500, toPerSec: 500_000, startPerSec: 2_000 });
  expect(found.kind).toBe('rate');
  if (found.kind !== 'rate') return;
  // Every rate from half to double in steps of 15 %, each on its own, sustained twice or failed twice.
  const { ratesPerSec } = geometricSearch({
    fromPerSec: found.ratePerSec / 2,
    toPerSec: found.ratePerSec * 2,
    startPerSec: found.ratePerSec,
    resolution: 0.15,
  });
  const sustained: boolean[] = [];
  for (const rate of ratesPerSec) {
    const answer = await search({ ...common, fromPerSec: rate, toPerSec: rate, startPerSec: rate });
    sustained.push(answer.kind === 'atOrAbove');
    // Two failures in a row: what lies above is not asked.
    if (sustained.at(-1) === false && sustained.at(-2) === false) break;
  }
  const first = sustained.indexOf(false);
  const shown = JSON.stringify({ found, ratesPerSec, sustained });
  // All sustained, or none: then the search was wrong by a factor of two.
  expect(first, shown).toBeGreaterThan(0);
  const [sweepLow, sweepHigh] = [ratesPerSec[first - 1] ?? Number.NaN, ratesPerSec[first] ?? Number.NaN];
  const rates = [found.ratePerSec, found.highPerSec, sweepLow, sweepHigh].map(Math.round);
  task.meta.found = `search ${rates[0]} to ${rates[1]}, sweep ${rates[2]} to ${rates[3]} records/s`;
  expect(found.ratePerSec, shown).toBeLessThanOrEqual(sweepHigh);
  expect(found.highPerSec, shown).toBeGreaterThanOrEqual(sweepLow);
});
