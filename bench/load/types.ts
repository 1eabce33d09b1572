/**
 * What the load engine needs to know and what it gives back. A session connects once and runs several phases,
 * so consumers keep their assignments and the ids are checked over all of them.
 */
import type {
  GeneratorHealth,
  Incident,
  SeriesPoint,
  TopicIntegrity,
  TopicMeasurement,
} from '../../lib/measurement/types.ts';
import type { ProducerConfig, TopicPlan } from '../../lib/plan/types.ts';
import type { MaskField } from '../../lib/requirements/envelope.ts';
import type { ConsumerTuning, Driver, DriverTarget } from '../drivers/driver.ts';
import type { SearchCount } from '../privacy/search.ts';
import type { OnProgress } from '../progress.ts';
import type { LoadObserver } from './observer.ts';
import type { LoadShape } from './shape.ts';
import type { WindowCurve } from './window-curve.ts';

export interface LoadSpec {
  readonly target: DriverTarget;
  readonly driver: Driver;
  readonly topics: readonly LoadTopic[];
  readonly seed: number;
  readonly onIncident: (incident: Omit<Incident, 'atMs'>) => void;
  /** Ends the connecting: `openLoad` rejects with its reason, and what was opened is closed. */
  readonly signal?: AbortSignal;
  /** Looks at every value read; for the search for private data. */
  readonly onValue?: (topic: string, value: Buffer) => void;
  /** Where other processes read the values: how many they searched for private data, and found. */
  readonly onSearched?: (count: SearchCount) => void;
  /** Arrivals, keys, sizes and filling of every topic's records; as the use case says when left out. */
  readonly shape?: LoadShape;
  /** The masking step of private fields; another one only where a test switches masking off. */
  readonly mask?: MaskField;
  /** What the use case requires of publish, for a driver that judges while it runs; null and left out: nothing. */
  readonly publishP99Ms?: number | null;
  /** Told of everything while it happens. */
  readonly observer?: LoadObserver;
}

export interface LoadTopic {
  readonly plan: TopicPlan;
  /** Name on the cluster, with the run's prefix. */
  readonly clusterTopic: string;
  /** Overrides of the plan's producer settings, for the trade-off. */
  readonly producer?: Partial<ProducerConfig>;
  /** Left out: that of the session. */
  readonly shape?: LoadShape;
  /** Left out: what the drivers have in common. */
  readonly consumer?: ConsumerTuning;
  /** Groups to run, by their name on the cluster; empty for load without consumers. */
  readonly groups: readonly { readonly name: string; readonly clusterGroup: string; readonly members: number }[];
}

export interface PhaseSpec {
  /** Records per second by the topic's name in the plan. */
  readonly ratePerSec: Readonly<Record<string, number>>;
  /** How the rate of every topic changes over the measured window, around its rate. Left out: not at all. */
  readonly curve?: WindowCurve;
  readonly measureMs: number;
  /** Warm-up ends when rate and p99 are stationary, at the earliest and the latest after these. */
  readonly warmUpMinMs: number;
  readonly warmUpMaxMs: number;
  /** Longest wait for zero lag after the last send. */
  readonly drainMaxMs: number;
  /** Unacknowledged records worth this much time end a phase early, as in a search for a limit. Left out: nothing does. */
  readonly hopelessBehindMs?: number;
  readonly stage: string;
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
}

export interface PhaseResult {
  readonly startedAt: string;
  readonly measuredMs: number;
  /** Ended early because the load was hopelessly behind; what was not sent by then is counted as unsent. */
  readonly cutShort: boolean;
  readonly warmUpMs: number;
  readonly steady: boolean;
  readonly topics: readonly TopicMeasurement[];
  readonly generator: GeneratorHealth;
  readonly series: readonly SeriesPoint[];
}

export interface LoadSession {
  /** Runs one phase: warm-up, measure, drain. Rejects with the signal's reason when aborted. */
  run(phase: PhaseSpec): Promise<PhaseResult>;
  /** Ids over all phases so far. */
  integrity(): readonly TopicIntegrity[];
  /** Leaves the groups and disconnects; safe to call twice. */
  close(): Promise<void>;
}

/** Implemented by `openLoad` in `open-load.ts`. */
export type OpenLoad = (spec: LoadSpec) => Promise<LoadSession>;
