/**
 * k6 as a driver: it sends on its own schedule (bench/k6); the engine reads back, as k6's readers belong to virtual users and
 * not to groups.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HeadroomError } from '../../lib/errors.ts';
import { ensureK6, k6Source, pinnedK6Version } from '../k6/build.ts';
import { k6Program } from '../k6/program.ts';
import type { Driver } from './driver.ts';
import { engineDriver } from './engine.ts';
import type { LoadProgram } from './program.ts';

export const k6Driver: Driver = {
  ...engineDriver,
  name: 'k6',
  // Read when asked: every command loads the drivers.
  get version() {
    return pinnedK6Version(readFileSync(join(k6Source, 'go.mod'), 'utf8'));
  },
  // What it can write, the engine has to read: its own list.
  prepare: async (options) => void (await ensureK6(options)),
  program: withPlainConnections(k6Program),
};

/** The module can do TLS and passwords by files; how this program holds secrets, it cannot hand them over without writing them. */
function withPlainConnections(program: LoadProgram): LoadProgram {
  return {
    start: async (spec) => {
      if (spec.target.security === undefined) return await program.start(spec);
      throw new HeadroomError('USAGE', 'the driver k6 reaches clusters without TLS and sign-in only', {
        hint: 'leave --driver k6 out for a cluster with --client-config',
      });
    },
  };
}
