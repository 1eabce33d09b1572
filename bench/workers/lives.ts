/** Whether another part of a run lives: one whose file has not changed for a while is lost, on whatever machine it ran. */
import { files, readJson } from './directory.ts';

/** Many beats, so that a stalled machine is not taken for a dead one at once. */
const lostAfterMs = 10_000;

export class Life {
  readonly #folder: string;
  readonly #who: string;
  #beats = -1;
  #seenMs = performance.now();
  #told = false;

  constructor(folder: string, who: string) {
    this.#folder = folder;
    this.#who = who;
  }

  /** False when it is lost. */
  async look(): Promise<boolean> {
    const alive = await readJson<{ beats: number }>(this.#folder, files.alive(this.#who));
    if (alive !== null && alive.beats !== this.#beats) {
      this.#beats = alive.beats;
      this.#seenMs = performance.now();
    }
    return performance.now() - this.#seenMs <= lostAfterMs;
  }

  /** True the first time it is asked: a loss is told once. */
  tell(): boolean {
    const isNew = !this.#told;
    this.#told = true;
    return isNew;
  }
}
