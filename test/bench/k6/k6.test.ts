import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { ProgramTopic } from '../../../bench/drivers/program.ts';
import { ensureK6, k6Source, pinnedK6Version } from '../../../bench/k6/build.ts';
import { parseEvent } from '../../../bench/k6/events.ts';
import { scriptPlan } from '../../../bench/k6/script-plan.ts';

const topic: ProgramTopic = {
  topic: 'run-orders',
  ratePerSec: 200,
  firstId: 40,
  producers: 4,
  settings: { acks: 'all', idempotent: true, compression: 'lz4', deliveryTimeoutMs: 30_000 },
  lingerMs: 5,
  batchBytes: 16_384,
  records: [{ key: '00000001', value: 'x'.repeat(20) }],
  idOffset: 6,
  idDigits: 10,
  timestampOffset: null,
};

function planOf(topics: readonly ProgramTopic[], publishP99Ms: number | null) {
  const plan = scriptPlan({
    target: { bootstrap: ['h:1'], clientId: 'c' },
    topics,
    durationMs: 2_000,
    publishP99Ms,
    signal: new AbortController().signal,
    onEvent: () => {},
  });
  return plan as typeof plan & { options: { scenarios: Record<string, object>; thresholds: object } };
}

it('asks of k6 what the use case asks for, and that it drops nothing', () => {
  const { options } = planOf([topic, { ...topic, topic: 'run-other' }], 50);
  expect(options.thresholds).toEqual({
    dropped_iterations: ['count==0'],
    kafka_writer_error_count: ['count==0'],
    'headroom_publish{topic:run-orders}': ['p(99)<=50'],
    'headroom_publish{topic:run-other}': ['p(99)<=50'],
  });
  expect(planOf([topic], null).options.thresholds).toEqual({
    dropped_iterations: ['count==0'],
    kafka_writer_error_count: ['count==0'],
  });
});

it.each([
  [200, 1, 5, '5000000000000ns', 200],
  [1_000 / 3, 1, 3, '3000000000000ns', 300],
  [2_500, 3, 1.2, '1200000000000ns', 300],
  [0.5, 1, 2_000, '2000000000000000ns', 10],
])('starts iterations for %d records/s', (ratePerSec, together, everyMs, timeUnit, users) => {
  const { options, topics } = planOf([{ ...topic, ratePerSec }], null);
  expect(topics['run-orders']?.recordsPerIteration).toBe(together);
  expect(topics['run-orders']?.everyMs).toBeCloseTo(everyMs, 9);
  expect(options.scenarios['run-orders']).toMatchObject({
    executor: 'constant-arrival-rate',
    rate: 1_000_000,
    timeUnit,
    maxVUs: users,
    env: { HEADROOM_TOPIC: 'run-orders' },
  });
});

it('gives the writer the settings of the plan in the words of xk6-kafka', () => {
  expect(planOf([topic], null).topics['run-orders']?.writer).toEqual({
    brokers: ['h:1'],
    topic: 'run-orders',
    clientId: 'c',
    requiredAcks: -1,
    idempotent: true,
    compression: 'lz4',
    batchTimeout: 5_000_000,
    batchBytes: 16_384,
    deliveryTimeout: 30_000_000_000,
  });
});

it('reads what the module tells of each record, and nothing else', () => {
  expect(parseEvent('s run-orders 00000000ff 1700000000123456')).toEqual({
    topic: 'run-orders',
    id: 255,
    atMs: 1_700_000_000_123.456,
    kind: 'handedOver',
  });
  expect(parseEvent('a t 1 3 77 5000')).toEqual({
    topic: 't',
    id: 1,
    atMs: 5,
    kind: 'acknowledged',
    partition: 3,
    offset: 77,
  });
  expect(parseEvent('a t 1 3 -1 5000')).toMatchObject({ offset: null });
  expect(parseEvent('f t 1 5000 "a \\"word\\""')).toEqual({
    topic: 't',
    id: 1,
    atMs: 5,
    kind: 'failed',
    reason: 'a "word"',
  });
  for (const line of ['', 's t ---------- 5', 'a t 1 5000', 'f t 1 5000', 's t 1', 'x t 1 5000', 's t 1 2 3 4']) {
    expect(parseEvent(line), line).toBeNull();
  }
});

it('says what to do where Go is missing, and leaves nothing behind', async () => {
  const home = await mkdtemp(join(tmpdir(), 'headroom-k6-'));
  try {
    const building = ensureK6({
      onProgress: () => {},
      signal: new AbortController().signal,
      env: { HOME: home, PATH: home },
    });
    await expect(building).rejects.toMatchObject({
      code: 'RESOURCE_MISSING',
      exitCode: 69,
      hint: expect.stringContaining('go.dev'),
    });
  } finally {
    await rm(home, { recursive: true });
  }
});

it('is the version that go.mod pins', async () => {
  expect(pinnedK6Version(await readFile(join(k6Source, 'go.mod'), 'utf8'))).toBe('1.8.1');
  expect(() => pinnedK6Version('module x')).toThrow('pins no');
});
