/** `prove --nightly` around a proof that is doubled: whatever becomes of it, an outcome is left, and never a pass without data. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CommandContext } from '../../bin/command.ts';
import { type NightlyHooks, overnight, type Proven } from '../../bin/nightly.ts';
import type { NightlyOutcome } from '../../bin/nightly-outcome.ts';
import { followNight } from '../../bin/nightly-workers.ts';
import { loadFactor, scaledLoad } from '../../bin/scaled-load.ts';
import { HeadroomError } from '../../lib/errors.ts';
import { planUseCase } from '../../lib/plan/plan.ts';
import { toNumber } from '../../lib/rational.ts';
import { memoryStore } from '../bench/nightly/memory-store.ts';
import { courseCase, runOf } from '../fixtures/run.ts';
import { topicOf, useCaseOf } from '../plan/use-cases.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'headroom-nightly-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
  delete process.env.HEADROOM_WORKERS;
});

const target = async () => ({ kind: 'local' as const });

async function night(prove: (context: CommandContext, hooks: NightlyHooks) => Promise<Proven>) {
  let stderr = '';
  const context = {
    options: { out: folder },
    cwd: folder,
    stdout: () => {},
    stderr: (text: string) => {
      stderr += text;
    },
    onProgress: () => {},
    signal: new AbortController().signal,
  } as unknown as CommandContext;
  const ended = await overnight(context, { useCase: 'course-events', target, prove }).then(
    (exitCode) => ({ exitCode, error: null }),
    (error: unknown) => ({ exitCode: null, error }),
  );
  const outcome = JSON.parse(readFileSync(join(folder, 'course-events', 'outcome.json'), 'utf8')) as NightlyOutcome;
  return { ...ended, outcome, stderr };
}

const run = runOf(courseCase);

describe('a nightly run', () => {
  it('leaves the verdict and gives its exit code', async () => {
    const { exitCode, outcome } = await night(async () => ({ exitCode: 1, run, folder }));
    expect(exitCode).toBe(1);
    expect(outcome).toMatchObject({
      useCase: 'course-events',
      outcome: run.verdict.outcome,
      exitCode: 1,
      isClean: true,
      results: folder,
    });
    expect(outcome.summary).toContain('requirement');
  });

  it('tells its stages once each, with the time', async () => {
    const { stderr } = await night(async ({ onProgress }) => {
      for (const stage of ['average', 'average: warm-up', 'peak']) onProgress({ stage, detail: '', fraction: null });
      return { exitCode: 0, run, folder };
    });
    expect(stderr).toMatch(/^\d{4}-\S+Z average\n\d{4}-\S+Z peak\n$/);
  });

  it.each([
    ['before anything was created', async () => {}, true],
    [
      'after topics may have been created',
      async ({ prove }: NightlyHooks) => await prove.onWritten?.('manifest', '{}'),
      false,
    ],
  ])('that breaks off %s is inconclusive, and rethrows', async (_, before, isClean) => {
    const failure = new HeadroomError('TARGET_UNREACHABLE', 'no broker answers', { hint: 'start one' });
    const { error, outcome } = await night(async (_context, hooks) => {
      await before(hooks);
      throw failure;
    });
    expect(error).toBe(failure);
    expect(outcome).toMatchObject({ outcome: 'inconclusive', exitCode: 69, isClean, results: null });
    expect(outcome.summary).toContain('no broker answers\n  start one');
  });

  it.each([
    ['without a store', {}, /2 containers know each other by the store of --upload/],
    ['with workers of its own', { upload: 's3://bucket/x', workers: '2' }, /do not go with HEADROOM_WORKERS=2/],
  ])('of several containers is refused %s', async (_, options, expected) => {
    process.env.HEADROOM_WORKERS = '2';
    const prove = async () => ({ exitCode: 0 as const, run, folder });
    const context = { options, cwd: folder } as unknown as CommandContext;
    const job = { useCase: 'course-events', target, prove };
    await expect(overnight(context, job)).rejects.toThrow(expected);
  });
});

describe('a container that follows', () => {
  const context = { onProgress: () => {}, signal: new AbortController().signal } as unknown as CommandContext;
  const nobody = { kind: 'existing' as const, bootstrap: ['127.0.0.1:1'], clusterId: null };

  it('ends at once when the first container has ended before the load', async () => {
    const store = memoryStore(new Map([['outcome.json', '{}']]));
    await expect(followNight(context, { index: 1, size: 2 }, store, nobody)).rejects.toThrow(
      /s3:\/\/memory has an outcome before the load began/,
    );
  });

  it('needs one cluster', async () => {
    const following = followNight(context, { index: 1, size: 2 }, memoryStore(), { kind: 'local' });
    await expect(following).rejects.toThrow(/several containers need one cluster/);
  });
});

describe('--load', () => {
  const requirements = useCaseOf([topicOf()]);
  const plan = planUseCase(requirements);

  it('changes what is driven and what is required, nothing else of the plan', () => {
    const scaled = scaledLoad(requirements, plan, 1.5);
    const [before, after] = [plan.topics[0], scaled.plan.topics[0]];
    expect(after?.load.peakPerSec).toBe((before?.load.peakPerSec ?? 0) * 1.5);
    expect(scaled.requirements.topics.map(({ produce }) => toNumber(produce.peakPerSec))).toEqual([
      after?.load.peakPerSec,
    ]);
    expect({ ...after, load: null }).toEqual({ ...before, load: null });
    expect(scaled.plan.cluster).toBe(plan.cluster);
    expect(scaledLoad(requirements, plan, 1).plan).toBe(plan);
  });

  it.each(['2', 'x', 'x0', 'x-1', 'x1001', '1.5x'])('is not %s', (text) => {
    expect(() => loadFactor(text)).toThrow(/--load: expected a factor/);
  });
  it('is 1 when left out', () => {
    expect([loadFactor(undefined), loadFactor('x1.5')]).toEqual([1, 1.5]);
  });
});
