/**
 * What a shipped scenario is: a question of the users, a method, and an answer in a sentence. Its grid measures settings under
 * the load of the use case; its trial makes happen what no load shows, such as a crash. Each has one of them or both.
 */
import type { GridKind } from '../../lib/experiment/grid.ts';
import type { Answer, ScenarioTable } from '../../lib/experiment/scenario-result.ts';
import type { Analysis, Figure } from '../../lib/experiment/types.ts';
import type { TopicPlan } from '../../lib/plan/types.ts';
import type { Driver } from '../drivers/driver.ts';
import type { RunCluster } from '../target/run-cluster.ts';
import type { TopicToCreate } from '../target/topics.ts';

export interface Scenario {
  /** As a user would ask it. */
  readonly question: string;
  /** How it is found out, in words. */
  readonly method: string;
  readonly grid?: ScenarioGrid;
  readonly trial?: Trial;
}

export interface ScenarioGrid {
  /** As given to --vary; the first value is what the others are compared with. */
  readonly vary: readonly string[];
  readonly kind: GridKind;
  readonly rounds: number;
  readonly measureMs: number;
  /** Of the table of results, in order. */
  readonly figures: readonly Figure[];
  answer(analysis: Analysis): Answer;
}

export interface Trial {
  /** Without the start of the cluster. */
  readonly durationMs: number;
  /** Named without the run's prefix; nothing else is created. */
  topics(topic: TopicPlan): readonly TopicToCreate[];
  /** Named without the run's prefix. */
  readonly groups: readonly string[];
  /** Of a local cluster, by Kafka's own names. */
  readonly brokerOverrides?: Readonly<Record<string, string>>;
  run(context: TrialContext): Promise<TrialResult>;
}

export interface TrialContext {
  readonly cluster: RunCluster;
  /** Whose payload and rate are used. */
  readonly topic: TopicPlan;
  readonly driver: Driver;
  /** The name on the cluster of one of the trial's topics or groups. */
  nameOf(name: string): string;
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly tell: (detail: string) => void;
}

export interface TrialResult {
  readonly tables: readonly ScenarioTable[];
  readonly answer: Answer;
  readonly notes: readonly string[];
}
