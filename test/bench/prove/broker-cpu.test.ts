import { describe, expect, it } from 'vitest';
import { cores } from '../../../bench/prove/broker-cpu.ts';

const sample = (atMs: number, ...seconds: number[]) => ({
  atMs,
  seconds: new Map(seconds.map((value, index) => [index + 1, value])),
});

describe('cores', () => {
  it('counts what lies between the edges, each on the line between the samples around it', () => {
    const samples = [sample(0, 0), sample(1_000, 1), sample(2_000, 3), sample(3_000, 3)];
    expect(cores(samples, 1_100, 1_900)?.[0]?.cores).toBeCloseTo(2, 9);
    expect(cores(samples, 1_000, 2_000)).toEqual([{ broker: 1, cores: 2 }]);
    // Half a second at 2 cores, half a second at rest.
    expect(cores(samples, 1_500, 2_500)?.[0]?.cores).toBeCloseTo(1, 9);
  });

  it('takes the nearest sample where there is none beyond an edge', () => {
    expect(cores([sample(500, 1), sample(1_500, 2)], 0, 2_000)).toEqual([{ broker: 1, cores: 1 }]);
  });

  it('has no figure for a broker that died, and none at all without two samples', () => {
    expect(cores([sample(0, 1, 1), sample(1_000, 1.5)], 0, 1_000)).toEqual([{ broker: 1, cores: 0.5 }]);
    expect(cores([], 0, 1_000)).toBeNull();
    expect(cores([sample(0, 1)], 0, 1_000)).toBeNull();
  });
});
