/** What the machine of the harness says of itself: counters that only rise, so that any window can be cut out of them. */
import { readFileSync, statSync } from 'node:fs';
import { cpus } from 'node:os';

export interface CpuTimes {
  readonly busyMs: number;
  readonly totalMs: number;
  readonly cores: number;
}

/** Of all cores together, by whomever. */
export function readCpuTimes(): CpuTimes {
  let busyMs = 0;
  let totalMs = 0;
  const processors = cpus();
  for (const { times } of processors) {
    const { user, nice, sys, idle, irq } = times;
    busyMs += user + nice + sys + irq;
    totalMs += user + nice + sys + idle + irq;
  }
  return { busyMs, totalMs, cores: processors.length };
}

/**
 * Milliseconds in which the disk of each folder had requests, by device; a device that the kernel keeps no figures of, such
 * as memory, has none.
 */
export function readDiskBusyMs(folders: readonly string[]): ReadonlyMap<string, number> {
  const busy = new Map<string, number>();
  for (const folder of folders) {
    const device = deviceOf(folder);
    const milliseconds = device === null || busy.has(device) ? null : readIoTicks(device);
    if (device !== null && milliseconds !== null) busy.set(device, milliseconds);
  }
  return busy;
}

/** `major:minor`, by the encoding of dev_t on Linux. */
function deviceOf(folder: string): string | null {
  try {
    const { dev } = statSync(folder);
    const major = (dev >>> 8) & 0xfff;
    const minor = (dev & 0xff) | ((dev >>> 12) & 0xfff00);
    return `${major}:${minor}`;
  } catch {
    return null;
  }
}

/** The 10th figure of a device's stat: time with requests under way. https://docs.kernel.org/block/stat.html */
function readIoTicks(device: string): number | null {
  try {
    const milliseconds = Number(readFileSync(`/sys/dev/block/${device}/stat`, 'utf8').trim().split(/\s+/)[9]);
    return Number.isFinite(milliseconds) ? milliseconds : null;
  } catch {
    return null;
  }
}
