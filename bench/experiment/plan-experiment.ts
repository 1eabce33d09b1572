/** From factors to an experiment that may run: its cells, what is refused and why, and what it will take. */
import { HeadroomError } from '../../lib/errors.ts';
import { effectiveSettings, effectiveTopic, ruleFaults } from '../../lib/experiment/effective.ts';
import { countCells, type GridKind, layOut } from '../../lib/experiment/grid.ts';
import type { Factor, Settings } from '../../lib/experiment/types.ts';
import type { Plan, TopicPlan } from '../../lib/plan/types.ts';
import { formatBytes, formatCount, formatDurationMs } from '../../lib/units.ts';
import type { Driver } from '../drivers/driver.ts';
import { driverByName } from '../drivers/index.ts';
import { distinctKeys } from '../load/payload.ts';
import type { LoadShape } from '../load/shape.ts';
import { proofFaults, requireShape } from '../preflight.ts';
import type { RunLengths } from '../run-lengths.ts';
import type { Trial } from '../scenarios/scenario.ts';
import { topicPrefixOf } from '../target/manifest.ts';
import { cellName } from './run-repeat.ts';
import type { ExperimentLengths, ExperimentSpec } from './types.ts';

/** Sessions of all cells stay open, so that a repeat does not pay for connecting. */
const mostCells = 64;
/** Of the names on the cluster. */
const longestPrefix = `${topicPrefixOf('00000000')}${cellName(mostCells)}-`;
const startMs = 14_000;
const openCellMs = 1_500;
/** Draining, reading the disks, and what a timer is late. */
const betweenMs = 700;

export interface ExperimentRequest {
  readonly plan: Plan;
  readonly topic: TopicPlan;
  readonly question: string;
  readonly factors: readonly Factor[];
  readonly grid: GridKind;
  readonly driver: Driver;
  readonly lengths: ExperimentLengths;
  /** Without factors it is all there is. */
  readonly trial?: Trial;
  readonly seed: number;
  readonly shape?: LoadShape;
  readonly budgetMs: number;
}

export interface Estimate {
  readonly repeats: number;
  readonly durationMs: number;
  /** Written to all disks, without compression. */
  readonly bytes: number;
}

/** Throws USAGE when the grid is too large, no cell may run, or the time is over the budget; nothing has been started then. */
export function planExperiment(request: ExperimentRequest): {
  readonly spec: ExperimentSpec;
  readonly estimate: Estimate;
} {
  const { factors, grid, budgetMs, plan, topic } = request;
  requireShape({ ...plan, topics: [topic] }, request.shape ?? {});
  const count = countCells(factors, grid);
  if (count > mostCells) throw tooMany(request, count);
  const { cells, refused } =
    factors.length === 0
      ? { cells: [], refused: [] }
      : layOut(factors, grid, (settings) => cellFaults(request, settings));
  if (cells.length === 0 && factors.length > 0) {
    const reasons = refused.map(({ id, reason }) => `  ${id}: ${reason}`);
    throw new HeadroomError('USAGE', ['no combination may run', ...reasons].join('\n'), {
      hint: 'change the values so that at least one keeps the rules',
    });
  }
  const { budgetMs: _, ...rest } = request;
  const spec: ExperimentSpec = { ...rest, cells, refused };
  const estimate = estimateOf(spec);
  if (estimate.durationMs > budgetMs) throw overBudget(spec, estimate, budgetMs);
  return { spec, estimate };
}

export function estimateOf({ topic, driver, cells, lengths, trial }: ExperimentSpec): Estimate {
  const { rounds, warmUpMs, measureMs } = lengths;
  const loadSec = (rounds * (warmUpMs + measureMs)) / 1000;
  const bytes = cells.reduce((sum, { settings }) => {
    const { ratePerSec, messageSizeBytes, replicationFactor } = effectiveSettings(topic, driver.name, settings);
    return sum + ratePerSec * messageSizeBytes * replicationFactor * loadSec;
  }, 0);
  return {
    repeats: cells.length * rounds,
    durationMs: durationOf(cells.length, lengths) + (trial?.durationMs ?? 0),
    bytes: Math.round(bytes),
  };
}

function durationOf(cells: number, { rounds, warmUpMs, measureMs }: ExperimentLengths): number {
  return startMs + cells * (openCellMs + rounds * (warmUpMs + measureMs + betweenMs));
}

/** Rules of Kafka, and what the harness cannot drive. */
function cellFaults({ plan, topic, driver, lengths, shape }: ExperimentRequest, settings: Settings): readonly string[] {
  const effective = effectiveSettings(topic, driver.name, settings);
  const phase = { ...lengths, warmUpMinMs: lengths.warmUpMs, warmUpMaxMs: lengths.warmUpMs, drainMaxMs: 0 };
  const run: RunLengths = { phases: { average: phase, peak: phase }, tradeOff: null, retention: false };
  const driven = { ...plan, topics: [effectiveTopic(topic, effective)] };
  const isKeyless = distinctKeys(topic.load, shape) === null;
  return [
    ...ruleFaults(effective),
    ...(effective.partitioner === 'key' && isKeyless ? ['partitioner=key needs records with a key'] : []),
    ...proofFaults(driven, driverByName(effective.driver), run, longestPrefix, { shape }).map(({ message }) => message),
  ];
}

function tooMany({ factors, grid, lengths }: ExperimentRequest, count: number): HeadroomError {
  const sizes = factors.map(({ name, values }) => `${name} ${values.length}`).join(', ');
  const time = formatDurationMs(durationOf(count, lengths));
  return new HeadroomError(
    'USAGE',
    `the grid has ${formatCount(count)} cells (${sizes}) and would take ${time}; at most ${mostCells} cells are allowed`,
    {
      hint: grid === 'full' ? 'vary less at once, or one factor at a time with --one-at-a-time' : 'vary fewer values',
    },
  );
}

function overBudget(spec: ExperimentSpec, { durationMs, bytes }: Estimate, budgetMs: number): HeadroomError {
  const { cells, lengths } = spec;
  return new HeadroomError(
    'USAGE',
    `${cells.length} cells x ${lengths.rounds} rounds take about ${formatDurationMs(durationMs)} and write ${formatBytes(bytes)}; the budget is ${formatDurationMs(budgetMs)}`,
    { hint: 'allow more with --budget, or take fewer values, fewer --rounds or a shorter --measure' },
  );
}
