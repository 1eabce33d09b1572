import { formatDurationMs } from '../units.ts';
import type { Doubt } from './doubts.ts';

/** Below this a host is quiet (measuring.md 15). */
export const quietHostMs = 1;

/**
 * A late timer makes a record look later, never earlier: a pass stands whatever the noise. A bound that is missed by no
 * more than the host's own noise may be the host's doing. See docs/decisions/host-noise.md.
 */
export function noiseDoubt(hostNoiseP99Ms: number, missedByMs: number): Doubt[] {
  if (!Number.isFinite(hostNoiseP99Ms)) {
    return [{ against: 'notMet', reason: "the host's own noise was not measured" }];
  }
  if (hostNoiseP99Ms <= quietHostMs || missedByMs > hostNoiseP99Ms) return [];
  const noise = formatDurationMs(hostNoiseP99Ms);
  return [{ against: 'notMet', reason: `missed by less than the host's own noise of ${noise}` }];
}
