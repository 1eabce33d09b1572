import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Environment variables as a program gets them; a parameter so that tests can plant a broken one. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Full path of a program on PATH, or null. Asked of PATH and not of a shell, so a miss costs no process. */
export function findExecutable(name: string, env: Environment): string | null {
  for (const folder of (env.PATH ?? '').split(delimiter)) {
    const path = join(folder, name);
    if (folder !== '' && isExecutable(path)) return path;
  }
  return null;
}

export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
