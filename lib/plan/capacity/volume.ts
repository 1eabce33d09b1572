/** How large and how fast the disk of a broker must be, with the reserves of the policy. */
import { gibibyte, mebibyte, storedBytesPerBroker, volumeBytesPerSec } from './broker-uses.ts';
import type { ClusterLoad } from './cluster-load.ts';
import type { CapacityPolicy } from './policy.ts';
import { stagesOf } from './resources.ts';

/** Whole GiB: filled to `volumeFill` with every broker, never above the ceiling after the loss. */
export function neededGiB(load: ClusterLoad, policy: CapacityPolicy): number {
  const bytes = stagesOf(load.brokers, load.survivors).map((stage) =>
    stage.alive < 1
      ? 0
      : storedBytesPerBroker(load, stage) / (stage.state === 'normal' ? policy.volumeFill : policy.volumeSize.degraded),
  );
  return Math.ceil(Math.max(...bytes) / gibibyte);
}

/** MiB/s of one disk, used to `throughputFill` in the worse of both stages. */
export function neededMiBps(load: ClusterLoad, policy: CapacityPolicy): number {
  const bytes = stagesOf(load.brokers, load.survivors).map((stage) =>
    stage.alive < 1 ? 0 : volumeBytesPerSec(load, stage),
  );
  return Math.max(...bytes) / policy.throughputFill / mebibyte;
}
