/** How large and how fast the disk of a broker must be, with the reserves of the policy. */
import { awsStandardModel } from '../facts/sizing-rules.ts';
import { gibibyte, mebibyte } from './broker.ts';
import { storedBytesPerBroker, volumeBytesPerSec } from './broker-uses.ts';
import type { ClusterLoad } from './cluster-load.ts';
import type { CapacityPolicy } from './policy.ts';
import { stagesOf } from './resources.ts';

/** Whole GiB: filled to `volumeFill` in the worse of both stages. */
export function neededGiB(load: ClusterLoad, policy: CapacityPolicy): number {
  const bytes = stagesOf(load.brokers, load.survivors).map((stage) =>
    stage.alive < 1 ? 0 : storedBytesPerBroker(load, stage) / policy.volumeFill,
  );
  return Math.ceil(Math.max(...bytes) / gibibyte);
}

/**
 * MiB/s of one disk, used to `throughputFill` of its limit: by the bytes it moves in the worse of both stages, and by AWS's
 * sum, which takes `bytesPerByteIn` of each byte that producers send.
 */
export function neededMiBps(load: ClusterLoad, policy: CapacityPolicy, bytesPerByteIn: number): number {
  const moved = stagesOf(load.brokers, load.survivors).map((stage) =>
    stage.alive < 1 ? 0 : volumeBytesPerSec(load, stage) / policy.volumeThroughput[stage.state],
  );
  const utilisation = awsStandardModel.utilisation.value ?? Number.NaN;
  const guided = ((load.peakInBytesPerSec / load.brokers) * bytesPerByteIn) / utilisation;
  return Math.max(...moved, guided) / policy.throughputFill / mebibyte;
}
