/** Every file of a run's folder as an object of the same name. */
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { ObjectStore } from './object-store.ts';

export async function uploadFolder(store: ObjectStore, folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries.filter((one) => one.isFile())) {
    const path = join(entry.parentPath, entry.name);
    await store.put(relative(folder, path).split(sep).join('/'), await readFile(path));
  }
}
