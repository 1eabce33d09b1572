/**
 * The folder of one run: what was asked, planned, found and judged. Written so that a reader never meets half a file,
 * and complete enough that `report` and `compare` need nothing else.
 */
import { access, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HeadroomError } from '../lib/errors.ts';
import { makeFolders } from './make-folders.ts';

/** Files of a run's folder that other commands read. */
export const resultFiles = {
  useCase: 'use-case.yaml',
  plan: 'plan.json',
  curve: 'rate-curve.csv',
  environment: 'environment.json',
  measurement: 'measurement.json',
  verdict: 'verdict.json',
  experiment: 'experiment.json',
  scenario: 'scenario.json',
  manifest: 'manifest.json',
  html: 'report.html',
  markdown: 'report.md',
  capacity: 'capacity.json',
  capacityHtml: 'capacity.html',
  capacityMarkdown: 'capacity.md',
} as const;

export type ResultFile = keyof typeof resultFiles;

/** Awaited by the write: what must not happen before somebody else knows the file waits for it. */
export type OnWritten = (file: ResultFile, text: string) => Promise<void>;

export interface ResultsFolder {
  readonly path: string;
  /** Text as it is; any other value as JSON with two spaces. Throws FILE_UNREADABLE or DISK_FULL. */
  write(file: ResultFile, content: unknown): Promise<void>;
  pathOf(file: ResultFile): string;
}

/** `2026-11-21T04-10-22Z`: sorts by time and is a file name on every system. */
export function folderTime(at: Date): string {
  return `${at.toISOString().slice(0, 19).replaceAll(':', '-')}Z`;
}

/**
 * Makes `base/<useCase>/<UTC time>/`; a run in the same second gets a suffix.
 * Throws FILE_UNREADABLE when the folder cannot be written, DISK_FULL when there is no room.
 */
export async function createResultsFolder(
  base: string,
  useCase: string,
  startedAt: Date,
  onWritten?: OnWritten,
): Promise<ResultsFolder> {
  const parent = join(base, useCase);
  await attempt(parent, () => makeFolders(parent));
  for (let run = 1; ; run += 1) {
    const path = join(parent, run === 1 ? folderTime(startedAt) : `${folderTime(startedAt)}-${run}`);
    const made = await attempt(path, () => mkdir(path).then(() => true, ignoreExisting));
    if (made) return openResultsFolder(path, onWritten);
  }
}

export function openResultsFolder(path: string, onWritten?: OnWritten): ResultsFolder {
  const pathOf = (file: ResultFile): string => join(path, resultFiles[file]);
  return {
    path,
    pathOf,
    write: async (file, content) => {
      const text = typeof content === 'string' ? content : `${JSON.stringify(content, null, 2)}\n`;
      await attempt(pathOf(file), () => writeAtomically(pathOf(file), text));
      await onWritten?.(file, text);
    },
  };
}

/** Under the final name there is always the whole old or the whole new content. */
async function writeAtomically(path: string, text: string): Promise<void> {
  const temporary = `${path}.partial`;
  await writeFile(temporary, text, { flush: true });
  await rename(temporary, path);
}

/** The parts of a run that `names` lists, parsed. Throws FILE_UNREADABLE with the file that is missing or damaged. */
export async function readResults(
  path: string,
  names: readonly ResultFile[],
): Promise<Readonly<Partial<Record<ResultFile, unknown>>>> {
  const folder = openResultsFolder(path);
  await access(path).catch((error: unknown) => {
    throw new HeadroomError('FILE_UNREADABLE', `no results folder at ${path}`, {
      hint: 'expected a folder that `headroom prove` wrote, such as results/<useCase>/<time>',
      cause: error,
    });
  });
  const parts: Partial<Record<ResultFile, unknown>> = {};
  for (const name of names) parts[name] = await readJson(folder.pathOf(name));
  return parts;
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    const damaged = error instanceof SyntaxError;
    throw new HeadroomError(
      'FILE_UNREADABLE',
      `${path}: ${damaged ? `not JSON: ${error.message}` : 'cannot be read'}`,
      {
        hint: 'expected the folder of a run that ended; a run that was cut short has no verdict',
        cause: error,
      },
    );
  }
}

function ignoreExisting(error: unknown): false {
  if (codeOf(error) === 'EEXIST') return false;
  throw error;
}

async function attempt<T>(path: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOSPC' || code === 'EDQUOT') {
      throw new HeadroomError('DISK_FULL', `no room left to write ${path}`, {
        hint: 'free space, or choose another disk with --out DIR',
        cause: error,
      });
    }
    throw new HeadroomError('FILE_UNREADABLE', `cannot write ${path}: ${code ?? String(error)}`, {
      hint: 'choose a folder you may write with --out DIR',
      cause: error,
    });
  }
}

function codeOf(error: unknown): string | null {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : null;
}
