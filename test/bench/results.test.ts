import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createResultsFolder, folderTime, readResults } from '../../bench/results.ts';

let base = '';
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'headroom-results-'));
});
afterEach(async () => {
  await rm(base, { recursive: true });
});
const startedAt = new Date('2026-11-21T04:10:22.345Z');

describe('createResultsFolder', () => {
  it('is named by use case and UTC time', async () => {
    const folder = await createResultsFolder(base, 'course-events', startedAt);
    expect(folder.path).toBe(join(base, 'course-events', '2026-11-21T04-10-22Z'));
    expect(folderTime(startedAt)).toBe('2026-11-21T04-10-22Z');
  });

  it('gives a second run in the same second a folder of its own', async () => {
    const first = await createResultsFolder(base, 'x', startedAt);
    const second = await createResultsFolder(base, 'x', startedAt);
    expect(second.path).toBe(`${first.path}-2`);
  });

  it('says that a file stands where the folder should be', async () => {
    await writeFile(join(base, 'taken'), '');
    await expect(createResultsFolder(join(base, 'taken'), 'x', startedAt)).rejects.toMatchObject({
      code: 'FILE_UNREADABLE',
      exitCode: 64,
      hint: expect.stringContaining('--out'),
    });
  });

  it.runIf(process.platform === 'linux')('gives up where no folder can be made', async () => {
    await expect(createResultsFolder('/proc/none/here', 'x', startedAt)).rejects.toThrow(/cannot write .*ENOENT/);
  });

  it.runIf(process.platform === 'linux')('calls a full disk by its name', async () => {
    // The kernel's own full device: every write to it fails with ENOSPC.
    const folder = await createResultsFolder(base, 'x', startedAt);
    await symlink('/dev/full', `${folder.pathOf('plan')}.partial`);
    await expect(folder.write('plan', { any: 1 })).rejects.toMatchObject({ code: 'DISK_FULL', exitCode: 69 });
  });
});

describe('write and readResults', () => {
  it('leaves no partial file, and reads back what was written', async () => {
    const folder = await createResultsFolder(base, 'x', startedAt);
    await folder.write('plan', { schemaVersion: 1 });
    await folder.write('plan', { schemaVersion: 2 });
    await folder.write('useCase', 'useCase: x\n');
    expect(await readdir(folder.path)).toEqual(['plan.json', 'use-case.yaml']);
    expect(await readFile(folder.pathOf('useCase'), 'utf8')).toBe('useCase: x\n');
    expect(await readResults(folder.path, ['plan'])).toEqual({ plan: { schemaVersion: 2 } });
  });

  it('names the file that is missing or damaged', async () => {
    const folder = await createResultsFolder(base, 'x', startedAt);
    await expect(readResults(folder.path, ['verdict'])).rejects.toThrow(/verdict\.json: cannot be read/);
    await folder.write('verdict', '{"half":');
    await expect(readResults(folder.path, ['verdict'])).rejects.toThrow(/verdict\.json: not JSON/);
    await expect(readResults(join(base, 'none'), ['plan'])).rejects.toThrow(/no results folder at/);
  });
});
