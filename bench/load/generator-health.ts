/** Whether the harness kept up: its CPU, how busy and how late its event loop was, and the verdict on who set the limit. */
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import type { GeneratorHealth } from '../../lib/measurement/types.ts';

/** Above one of these the harness had no time left ... */
export const busyLimits = { eventLoopUtilisation: 0.95, eventLoopDelayP99Ms: 50 } as const;
/** ... and beyond one of these it shows in the load, so that the result says nothing about the cluster. */
export const loadLimits = { slipP99Ms: 100, achievedRatio: 0.995 } as const;

const delayResolutionMs = 5;

/** What the harness itself used over a window. */
export interface HarnessUse {
  readonly cpuCores: number;
  readonly cpuMicros: number;
  /** Share of the window in which the event loop had work, or waited for a core to do it. */
  readonly eventLoopUtilisation: number;
  readonly eventLoopDelayP99Ms: number;
}

/** Starts watching; the returned function ends it. */
export function watchHarness(): () => HarnessUse {
  const delay = monitorEventLoopDelay({ resolution: delayResolutionMs });
  delay.enable();
  const cpuBefore = process.cpuUsage();
  const loopBefore = performance.eventLoopUtilization();
  const startMs = performance.now();
  return () => {
    delay.disable();
    const { user, system } = process.cpuUsage(cpuBefore);
    const elapsedMs = performance.now() - startMs;
    return {
      cpuMicros: user + system,
      cpuCores: (user + system) / (elapsedMs * 1000),
      eventLoopUtilisation: performance.eventLoopUtilization(loopBefore).utilization,
      // The monitor counts its own interval as delay.
      eventLoopDelayP99Ms: Math.max(0, delay.percentile(99) / 1e6 - delayResolutionMs),
    };
  };
}

export interface LoadOutcome {
  readonly offered: number;
  /** Acknowledged while the window was open. */
  readonly acknowledged: number;
  readonly unsent: number;
  readonly slipP99Ms: number | null;
}

/**
 * The harness was the limit when it had no time left (event loop busy >= 95 % of the window, or its delay p99 >= 50 ms) and that
 * shows in the load (slip p99 > 100 ms, records not sent, or less than 99.5 % of the offered rate acknowledged in time).
 * A load that falls behind an idle harness was held up by the cluster.
 */
export function judgeGenerator(
  driver: { readonly name: string; readonly version: string },
  use: HarnessUse,
  load: LoadOutcome,
): GeneratorHealth {
  const { eventLoopUtilisation, eventLoopDelayP99Ms } = use;
  const busy =
    eventLoopUtilisation >= busyLimits.eventLoopUtilisation || eventLoopDelayP99Ms >= busyLimits.eventLoopDelayP99Ms;
  const effects = [
    load.unsent > 0 ? `${load.unsent} records were never sent` : null,
    (load.slipP99Ms ?? 0) > loadLimits.slipP99Ms ? `slip p99 was ${Math.round(load.slipP99Ms ?? 0)} ms` : null,
    load.acknowledged < loadLimits.achievedRatio * load.offered
      ? `${((100 * load.acknowledged) / load.offered).toFixed(1)} % of the offered rate was achieved`
      : null,
  ].filter((effect) => effect !== null);
  const wasTheLimit = busy && effects.length > 0;
  return {
    driver: driver.name,
    driverVersion: driver.version,
    cpuCores: use.cpuCores,
    cpuMicrosPerRecord: load.acknowledged === 0 ? null : use.cpuMicros / load.acknowledged,
    eventLoopDelayP99Ms,
    slipP99Ms: load.slipP99Ms,
    unsent: load.unsent,
    wasTheLimit,
    reason: wasTheLimit
      ? `the harness was busy ${(100 * eventLoopUtilisation).toFixed(0)} % of the time (event loop delay p99 ${eventLoopDelayP99Ms.toFixed(0)} ms) and ${effects.join(', ')}`
      : null,
  };
}
