import { describe, expect, it } from 'vitest';
import { analyse } from '../../lib/experiment/analyse.ts';
import { layOut } from '../../lib/experiment/grid.ts';
import type { Factor } from '../../lib/experiment/types.ts';
import type { Guarantee } from '../../lib/requirements/types.ts';
import { exampleTopic } from '../bench/example-plan.ts';
import { simulate } from './simulated.ts';

const acks: Factor = { name: 'acks', values: ['all', '1', '0'] };
const linger: Factor = { name: 'linger.ms', values: [5, 0] };
const truth = {
  'acks=all': { publishP99Ms: 10, recordsPerSec: 1000, clientCpuMicrosPerRecord: 5 },
  'acks=1': { publishP99Ms: 5, recordsPerSec: 1000, clientCpuMicrosPerRecord: 5 },
  'acks=0': { publishP99Ms: 1, recordsPerSec: 1000, clientCpuMicrosPerRecord: 4 },
};

function analysed(factors: readonly Factor[], cells: Parameters<typeof simulate>[0], guarantee?: Guarantee) {
  const topic = { ...exampleTopic(), ...(guarantee === undefined ? {} : { guarantee }) };
  const run = { topic, driver: 'engine', factors, cells: layOut(factors, 'full', () => []).cells, seed: 1 };
  return analyse(run, simulate(cells, 5));
}

describe('analyse', () => {
  it('takes what keeps the promise, and says what each cheaper setting gains and gives up', () => {
    const { recommendation, cells } = analysed([acks], truth);
    expect(cells.map(({ repeats }) => repeats)).toEqual([9, 9, 9]);
    expect(recommendation.cell).toBe('acks=all');
    expect(recommendation.cheaper.map(({ cell }) => cell)).toEqual(['acks=1', 'acks=0']);
    expect(recommendation.cheaper[0]?.gains).toMatch(/^publish p99 x0\.[45]\d$/);
    expect(recommendation.cheaper[1]?.gains).toMatch(/^publish p99 x0\.1\d, client CPU x0\.[78]\d$/);
    expect(recommendation.cheaper[1]?.givesUp).toBe('promises "none" instead of "replicated, once and in order"');
  });

  it('takes the fastest setting where nothing is promised', () => {
    const allowed: Guarantee = { loss: 'allowed', duplicates: 'allowed', order: 'none' };
    expect(analysed([acks], truth, allowed).recommendation).toMatchObject({ cell: 'acks=0', cheaper: [] });
  });

  it('takes no setting that is faster because less gets through', () => {
    const choked = { publishP99Ms: 5, recordsPerSec: 700 };
    const cells = { 'linger.ms=5': { publishP99Ms: 10, recordsPerSec: 1000 }, 'linger.ms=0': choked };
    expect(analysed([linger], cells).recommendation.cell).toBe('linger.ms=5');
    const faster = { ...cells, 'linger.ms=0': { ...choked, recordsPerSec: 1000 } };
    expect(analysed([linger], faster).recommendation.cell).toBe('linger.ms=0');
  });

  it('recommends nothing that does not keep the promise, and nothing from nothing', () => {
    const weak = { name: 'acks', values: ['1', '0'] };
    expect(analysed([weak], truth).recommendation).toMatchObject({
      cell: null,
      reason: expect.stringContaining('no cell measured promises "replicated, once and in order"'),
    });
    expect(analysed([acks], {}).recommendation).toMatchObject({ cell: null, cheaper: [] });
  });

  it('finds the effect of a factor across the values of the others', () => {
    const cells = Object.fromEntries(
      ['all', '1'].flatMap((mode) =>
        [5, 0].map((ms) => [
          `acks=${mode} linger.ms=${ms}`,
          { publishP99Ms: (mode === 'all' ? 10 : 5) * (ms === 5 ? 1 : 1.5), recordsPerSec: 1000 },
        ]),
      ),
    );
    const { comparisons } = analysed([{ name: 'acks', values: ['all', '1'] }, linger], cells);
    const p99 = comparisons.filter(({ figure }) => figure === 'publishP99Ms');
    expect(p99.map(({ factor, value, against, outcome }) => [factor, value, against, outcome])).toEqual([
      ['acks', '1', 'all', 'lower'],
      ['linger.ms', 0, 5, 'higher'],
    ]);
    expect(p99[1]?.ratio?.median).toBeCloseTo(1.5, 1);
  });

  it('leaves no cell out of the Pareto set that is best at something', () => {
    expect(analysed([acks], truth).pareto).toEqual(['acks=all', 'acks=1', 'acks=0']);
  });
});
