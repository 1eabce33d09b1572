/** A folder of its own for each test, and fake programs in it: real processes that misbehave as told. */
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

export function scratchDir(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'headroom-test-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes an executable shell script and gives its path. */
export function script(path: string, body: string): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n${body}\n`);
  chmodSync(path, 0o755);
  return path;
}

/** A JDK that only knows its version, in `folder`/bin. */
export function fakeJdk(folder: string, version = '21.0.4'): void {
  script(join(folder, 'bin', 'java'), `echo 'openjdk version "${version}" 2024-07-16' >&2`);
  script(join(folder, 'bin', 'jcmd'), 'exit 0');
}
