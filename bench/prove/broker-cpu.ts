/** How many cores each broker used within a window whose edges are known only afterwards. */
import type { PhaseMeasurement } from '../../lib/measurement/types.ts';

/** CPU seconds used so far, by broker; null where it cannot be seen. */
export type ReadCpuSeconds = () => Promise<ReadonlyMap<number, number> | null>;

export interface BrokerCpuWatch {
  /** Between two moments of `performance.now()`; null where it cannot be seen. A broker that died has no figure. */
  coresBetween(fromMs: number, toMs: number): PhaseMeasurement['brokerCpu'];
  stop(): void;
}

interface Sample {
  readonly atMs: number;
  readonly seconds: ReadonlyMap<number, number>;
}

const sampleEveryMs = 250;

export function watchBrokerCpu(read: ReadCpuSeconds): BrokerCpuWatch {
  const samples: Sample[] = [];
  const sample = async (): Promise<void> => {
    const seconds = await read();
    if (seconds !== null) samples.push({ atMs: performance.now(), seconds });
  };
  void sample();
  const timer = setInterval(() => void sample(), sampleEveryMs);
  return {
    coresBetween: (fromMs, toMs) => cores(samples, fromMs, toMs),
    stop: () => clearInterval(timer),
  };
}

/** From the last sample before the window to the first after it, or the nearest there are. */
export function cores(samples: readonly Sample[], fromMs: number, toMs: number): PhaseMeasurement['brokerCpu'] {
  const first = samples.findLast(({ atMs }) => atMs <= fromMs) ?? samples[0];
  const last = samples.find(({ atMs }) => atMs >= toMs) ?? samples.at(-1);
  if (first === undefined || last === undefined || last.atMs <= first.atMs) return null;
  const elapsedSec = (last.atMs - first.atMs) / 1000;
  return [...last.seconds].flatMap(([broker, seconds]) => {
    const before = first.seconds.get(broker);
    return before === undefined ? [] : [{ broker, cores: (seconds - before) / elapsedSec }];
  });
}
