/** What an experiment is given. */
import type { GridKind } from '../../lib/experiment/grid.ts';
import type { Cell, Factor, RefusedCell } from '../../lib/experiment/types.ts';
import type { Plan, TopicPlan } from '../../lib/plan/types.ts';
import type { Driver } from '../drivers/driver.ts';
import type { LoadShape } from '../load/shape.ts';
import type { OnProgress } from '../progress.ts';
import type { ProveTarget } from '../prove.ts';
import type { Trial } from '../scenarios/scenario.ts';

export interface ExperimentLengths {
  readonly rounds: number;
  /** Before each repeat: its connections are open already, but its caches have cooled while others ran. */
  readonly warmUpMs: number;
  readonly measureMs: number;
}

export interface ExperimentSpec {
  readonly plan: Plan;
  /** The topic whose load is run. */
  readonly topic: TopicPlan;
  readonly question: string;
  readonly factors: readonly Factor[];
  readonly grid: GridKind;
  readonly cells: readonly Cell[];
  readonly refused: readonly RefusedCell[];
  /** Where a cell names none. */
  readonly driver: Driver;
  readonly lengths: ExperimentLengths;
  /** What is made to happen after the cells, on the same cluster. */
  readonly trial?: Trial;
  readonly seed: number;
  /** Arrivals, keys and payload where they are not the usual ones. */
  readonly shape?: LoadShape;
}

export interface ExperimentOptions {
  readonly spec: ExperimentSpec;
  readonly target: ProveTarget;
  readonly useCaseText: string;
  /** Where `<useCase>/<time>` is made, unless `resume` names a folder. */
  readonly resultsBase: string;
  /** Folder of an experiment that was stopped: what it finished is not run again. */
  readonly resume: string | null;
  readonly stateFolder: string;
  /** The user has said that others use the cluster, too. */
  readonly isShared?: boolean;
  readonly commandLine: readonly string[];
  readonly onProgress: OnProgress;
  readonly signal: AbortSignal;
}
