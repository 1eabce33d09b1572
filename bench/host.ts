/** The machine a run is made on: what it is, and how quiet it is before the load. */
import { readFileSync } from 'node:fs';
import { cpus, type as osType, release, totalmem } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Environment } from '../lib/measurement/types.ts';
import type { Machine } from '../lib/plan/calibration/types.ts';

export function describeHost(): Environment['host'] {
  const processors = cpus();
  return {
    cpus: processors.length,
    cpuModel: processors[0]?.model.trim() ?? 'unknown',
    memoryBytes: totalmem(),
    os: `${osType()} ${release()}`,
  };
}

/** The machine as far as what its cores cost depends on it. */
export function describeMachine(): Machine {
  const { cpuModel, os, cpus: cores } = describeHost();
  return { cpuModel, cores, arch: process.arch, os, instanceType: readInstanceType() };
}

/** Instances of the Nitro system say their type as the name of the product. */
function readInstanceType(): string | null {
  const read = (name: string): string | null => {
    try {
      return readFileSync(`/sys/devices/virtual/dmi/id/${name}`, 'utf8').trim();
    } catch {
      return null;
    }
  };
  const product = read('product_name');
  return read('sys_vendor') === 'Amazon EC2' && product?.includes('.') ? product : null;
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
