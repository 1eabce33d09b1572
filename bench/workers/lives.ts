/** Which workers live: one whose file has not changed for a while is lost, on whatever machine it ran. */
import { files, readJson } from './directory.ts';

/** Many beats, so that a stalled machine is not taken for a dead one at once. */
const lostAfterMs = 10_000;

interface Life {
  beats: number;
  seenMs: number;
  told: boolean;
}

export class Lives {
  readonly #folder: string;
  readonly #lives: Life[];

  constructor(folder: string, workers: number) {
    this.#folder = folder;
    this.#lives = Array.from({ length: workers }, () => ({ beats: -1, seenMs: performance.now(), told: false }));
  }

  /** False when the worker is lost, or said itself that it failed. */
  async look(worker: number): Promise<boolean> {
    const life = this.#lives[worker];
    if (life === undefined) throw new RangeError(`no worker ${worker}`);
    const alive = await readJson<{ beats: number }>(this.#folder, files.alive(worker));
    if (alive !== null && alive.beats !== life.beats) {
      life.beats = alive.beats;
      life.seenMs = performance.now();
    }
    if ((await readJson(this.#folder, files.failed(worker))) !== null) return false;
    return performance.now() - life.seenMs <= lostAfterMs;
  }

  /** True the first time it is asked of a worker: a loss is told once. */
  tell(worker: number): boolean {
    const life = this.#lives[worker];
    const isNew = life !== undefined && !life.told;
    if (life !== undefined) life.told = true;
    return isNew;
  }
}
