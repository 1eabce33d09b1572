/**
 * Do the clocks of all workers agree? Latencies need no common clock, since each worker reads back what it wrote itself; that all
 * phases begin together does. A clock is asked once: what it showed lies between the asking and the seeing of the answer.
 */
import { HeadroomError } from '../../lib/errors.ts';
import { formatDurationMs } from '../../lib/units.ts';
import { type Meeting, names, waitFor } from './meeting.ts';

/** A twentieth of the shortest window that is measured by default. */
const togetherWithinMs = 250;

export interface ClockAnswer {
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
}

/** How far the other clock is ahead of ours (below zero: behind) at least, whatever the answer's way took. */
export function provenAheadMs(other: ClockAnswer, askedMs: number, seenMs: number): number {
  if (other.nowMs > seenMs) return other.nowMs - seenMs;
  return other.nowMs < askedMs ? other.nowMs - askedMs : 0;
}

/** Throws RESOURCE_MISSING for a clock that is wrong by more than a phase can bear, and for a worker that gives no answer. */
export async function requireOneClock(
  meeting: Meeting,
  workers: number,
  { withinMs, signal }: { readonly withinMs: number; readonly signal: AbortSignal },
): Promise<void> {
  const untilMs = performance.now() + withinMs;
  const askedMs = Date.now();
  await meeting.put(names.clock, {});
  const aheadMs = await Promise.all(
    Array.from({ length: workers }, async (_, worker) => {
      const answer = await waitFor(async () => {
        const answer = await meeting.get<ClockAnswer>(names.clockOf(worker));
        if (answer === null && performance.now() > untilMs) throw silent(worker, withinMs);
        return answer;
      }, signal);
      return provenAheadMs(answer, askedMs, Date.now());
    }),
  );
  const wrong = aheadMs.flatMap((ahead, worker) =>
    Math.abs(ahead) <= togetherWithinMs
      ? []
      : [`worker ${worker} by ${formatDurationMs(Math.round(Math.abs(ahead)))} ${ahead > 0 ? 'ahead' : 'behind'}`],
  );
  if (wrong.length === 0) return;
  throw new HeadroomError(
    'RESOURCE_MISSING',
    `clocks differ from this machine's by more than ${togetherWithinMs} ms, so phases could not begin together: ${wrong.join(', ')}`,
    { hint: 'set the clocks of all machines by NTP, for instance with chrony' },
  );
}

function silent(worker: number, withinMs: number): HeadroomError {
  return new HeadroomError(
    'RESOURCE_MISSING',
    `worker ${worker} was ready, then gave no answer within ${withinMs / 1000} s`,
    {
      hint: "see the worker's own messages",
    },
  );
}
