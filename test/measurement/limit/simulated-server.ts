/** A server of known capacity: a queue that serves `capacityPerSec` and answers what it has served after `serviceMs`. */
import { createRandom } from '../../../lib/random.ts';

export interface Server {
  readonly capacityPerSec: number;
  readonly serviceMs: number;
  /** Share of the probes in which something unrelated stalls it for `stallMs`. */
  readonly stallShare: number;
  readonly stallMs: number;
  /** Capacity of a probe varies by up to this share of it, either way. */
  readonly wobble: number;
}

export const ideal = { serviceMs: 3, stallShare: 0, stallMs: 0, wobble: 0 } as const;

/** Whether the rate was sustained for a window with publish p99 within the bound, starting from an empty queue. */
export function createProber(
  server: Server,
  seed: number,
  { windowSec = 3, boundMs = 50 } = {},
): (ratePerSec: number) => boolean {
  const random = createRandom(seed);
  return (ratePerSec) => {
    const capacityPerSec = server.capacityPerSec * (1 + server.wobble * (2 * random() - 1));
    const stallMs = random() < server.stallShare ? server.stallMs : 0;
    const stepMs = 1;
    const latencies: number[] = [];
    let backlog = 0;
    for (let atMs = 0; atMs < windowSec * 1000; atMs += stepMs) {
      backlog += (ratePerSec * stepMs) / 1000;
      if (atMs >= stallMs) backlog = Math.max(0, backlog - (capacityPerSec * stepMs) / 1000);
      latencies.push(server.serviceMs + (backlog * 1000) / capacityPerSec);
    }
    latencies.sort((a, b) => a - b);
    const p99Ms = latencies[Math.ceil(latencies.length * 0.99) - 1] ?? Number.POSITIVE_INFINITY;
    const achieved = (ratePerSec * windowSec - backlog) / (ratePerSec * windowSec);
    return p99Ms <= boundMs && achieved >= 0.995;
  };
}
