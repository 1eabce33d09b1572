/** The process that ends the brokers when this one dies; see watchdog.sh for how it knows. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { HeadroomError } from '../../lib/errors.ts';
import { packageRoot } from '../package-root.ts';

export const watchdogPath = join(packageRoot, 'bench', 'local', 'watchdog.sh');

export interface Watchdog {
  /** Ends the watch; the brokers are left as they are. Safe to call twice. */
  dismiss(): Promise<void>;
}

/** Watches over the brokers whose pid files are, or will be, in `recordFolder`. */
export async function startWatchdog(recordFolder: string): Promise<Watchdog> {
  // A session of its own: neither Ctrl-C nor a closing terminal may end it before the brokers.
  const child = spawn('/bin/sh', [watchdogPath, recordFolder], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  try {
    await once(child, 'spawn');
  } catch (cause) {
    throw new HeadroomError('BROKER_START_FAILED', 'the watchdog of the local cluster could not be started', { cause });
  }
  child.stdin.on('error', () => {});
  child.unref();
  // The pipe must not keep this process alive; its end by whatever way is the signal.
  (child.stdin as unknown as { unref(): void }).unref();
  let dismissed: Promise<unknown> | null = null;
  return {
    dismiss: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      // From here on somebody waits for it, so it must keep this process alive.
      child.ref();
      dismissed ??= once(child, 'exit');
      child.stdin.end('done\n');
      await dismissed;
    },
  };
}
