/**
 * What must be taken back on this machine even when the drill is killed: written before it is done, replayed by the next
 * drill. Brokers need no entry, for the watchdog of the local cluster ends them.
 */
import { spawnSync } from 'node:child_process';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Environment } from '../local/executable.ts';
import { isRunning, ownIdentity, type ProcessIdentity } from '../local/processes.ts';
import { registryDir } from '../local/registry.ts';

export interface MountEntry {
  readonly mountPoint: string;
  /** File that holds the file system; goes with it. */
  readonly image: string;
}

interface JournalFile {
  readonly schemaVersion: 1;
  readonly owner: ProcessIdentity;
  readonly mounts: readonly MountEntry[];
}

export class UndoJournal {
  readonly #path: string;
  #mounts: readonly MountEntry[] = [];

  private constructor(path: string) {
    this.#path = path;
  }

  /** A journal of this process; first undoes what dead ones left behind. */
  static async open(env: Environment = process.env): Promise<UndoJournal> {
    const dir = journalDir(env);
    await mkdir(dir, { recursive: true });
    await replayLeftovers(dir);
    return new UndoJournal(join(dir, `${process.pid}.json`));
  }

  /** Call it before mounting. */
  async willMount(entry: MountEntry): Promise<void> {
    this.#mounts = [...this.#mounts, entry];
    await this.#write();
  }

  /** Undoes everything, last first. Safe to call twice. */
  async undoAll(): Promise<void> {
    for (const entry of this.#mounts.toReversed()) await unmount(entry);
    this.#mounts = [];
    await rm(this.#path, { force: true });
  }

  async #write(): Promise<void> {
    const content: JournalFile = { schemaVersion: 1, owner: ownIdentity(), mounts: this.#mounts };
    await writeFile(this.#path, JSON.stringify(content));
  }
}

export function journalDir(env: Environment = process.env): string {
  return join(registryDir(env), '..', 'faults');
}

async function replayLeftovers(dir: string): Promise<void> {
  for (const name of (await readdir(dir)).filter((each) => each.endsWith('.json'))) {
    const path = join(dir, name);
    const left = JSON.parse(await readFile(path, 'utf8')) as JournalFile;
    if (isRunning(left.owner)) continue;
    for (const entry of left.mounts.toReversed()) await unmount(entry);
    await rm(path, { force: true });
  }
}

/** Lazily: a broker that was killed a moment ago may still hold files open. Not mounted any more is no error. */
async function unmount({ mountPoint, image }: MountEntry): Promise<void> {
  spawnSync('umount', ['--lazy', mountPoint], { stdio: 'ignore' });
  await rm(image, { force: true });
}
