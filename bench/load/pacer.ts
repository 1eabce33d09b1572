/**
 * The arrival schedule, fixed before any of it is due: a constant rate, or arrivals of another kind. A slot is computed from
 * the record's number, never by adding steps, so it neither drifts nor moves when the harness or the cluster falls behind.
 * Times are monotonic milliseconds.
 */
import { type Arrivals, countExactly } from './arrivals.ts';

export interface Schedule {
  /** Slot of the first record. */
  readonly startMs: number;
  /** Of other arrivals: at the beginning. */
  readonly ratePerSec: number;
  /** Left out: evenly at that rate. */
  readonly arrivals?: Arrivals;
  /** Id of the first record; ids go on over the phases of a session. */
  readonly firstId: number;
}

/** When record `id` is due. */
export function slotMs({ startMs, ratePerSec, firstId, arrivals }: Schedule, id: number): number {
  if (arrivals !== undefined) return startMs + arrivals.atMs(id - firstId);
  return startMs + ((id - firstId) * 1000) / ratePerSec;
}

/** The first id that is not due at `nowMs`: every id below it has its slot at or before that time. */
export function firstNotDue(schedule: Schedule, nowMs: number): number {
  const { startMs, ratePerSec, firstId, arrivals } = schedule;
  if (arrivals !== undefined) return firstId + arrivals.countBy(nowMs - startMs);
  if (ratePerSec <= 0 || nowMs < startMs) return firstId;
  let id = firstId + Math.floor(((nowMs - startMs) * ratePerSec) / 1000);
  // The division may round to either side of a slot that falls on `nowMs` exactly.
  while (id > firstId && slotMs(schedule, id - 1) > nowMs) id -= 1;
  while (slotMs(schedule, id) <= nowMs) id += 1;
  return id;
}

/** The same slots up to `fromMs`, and from there on those of `arrivals`, whose times count from then. */
export function goOnWith(schedule: Schedule, fromMs: number, arrivals: Arrivals): Schedule {
  const { startMs, firstId } = schedule;
  const sinceStartMs = fromMs - startMs;
  const before = firstNotDue(schedule, fromMs) - firstId;
  const atMs = (index: number): number =>
    index < before ? slotMs(schedule, firstId + index) - startMs : sinceStartMs + arrivals.atMs(index - before);
  const countBy = (elapsedMs: number): number =>
    elapsedMs < sinceStartMs
      ? firstNotDue(schedule, startMs + elapsedMs) - firstId
      : countExactly(before + arrivals.countBy(elapsedMs - sinceStartMs), elapsedMs, atMs);
  return { ...schedule, arrivals: { atMs, countBy } };
}

/** Producers take turns: the first id at or after `fromId` that belongs to `producer`. */
export function nextOfProducer(fromId: number, producer: number, producers: number): number {
  return fromId + ((((producer - fromId) % producers) + producers) % producers);
}
