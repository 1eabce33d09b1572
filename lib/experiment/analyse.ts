/** From repeats to an answer. */
import { medianInterval } from '../measurement/statistics.ts';
import type { TopicPlan } from '../plan/types.ts';
import { compare, type Pair } from './compare.ts';
import { effectiveSettings } from './effective.ts';
import { type Candidate, paretoSet, promiseOf } from './pareto.ts';
import { recommend } from './recommend.ts';
import type { Analysis, Cell, CellSummary, Comparison, Factor, Figure, Repeat } from './types.ts';

/** Figures in the order they are shown, each with its unit. */
export const figures: Readonly<Record<Figure, { readonly name: string; readonly unit: string }>> = {
  recordsPerSec: { name: 'achieved', unit: 'records/s' },
  publishP50Ms: { name: 'publish p50', unit: 'ms' },
  publishP99Ms: { name: 'publish p99', unit: 'ms' },
  endToEndP50Ms: { name: 'end to end p50', unit: 'ms' },
  endToEndP99Ms: { name: 'end to end p99', unit: 'ms' },
  clientCpuMicrosPerRecord: { name: 'client CPU', unit: 'us/record' },
  brokerCpuMicrosPerRecord: { name: 'broker CPU', unit: 'us/record' },
  recordsPerBatch: { name: 'records a batch', unit: '' },
  wireBytesPerRecord: { name: 'on the wire', unit: 'B/record' },
  diskBytesPerRecord: { name: 'on all disks', unit: 'B/record' },
  lostRecords: { name: 'lost', unit: 'records' },
  duplicateRecords: { name: 'duplicates', unit: 'records' },
  reorderedRecords: { name: 'out of order', unit: 'records' },
};

export const figureNames = Object.keys(figures) as readonly Figure[];

export function analyse(
  run: {
    readonly topic: TopicPlan;
    readonly driver: string;
    readonly factors: readonly Factor[];
    readonly cells: readonly Cell[];
    readonly seed: number;
  },
  repeats: readonly Repeat[],
): Analysis {
  const cells = run.cells.map((cell) => summarise(cell, run, repeats));
  const comparisons = run.factors.flatMap((factor) => compareFactor(factor, run.cells, repeats, run.seed));
  const candidates = cells.flatMap(asCandidate);
  return {
    cells,
    comparisons,
    pareto: paretoSet(candidates).map(({ cell }) => cell),
    recommendation: recommend(run.topic.guarantee, cells, repeats, run.seed),
  };
}

function summarise(
  cell: Cell,
  { topic, driver, seed }: { readonly topic: TopicPlan; readonly driver: string; readonly seed: number },
  repeats: readonly Repeat[],
): CellSummary {
  const own = repeats.filter((repeat) => repeat.cell === cell.id);
  const sound = own.filter(({ doubts }) => doubts.length === 0);
  const intervals = figureNames.map((figure) => {
    const values = sound.map((repeat) => repeat.figures[figure]).filter((value) => value !== null);
    return [figure, medianInterval(values, seed)] as const;
  });
  return {
    ...cell,
    promise: promiseOf(effectiveSettings(topic, driver, cell.settings)),
    repeats: sound.length,
    doubts: [...new Set(own.flatMap(({ doubts }) => doubts))],
    figures: Object.fromEntries(intervals) as CellSummary['figures'],
  };
}

function compareFactor(
  { name, values }: Factor,
  cells: readonly Cell[],
  repeats: readonly Repeat[],
  seed: number,
): readonly Comparison[] {
  const [against, ...others] = values;
  if (against === undefined) return [];
  return others.flatMap((value) => {
    const pairs = pairsOf(cells, name, value, against);
    return figureNames.map((figure) => ({
      figure,
      factor: name,
      value,
      against,
      ...compare(repeats, figure, pairs, seed),
    }));
  });
}

/** Cells with the value and those with the other one that agree in all else. */
function pairsOf(cells: readonly Cell[], factor: string, value: unknown, against: unknown): readonly Pair[] {
  const rest = ({ settings }: Cell): string =>
    JSON.stringify(Object.entries(settings).filter(([name]) => name !== factor));
  const having = (wanted: unknown) => cells.filter(({ settings }) => settings[factor] === wanted);
  return having(value).flatMap((cell) =>
    having(against)
      .filter((other) => rest(other) === rest(cell))
      .map((other) => ({ cell: cell.id, against: other.id })),
  );
}

function asCandidate({ id, promise, figures: found }: CellSummary): readonly Candidate[] {
  const p99Ms = found.publishP99Ms?.median;
  const recordsPerSec = found.recordsPerSec?.median;
  return p99Ms === undefined || recordsPerSec === undefined ? [] : [{ cell: id, promise, p99Ms, recordsPerSec }];
}
