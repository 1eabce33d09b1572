import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openJournal } from '../../../bench/experiment/journal.ts';
import type { Repeat } from '../../../lib/experiment/types.ts';
import { noFigures } from '../../experiment/simulated.ts';
import { planned } from './planned.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'headroom-journal-'));
});
afterAll(async () => {
  await rm(dir, { recursive: true, force: true });
});

const { spec } = planned(['acks=all,1']);
const repeat = (round: number): Repeat => ({ cell: 'acks=all', round, figures: noFigures, doubts: [] });

it('goes on with what was finished, also after a line that was cut short', async () => {
  const path = join(dir, 'cut.jsonl');
  const journal = await openJournal(path, spec);
  await journal.add(repeat(0));
  await appendFile(path, '{"cell":"acks=al');
  const resumed = await openJournal(path, spec);
  expect(resumed.finished).toEqual([repeat(0)]);
  await resumed.add(repeat(1));
  expect((await openJournal(path, spec)).finished).toEqual([repeat(0), repeat(1)]);
});

it('allows more rounds of the same experiment', async () => {
  const path = join(dir, 'rounds.jsonl');
  await (await openJournal(path, spec)).add(repeat(0));
  const longer = { ...spec, lengths: { ...spec.lengths, rounds: 20 } };
  expect((await openJournal(path, longer)).finished).toHaveLength(1);
});

it('refuses the journal of another experiment by what differs, and leaves it as it is', async () => {
  const path = join(dir, 'other.jsonl');
  await openJournal(path, spec);
  const before = await readFile(path, 'utf8');
  await expect(openJournal(path, { ...spec, seed: 2 })).rejects.toThrow(/is of another experiment: its seed differ/);
  const skewed = { ...spec, shape: { arrivals: 'poisson' as const } };
  await expect(openJournal(path, skewed)).rejects.toThrow(/its shape differ/);
  await expect(openJournal(path, planned(['acks=all,0']).spec)).rejects.toThrow(/its settings differ/);
  expect(await readFile(path, 'utf8')).toBe(before);
});
