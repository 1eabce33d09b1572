/** Which of the measured settings to take for what the use case asks, and what each cheaper one would give up. */
import { sendSettings } from '../plan/clients/producer.ts';
import type { Guarantee } from '../requirements/types.ts';
import { compare } from './compare.ts';
import { promises, type SendPromise } from './pareto.ts';
import type { CellSummary, Figure, Recommendation, Repeat } from './types.ts';

/** Lower is better. */
const costs: readonly { readonly figure: Figure; readonly name: string }[] = [
  { figure: 'publishP99Ms', name: 'publish p99' },
  { figure: 'clientCpuMicrosPerRecord', name: 'client CPU' },
  { figure: 'brokerCpuMicrosPerRecord', name: 'broker CPU' },
];

/** What acknowledgements must promise, by the rule that gives the plan its acks. */
const promiseOfAcks = { all: 'replicated, once and in order', '1': 'leader alive', '0': 'none' } as const;

export function neededPromise(guarantee: Guarantee): SendPromise {
  return promiseOfAcks[sendSettings(guarantee).acks];
}

/**
 * The first setting that keeps the promise, unless another one that keeps it has a measurably lower publish p99 and loses no
 * throughput. What is measurable is decided as everywhere in an experiment (`compare`).
 */
export function recommend(
  guarantee: Guarantee,
  cells: readonly CellSummary[],
  repeats: readonly Repeat[],
  seed: number,
): Recommendation {
  const needed = neededPromise(guarantee);
  const rank = (promise: SendPromise): number => promises.indexOf(promise);
  const measured = cells.filter(({ figures }) => figures.publishP99Ms !== null);
  const able = measured.filter(({ promise }) => rank(promise) >= rank(needed));
  const [first, ...rest] = able;
  if (first === undefined) {
    const reason =
      measured.length === 0
        ? 'no cell was measured without doubts'
        : `no cell measured promises "${needed}", which the use case needs`;
    return { cell: null, reason, cheaper: [] };
  }
  const ratio = (cell: CellSummary, figure: Figure, against: CellSummary) =>
    compare(repeats, figure, [{ cell: cell.id, against: against.id }], seed);
  const best = rest
    .filter((cell) => ratio(cell, 'publishP99Ms', first).outcome === 'lower')
    .filter((cell) => ratio(cell, 'recordsPerSec', first).outcome !== 'lower')
    .reduce((a, b) => (p99(b) < p99(a) ? b : a), first);
  const cheaper = measured
    .filter(({ promise }) => rank(promise) < rank(needed))
    .flatMap((cell) => {
      const gains = costs.flatMap(({ figure, name }) => {
        const found = ratio(cell, figure, best);
        return found.outcome === 'lower' && found.ratio !== null ? [`${name} x${found.ratio.median.toFixed(2)}`] : [];
      });
      const givesUp = `promises "${cell.promise}" instead of "${needed}"`;
      return gains.length === 0 ? [] : [{ cell: cell.id, gains: gains.join(', '), givesUp }];
    });
  return { cell: best.id, reason: reasonOf(best, first, needed, able.length), cheaper };
}

function reasonOf(best: CellSummary, first: CellSummary, needed: SendPromise, able: number): string {
  if (able === 1) return `the only cell that promises "${needed}", which the use case needs`;
  return best === first
    ? `promises "${needed}" as the use case needs, and no other cell that does is measurably faster at the same rate`
    : `promises "${needed}" as the use case needs, at the lowest publish p99, measurably below that of ${first.id}`;
}

function p99({ figures }: CellSummary): number {
  return figures.publishP99Ms?.median ?? Number.POSITIVE_INFINITY;
}
