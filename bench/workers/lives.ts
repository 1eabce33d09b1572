/** Whether another part of a run lives: one whose sign has not changed for a while is lost, on whatever machine it ran. */
import { type Meeting, names } from './meeting.ts';

/** Longer than a control topic is without a leader after a broker died: the broker's session of 9 s, and an election. */
export const lostAfterMs = 20_000;

export class Life {
  readonly #meeting: Meeting;
  readonly #who: string;
  #beats = -1;
  #seenMs = performance.now();
  #told = false;

  constructor(meeting: Meeting, who: string) {
    this.#meeting = meeting;
    this.#who = who;
  }

  /** False when it is lost. */
  async look(): Promise<boolean> {
    const alive = await this.#meeting.get<{ beats: number }>(names.alive(this.#who));
    if (alive !== null && alive.beats !== this.#beats) {
      this.#beats = alive.beats;
      this.#seenMs = performance.now();
    }
    return performance.now() - this.#seenMs <= lostAfterMs;
  }

  get isTold(): boolean {
    return this.#told;
  }

  /** True the first time it is asked: a loss is told once. */
  tell(): boolean {
    const isNew = !this.#told;
    this.#told = true;
    return isNew;
  }
}
