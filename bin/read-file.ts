/** Reads a file that the command line names; what it says is up to who asked. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { HeadroomError } from '../lib/errors.ts';

/** `path` is relative to `cwd`. Throws FILE_UNREADABLE, with why and with the hint, when it cannot be read. */
export function readText(path: string, cwd: string, hint: string): string {
  try {
    return readFileSync(resolve(cwd, path), 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const problem = code === 'ENOENT' ? 'does not exist' : `cannot be read (${code ?? String(cause)})`;
    throw new HeadroomError('FILE_UNREADABLE', `${path} ${problem}`, { hint, cause });
  }
}

/** `path` names the `file` to the user. Throws FILE_UNREADABLE, with the hint, when it holds no JSON. */
export function readJson(path: string, hint: string, file: string = path): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new HeadroomError('FILE_UNREADABLE', `${path} cannot be read as JSON`, { hint, cause });
  }
}
