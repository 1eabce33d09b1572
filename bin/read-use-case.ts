/** Reads a use case file from disk; what it says is up to `lib/requirements`. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { packageRoot } from '../bench/package-root.ts';
import { HeadroomError } from '../lib/errors.ts';
import { nearest } from '../lib/nearest.ts';
import { parseUseCase } from '../lib/requirements/parse.ts';
import { placesOf } from '../lib/requirements/places.ts';
import { maxUseCaseBytes } from '../lib/requirements/source-text.ts';
import type { Requirements } from '../lib/requirements/types.ts';

export interface UseCaseSource {
  readonly text: string;
  readonly requirements: Requirements;
  /** `topics[0].replicas` with its file, line and column before it. */
  readonly placeOf: (path: string) => string;
}

/**
 * The text of the file and the requirements in it; `path` is relative to `cwd`.
 * Throws FILE_UNREADABLE when there is no such text, USE_CASE_INVALID when the text has faults.
 */
export function readUseCase(path: string, cwd: string = process.cwd()): UseCaseSource {
  const text = readText(path, resolve(cwd, path), cwd);
  return { text, requirements: parseUseCase(text, path), placeOf: placesOf(text, path) };
}

function readText(path: string, file: string, cwd: string): string {
  let bytes: Buffer;
  try {
    const { size } = requireFile(path, file);
    if (size > maxUseCaseBytes) {
      throw unreadable(`${path} has ${size} bytes, a use case has at most 1 MiB`, 'check that this is a use case file');
    }
    bytes = readFileSync(file);
  } catch (error) {
    throw error instanceof HeadroomError ? error : explain(error, path, cwd);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw unreadable(`${path} is not UTF-8 text`, 'save it as UTF-8', cause);
  }
}

/** A pipe or a device would be read without end, so only a plain file will do. */
function requireFile(path: string, file: string): { readonly size: number } {
  const stats = statSync(file);
  if (stats.isFile()) return stats;
  const what = stats.isDirectory() ? 'a folder' : 'not a plain file';
  throw unreadable(
    `${path} is ${what}, expected a use case file`,
    `name a file, for instance ${join(path, 'use-case.yaml')}`,
  );
}

function explain(error: unknown, path: string, cwd: string): HeadroomError {
  const code = (error as NodeJS.ErrnoException).code;
  if (code !== 'ENOENT' && code !== 'ENOTDIR') {
    return unreadable(`${path} cannot be read (${code ?? String(error)})`, 'check its permissions', error);
  }
  const suggestion = nearest(path, knownFiles(cwd));
  const hint = suggestion === null ? '' : `did you mean ${suggestion}? `;
  return unreadable(`${path} does not exist`, `${hint}write a file to start from with: headroom init ${path}`, error);
}

/** YAML files that a mistyped path may have meant: those of the working folder and our examples. */
function knownFiles(cwd: string): readonly string[] {
  return [cwd, join(cwd, 'examples'), join(packageRoot, 'examples')].flatMap((folder) => {
    try {
      return readdirSync(folder)
        .filter((name) => /\.ya?ml$/.test(name))
        .map((name) => relative(cwd, join(folder, name)));
    } catch {
      // A folder that is not there suggests nothing.
      return [];
    }
  });
}

function unreadable(message: string, hint: string, cause?: unknown): HeadroomError {
  return new HeadroomError('FILE_UNREADABLE', message, { hint, cause });
}
