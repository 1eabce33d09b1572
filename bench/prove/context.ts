/** What every scenario of a run shares: the cluster, the client, the seed, and who listens. */
import type { LoadSpec, OpenLoad } from '../load/types.ts';
import type { OnProgress } from '../progress.ts';

export interface ScenarioContext {
  /** The same for every session of the run. */
  readonly load: Pick<
    LoadSpec,
    'target' | 'driver' | 'seed' | 'onIncident' | 'mask' | 'observer' | 'shape' | 'publishP99Ms'
  >;
  /** Opens the load in more than one process; in this one when left out. */
  readonly open?: OpenLoad;
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
  /** A remark that belongs into the report, such as a cap that took effect. */
  readonly onNote: (note: string) => void;
}
