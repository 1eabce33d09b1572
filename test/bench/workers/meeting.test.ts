import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { provenAheadMs, requireOneClock } from '../../../bench/workers/clocks.ts';
import { controlTopicOf, requireOtherNames, runOfControlTopic } from '../../../bench/workers/control-topic.ts';
import { emptyFolderMeeting, folderMeeting } from '../../../bench/workers/folder-meeting.ts';
import { nameOfRun, nameOfWorker, names } from '../../../bench/workers/meeting.ts';
import { planUseCase } from '../../../lib/plan/plan.ts';
import { topicOf, useCaseOf } from '../../plan/use-cases.ts';
import { memoryLog, type Place, placesToMeet } from './meetings.ts';

/** However busy the machine is. */
const patiently = { timeout: 60_000, interval: 5 };

let place: Place;
afterEach(() => {
  place?.remove();
  vi.restoreAllMocks();
});

describe.each(placesToMeet)('%s', (_, open) => {
  beforeEach(async () => {
    place = await open();
  });

  it('has nothing under a name that nobody used', async () => {
    expect(await (await place.open()).get('plan')).toBeNull();
  });

  it.each<[string, unknown]>([
    ['an object', { a: [1, 'ü', null] }],
    ['an empty text', ''],
    ['what is longer than a message', 'ö'.repeat(700_000)],
    ['what fills a message to the byte', 'x'.repeat(512 * 1024 - 2)],
  ])('brings %s to those who came before and after', async (_what, value) => {
    const [early, writer] = [await place.open(), await place.open()];
    await writer.put('plan', value);
    const late = await place.open();
    for (const reader of [early, writer, late])
      await vi.waitFor(async () => expect(await reader.get('plan')).toEqual(value), patiently);
    for (const one of [early, writer, late]) await one.close();
  });

  it('gives the latest value of each name, whoever put it', async () => {
    const [one, other] = [await place.open(), await place.open()];
    await one.put('a', 1);
    await other.put('b', 'x'.repeat(1_200_000));
    await other.put('a', 2);
    await vi.waitFor(async () => expect([await one.get('a'), await other.get('a')]).toEqual([2, 2]), patiently);
    await vi.waitFor(async () => expect(await one.get<string>('b')).toHaveLength(1_200_000), patiently);
  });
});

it('a folder loses what another run left in it, and nothing else', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'headroom-meet-'));
  const alive = [nameOfRun, nameOfWorker(2)].map(names.alive);
  const byRun = [names.plan, names.clock, names.end, names.phase(10)];
  const byWorker = [names.ready, names.clockOf, names.failed, names.left].map((nameOf) => nameOf(63));
  for (const name of [...alive, ...byRun, ...byWorker, names.result(1, 12)]) await folderMeeting(folder).put(name, {});
  writeFileSync(join(folder, 'plan.json.4711.partial'), '{');
  const foreign = ['important.txt', 'planning.json', 'worker-notes.json'];
  for (const name of foreign) writeFileSync(join(folder, name), '');
  await emptyFolderMeeting(folder);
  expect(readdirSync(folder).toSorted()).toEqual(foreign);
  rmSync(folder, { recursive: true });
});

describe('a topic', () => {
  it('takes no value whose writer died in the middle of it, and the next one whole', async () => {
    const log = memoryLog();
    const writer = await log.open();
    await writer.put('result', 'x'.repeat(1_500_000));
    const [first, second, third, ...more] = log.records.splice(0);
    expect(more).toEqual([]);
    if (first === undefined || second === undefined || third === undefined) return expect.unreachable('three parts');
    log.records.push(first, second);
    const reader = await log.open();
    await vi.waitFor(() => expect(log.readers.size).toBe(2), patiently);
    expect(await reader.get('result')).toBeNull();
    await writer.put('result', 'y'.repeat(600_000));
    await vi.waitFor(async () => expect(await reader.get('result')).toBe('y'.repeat(600_000)), patiently);
    // The tail of a value that begins nowhere.
    for (const each of log.readers) each.onRecord(third);
    expect(await reader.get('result')).toBe('y'.repeat(600_000));
  });

  it('that cannot be read any more says so', async () => {
    const log = memoryLog();
    const reader = await log.open();
    for (const each of log.readers) each.onFailure(new Error('the topic is gone'));
    await expect(reader.get('plan')).rejects.toThrow('the topic is gone');
  });

  it('has the name of its run', () => {
    expect(runOfControlTopic(controlTopicOf('0a1b2c3d'))).toBe('0a1b2c3d');
    expect(['orders', 'headroom-0A1B2C3D-workers', 'headroom-0a1b2c3d-workers2'].map(runOfControlTopic)).toEqual([
      null,
      null,
      null,
    ]);
  });
});

it('a use case whose topic would be taken for the control topic is refused', () => {
  const planOf = (name: string) => planUseCase(useCaseOf([topicOf({ name })]));
  expect(() => requireOtherNames(planOf('orders'))).not.toThrow();
  expect(() => requireOtherNames(planOf('workers'))).toThrow(expect.objectContaining({ code: 'USAGE' }));
});

describe('the clocks of the workers', () => {
  it.each<[string, number, number]>([
    ['shown between the asking and the seeing', 1_050, 0],
    ['ahead by more than the answer was under way', 3_000, 1_900],
    ['behind what it was when it was asked', 400, -600],
  ])('%s', (_, nowMs, expected) => {
    expect(provenAheadMs({ nowMs }, 1_000, 1_100)).toBe(expected);
  });

  const ask = async (shownMs: readonly number[], workers = shownMs.length): Promise<void> => {
    const meeting = await memoryLog().open();
    for (const [worker, nowMs] of shownMs.entries()) await meeting.put(names.clockOf(worker), { nowMs });
    await requireOneClock(meeting, workers, { withinMs: 200, signal: new AbortController().signal });
  };

  it('may differ a little, and are refused by name and amount otherwise', async () => {
    vi.spyOn(Date, 'now').mockReturnValue(1_000_000);
    await ask([1_000_000, 999_750, 1_000_250]);
    await expect(ask([1_000_000, 999_749, 1_090_000])).rejects.toMatchObject({
      code: 'RESOURCE_MISSING',
      message: expect.stringMatching(/more than 250 ms.*: worker 1 by 251 ms behind, worker 2 by 1.5 min ahead$/),
    });
  });

  it('are missing where a worker gives no answer', async () => {
    await expect(ask([Date.now()], 2)).rejects.toThrow('worker 1 was ready, then gave no answer within 0.2 s');
  });
});
