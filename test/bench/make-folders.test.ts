import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { makeFolders } from '../../bench/make-folders.ts';

const scratch = mkdtempSync(join(tmpdir(), 'headroom-folders-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

it('makes what is missing and accepts what is there', async () => {
  const path = join(scratch, 'a', 'b', 'c');
  await makeFolders(path);
  await makeFolders(path);
  expect(existsSync(path)).toBe(true);
});

it('fails below a file instead of going on', async () => {
  writeFileSync(join(scratch, 'file'), '');
  await expect(makeFolders(join(scratch, 'file', 'below'))).rejects.toMatchObject({ code: 'ENOTDIR' });
});

it.runIf(existsSync('/proc/self'))('ends where a file system takes no folders', async () => {
  await expect(makeFolders('/proc/headroom/results')).rejects.toMatchObject({ code: 'ENOENT' });
});
