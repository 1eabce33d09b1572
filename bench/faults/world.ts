/** What a fault may act on: one local cluster under load, its Prometheus, the readers beside the load. */
import type { Plan, TopicPlan } from '../../lib/plan/types.ts';
import type { LocalCluster } from '../local/local-cluster.ts';
import type { UndoJournal } from './journal.ts';
import type { Load } from './load.ts';
import type { Reader } from './reader.ts';
import type { SecondDisk } from './second-disk.ts';

export interface FaultWorld {
  readonly cluster: LocalCluster;
  /** http://host:port */
  readonly prometheusUrl: string;
  /** Holds prometheus.yml. */
  readonly monitoringDir: string;
  readonly plan: Plan;
  /** The topic under load, the first of the plan. */
  readonly topic: TopicPlan;
  readonly load: Load;
  /** A group of the drill's own on that topic. */
  readonly reader: Reader;
  /** A group on a topic that keeps its records for seconds. */
  readonly shortReader: Reader;
  /** null: no fault of this drill needs one. */
  readonly secondDisk: SecondDisk | null;
  readonly journal: UndoJournal;
  readonly signal: AbortSignal;
}
