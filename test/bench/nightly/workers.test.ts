import { describe, expect, it } from 'vitest';
import { parseStoreAddress } from '../../../bench/nightly/object-store.ts';
import { collectOutcomes, waitForWorkers, workerPlace } from '../../../bench/nightly/workers.ts';
import { memoryStore } from './memory-store.ts';

const { signal } = new AbortController();

describe('which worker this is', () => {
  it.each([
    [{}, { index: 0, size: 1 }],
    [
      { HEADROOM_WORKERS: '3', AWS_BATCH_JOB_ARRAY_INDEX: '2' },
      { index: 2, size: 3 },
    ],
    [
      { HEADROOM_WORKERS: '3', JOB_COMPLETION_INDEX: '0' },
      { index: 0, size: 3 },
    ],
  ])('%j', (environment, place) => {
    expect(workerPlace(environment)).toEqual(place);
  });

  it.each([
    { HEADROOM_WORKERS: '0' },
    { HEADROOM_WORKERS: 'many' },
    { AWS_BATCH_JOB_ARRAY_INDEX: '1' },
    { HEADROOM_WORKERS: '2', JOB_COMPLETION_INDEX: '2' },
  ])('is refused for %j', (environment) => {
    expect(() => workerPlace(environment)).toThrow(expect.objectContaining({ code: 'USAGE' }));
  });
});

describe('the barrier', () => {
  it('lets nobody through before all are there, and then all', async () => {
    const objects = new Map<string, string>();
    const through: number[] = [];
    const worker = async (index: number): Promise<void> => {
      await waitForWorkers(memoryStore(objects), { index, size: 3 }, { withinMs: 30_000, signal });
      expect([...objects.keys()].filter((key) => key.startsWith('ready/'))).toHaveLength(3);
      through.push(index);
    };
    await Promise.all([worker(0), worker(1), worker(2)]);
    expect(through.toSorted()).toEqual([0, 1, 2]);
  });

  it('opens to nobody when one ended before, and says which', async () => {
    const objects = new Map([['worker-1/outcome.json', '{}']]);
    const waiting = waitForWorkers(memoryStore(objects), { index: 0, size: 2 }, { withinMs: 30_000, signal });
    await expect(waiting).rejects.toMatchObject({
      code: 'RESOURCE_MISSING',
      message: expect.stringContaining('worker-1 ended before the load began'),
    });
  });

  it('is not opened by the workers of another run', async () => {
    const objects = new Map([
      ['ready/0', ''],
      ['ready/1', ''],
    ]);
    const waiting = waitForWorkers(memoryStore(objects), { index: 0, size: 2 }, { withinMs: 1_000, signal });
    await expect(waiting).rejects.toMatchObject({ code: 'USAGE', message: expect.stringContaining('another run') });
  });

  it('gives up in time, and on Ctrl-C', async () => {
    const place = { index: 0, size: 2 };
    await expect(waitForWorkers(memoryStore(), place, { withinMs: 0, signal })).rejects.toThrow(
      /1 of 2 workers were ready/,
    );
    const stopped = AbortSignal.abort(new Error('stopped'));
    await expect(waitForWorkers(memoryStore(), place, { withinMs: 1_000, signal: stopped })).rejects.toThrow('stopped');
  });
});

describe('outcomes of the workers', () => {
  it('come in their order, null for one that gives none in time', async () => {
    const store = memoryStore(new Map([['worker-1/outcome.json', '{"b":1}']]));
    expect(await collectOutcomes(store, 2, { withinMs: 0, signal })).toEqual([null, '{"b":1}']);
  });
});

describe('the address of a store', () => {
  it.each([
    ['s3://results', { bucket: 'results', prefix: '' }],
    ['s3://results/runs/a/', { bucket: 'results', prefix: 'runs/a' }],
  ])('%s', (text, address) => {
    expect(parseStoreAddress('--upload', text)).toEqual(address);
  });
  it.each(['results', 's3://', 's3://UPPER/x', 'https://results/x'])('is not %s', (text) => {
    expect(() => parseStoreAddress('--upload', text)).toThrow(/--upload: expected s3:\/\/bucket\/prefix/);
  });
});
