/**
 * A meeting in a folder, of one machine or shared by many: a file a name, written under another name and then renamed, so that
 * nobody reads half of it.
 */
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Meeting } from './meeting.ts';

/** Removes what another run left in the folder. */
export async function emptyFolderMeeting(folder: string): Promise<Meeting> {
  await rm(folder, { recursive: true, force: true });
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
