import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { journalDir, UndoJournal } from '../../../bench/faults/journal.ts';
import { ownIdentity } from '../../../bench/local/processes.ts';

let dir: string;
let env: Record<string, string>;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'headroom-journal-'));
  env = { XDG_STATE_HOME: dir };
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function entry(name: string) {
  const image = join(dir, `${name}.image`);
  writeFileSync(image, '');
  return { mountPoint: join(dir, name), image };
}

it('is on disk before anything is done, and gone when it was undone', async () => {
  const journal = await UndoJournal.open(env);
  const mount = entry('disk');
  await journal.willMount(mount);
  expect(readdirSync(journalDir(env))).toHaveLength(1);
  await journal.undoAll();
  expect(readdirSync(journalDir(env))).toEqual([]);
  expect(existsSync(mount.image)).toBe(false);
});

it('undoes what a dead drill left behind, and leaves alone what a living one has', async () => {
  mkdirSync(journalDir(env), { recursive: true });
  const [dead, living] = [entry('dead'), entry('living')];
  const write = (name: string, owner: object, mount: object) =>
    writeFileSync(join(journalDir(env), name), JSON.stringify({ schemaVersion: 1, owner, mounts: [mount] }));
  write('1.json', { pid: 1, startTime: 'long ago' }, dead);
  write('2.json', ownIdentity(), living);
  await UndoJournal.open(env);
  expect([existsSync(dead.image), existsSync(living.image)]).toEqual([false, true]);
  expect(readdirSync(journalDir(env))).toEqual(['2.json']);
});
