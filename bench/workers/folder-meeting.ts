/**
 * A meeting in a folder, of one machine or shared by many: a file a name, written under another name and then renamed, so that
 * nobody reads half of it.
 */
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Meeting } from './meeting.ts';

/** What a run and its workers write, whole or cut short. */
const ours = /^(plan|clock|end|run-alive|phase-\d+|worker-\d+-[a-z]+(-\d+)?)\.json(\.\d+\.partial)?$/;

/** Removes what another run left in the folder, and nothing else: the folder may be anybody's. */
export async function emptyFolderMeeting(folder: string): Promise<Meeting> {
  await mkdir(folder, { recursive: true });
  const left = (await readdir(folder)).filter((name) => ours.test(name));
  await Promise.all(left.map(async (name) => await rm(join(folder, name), { force: true })));
  return folderMeeting(folder);
}

export function folderMeeting(folder: string): Meeting {
  const pathOf = (name: string): string => join(folder, `${name}.json`);
  return {
    place: folder,
    put: async (name, value) => {
      await mkdir(folder, { recursive: true });
      const temporary = `${pathOf(name)}.${process.pid}.partial`;
      await writeFile(temporary, JSON.stringify(value));
      await rename(temporary, pathOf(name));
    },
    get: async <T>(name: string) => {
      const text = await readFile(pathOf(name), 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return null;
        throw error;
      });
      return text === null ? null : (JSON.parse(text) as T);
    },
    close: async () => {},
  };
}
