/**
 * Processes are known by pid and start time: a pid alone may by now belong to somebody else.
 * Nothing is ever looked up or ended by name.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

export interface ProcessIdentity {
  readonly pid: number;
  /** Linux: clock ticks since boot, field 22 of /proc/PID/stat. Elsewhere: what `ps -o lstart=` prints. */
  readonly startTime: string;
}

const pollMs = 25;
/** SIGKILL cannot be refused; a process that is still there after this hangs in the kernel. */
const killBoundMs = 5_000;

/** The process that has this pid now; null when there is none or it is a zombie, which only waits to be reaped. */
export function identify(pid: number): ProcessIdentity | null {
  const found = process.platform === 'linux' ? readProcStat(pid) : readPs(pid);
  return found === null || hasEnded(found) ? null : { pid, startTime: found.startTime };
}

/** While other threads of a zombie still end, as a killed broker's do for some milliseconds, its ports and files are open. */
function hasEnded({ state, threads }: { readonly state: string; readonly threads: number }): boolean {
  return state.startsWith('X') || (state.startsWith('Z') && threads <= 1);
}

/** This process. */
export function ownIdentity(): ProcessIdentity {
  const identity = identify(process.pid);
  if (identity === null) throw new Error(`cannot read the start time of process ${process.pid}`);
  return identity;
}

export function isRunning(identity: ProcessIdentity): boolean {
  return identify(identity.pid)?.startTime === identity.startTime;
}

/** Sends a signal if the process is still the one meant; false when it is gone. */
export function sendSignal(identity: ProcessIdentity, name: NodeJS.Signals): boolean {
  if (!isRunning(identity)) return false;
  try {
    return process.kill(identity.pid, name);
  } catch {
    return false;
  }
}

/**
 * Ends the processes: SIGTERM, then SIGKILL for those that are left after `graceMs`; 0 means SIGKILL at once.
 * Resolves with those that even SIGKILL did not end.
 */
export async function endProcesses(
  identities: readonly ProcessIdentity[],
  graceMs: number,
): Promise<readonly ProcessIdentity[]> {
  if (graceMs > 0) {
    for (const identity of identities) sendSignal(identity, 'SIGTERM');
    await waitUntilGone(identities, graceMs);
  }
  for (const identity of identities) sendSignal(identity, 'SIGKILL');
  return await waitUntilGone(identities, killBoundMs);
}

/** Resolves with those still running after `boundMs`, as soon as there are none. */
export async function waitUntilGone(
  identities: readonly ProcessIdentity[],
  boundMs: number,
): Promise<readonly ProcessIdentity[]> {
  const giveUpAtMs = performance.now() + boundMs;
  let left = identities.filter(isRunning);
  while (left.length > 0 && performance.now() < giveUpAtMs) {
    await sleep(pollMs);
    left = left.filter(isRunning);
  }
  return left;
}

/** User and system CPU time of a process in seconds; null where /proc does not tell or the process is gone. */
export function cpuSeconds(identity: ProcessIdentity): number | null {
  if (!isRunning(identity)) return null;
  const stat = readProcStat(identity.pid);
  return stat === null ? null : stat.cpuTicks / clockTicksPerSec;
}

/** USER_HZ, the unit of /proc: 100 on every Linux that Node runs on. */
const clockTicksPerSec = 100;

/** Parses /proc/PID/stat. The program's name in field 2 may hold spaces and brackets, so fields count from the last ")". */
export function parseProcStat(
  text: string,
): { state: string; startTime: string; threads: number; cpuTicks: number } | null {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state, userTicks, systemTicks, startTime] = [fields[0], fields[11], fields[12], fields[19]];
  if (state === undefined || startTime === undefined) return null;
  return { state, startTime, threads: Number(fields[17]), cpuTicks: Number(userTicks) + Number(systemTicks) };
}

function readProcStat(pid: number): ReturnType<typeof parseProcStat> {
  try {
    return parseProcStat(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return null;
  }
}

function readPs(pid: number): { state: string; startTime: string; threads: number } | null {
  const { stdout } = spawnSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
  });
  const [state, ...start] = (stdout ?? '').trim().split(/\s+/);
  return state === undefined || start.length === 0 ? null : { state, startTime: start.join(' '), threads: 1 };
}
