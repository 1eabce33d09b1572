/** The machine a run is made on: what it is, and how quiet it is before the load. */
import { cpus, type as osType, release, totalmem } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Environment } from '../lib/measurement/types.ts';

export function describeHost(): Environment['host'] {
  const processors = cpus();
  return {
    cpus: processors.length,
    cpuModel: processors[0]?.model.trim() ?? 'unknown',
    memoryBytes: totalmem(),
    os: `${osType()} ${release()}`,
  };
}

/**
 * p99 lateness of an idle 1 ms timer over `forMs`, in milliseconds: what the host adds to every latency by itself
 * (measuring.md 15). A timer never fires early, so the lateness is never negative.
 */
export async function measureHostNoiseP99Ms(forMs: number, signal: AbortSignal): Promise<number> {
  const lateness: number[] = [];
  const end = performance.now() + forMs;
  for (let now = performance.now(); now < end; ) {
    await sleep(1, undefined, { signal });
    const woken = performance.now();
    lateness.push(Math.max(0, woken - now - 1));
    now = woken;
  }
  lateness.sort((a, b) => a - b);
  return lateness[Math.ceil(lateness.length * 0.99) - 1] ?? 0;
}
