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

/** Small beside the shortest window, a second: what is read between two samples is spread evenly over them. */
const sampleEveryMs = 100;

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

/**
 * Between the edges, each on the line from the sample before it to the one after: what a broker uses once the load has
 * ended must not count as cores of the load. Where there is no sample beyond an edge, the nearest one is the edge.
 */
export function cores(samples: readonly Sample[], fromMs: number, toMs: number): PhaseMeasurement['brokerCpu'] {
  const first = momentAt(samples, fromMs);
  const last = momentAt(samples, toMs);
  if (first === null || last === null || last.atMs <= first.atMs) return null;
  const elapsedSec = (last.atMs - first.atMs) / 1000;
  return [...last.seconds].flatMap(([broker, seconds]) => {
    const before = first.seconds.get(broker);
    return before === undefined ? [] : [{ broker, cores: (seconds - before) / elapsedSec }];
  });
}

function momentAt(samples: readonly Sample[], atMs: number): Sample | null {
  const before = samples.findLast((sample) => sample.atMs <= atMs);
  const after = samples.find((sample) => sample.atMs >= atMs);
  if (before === undefined || after === undefined || after.atMs === before.atMs) return before ?? after ?? null;
  const share = (atMs - before.atMs) / (after.atMs - before.atMs);
  const seconds = [...after.seconds].flatMap(([broker, later]): readonly [number, number][] => {
    const earlier = before.seconds.get(broker);
    return earlier === undefined ? [] : [[broker, earlier + share * (later - earlier)]];
  });
  return { atMs, seconds: new Map(seconds) };
}
