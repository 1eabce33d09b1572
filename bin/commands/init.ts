/** `headroom init`: a commented use case to start from. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { packageRoot } from '../../bench/package-root.ts';
import { exitCodes, HeadroomError } from '../../lib/errors.ts';
import type { Command } from '../command.ts';

const defaultFile = 'use-case.yaml';

export const command: Command = {
  name: 'init',
  arguments: '[FILE]',
  minArguments: 0,
  maxArguments: 1,
  summary: 'write a commented use case to start from',
  options: {},
  notes: `FILE defaults to ${defaultFile}. A file that exists is never overwritten.`,
  examples: ['headroom init my-use-case.yaml'],
  run: async ({ positionals, cwd, stdout }) => {
    const path = positionals[0] ?? defaultFile;
    writeNew(path, resolve(cwd, path), readFileSync(join(packageRoot, 'examples', 'starter.yaml'), 'utf8'));
    stdout(`wrote ${path}\nedit it, then see what it takes: headroom plan ${path}\n`);
    return exitCodes.met;
  },
};

function writeNew(path: string, file: string, text: string): void {
  try {
    // The flag makes the check and the creation one step, so that nothing written in between is lost.
    writeFileSync(file, text, { flag: 'wx' });
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === 'EEXIST') {
      throw new HeadroomError('USAGE', `init: ${path} exists already, nothing was written`, {
        hint: 'name another file, for instance: headroom init my-use-case.yaml',
        cause,
      });
    }
    if (code === 'ENOSPC') throw new HeadroomError('DISK_FULL', `init: no space left to write ${path}`, { cause });
    throw new HeadroomError('USAGE', `init: ${path} cannot be written (${code ?? String(cause)})`, {
      hint: 'name a file in a folder that exists and that you may write to',
      cause,
    });
  }
}
