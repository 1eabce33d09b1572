import { describe, expect, it } from 'vitest';
import { cores } from '../../../bench/prove/broker-cpu.ts';

const sample = (atMs: number, ...seconds: number[]) => ({
  atMs,
  seconds: new Map(seconds.map((value, index) => [index + 1, value])),
});

describe('cores', () => {
  it('takes the samples around the window', () => {
    const samples = [sample(0, 0), sample(1_000, 1), sample(2_000, 3), sample(3_000, 3)];
    expect(cores(samples, 1_100, 1_900)).toEqual([{ broker: 1, cores: 2 }]);
  });

  it('has no figure for a broker that died, and none at all without two samples', () => {
    expect(cores([sample(0, 1, 1), sample(1_000, 1.5)], 0, 1_000)).toEqual([{ broker: 1, cores: 0.5 }]);
    expect(cores([], 0, 1_000)).toBeNull();
    expect(cores([sample(0, 1)], 0, 1_000)).toBeNull();
  });
});
