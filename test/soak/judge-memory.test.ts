import { describe, expect, it } from 'vitest';
import { createRandom } from '../../lib/random.ts';
import { judgeMemory, type MemorySample } from './judge-memory.ts';

const seconds = 120;
const baseBytes = 130e6;

/** Garbage for half the time, then what collections leave, with noise and now and then a peak; `extraBytes` is what a test adds. */
function heap(extraBytes: (atSec: number) => number, seed = 1): MemorySample[] {
  const random = createRandom(seed);
  return Array.from({ length: seconds }, (_, second) => {
    const garbage = second < seconds / 2 ? ((second * 7) % 20) * 2e6 : 0;
    const noise = random() * 2e6 + (random() < 0.05 ? 30e6 : 0);
    return { atSec: second + random() / 10, bytes: baseBytes + garbage + noise + extraBytes(second) };
  });
}

const ratePerSec = 25_000;

describe('memory', () => {
  it('that is filled and collected is flat', () => {
    for (let seed = 0; seed < 50; seed += 1) {
      const { isFlat, growthBytes } = judgeMemory(heap(() => 0, seed));
      expect(isFlat, `seed ${seed}: ${growthBytes}`).toBe(true);
    }
  });

  it('of a process that only begins to fill its buffers is flat, and so is one that gives back', () => {
    expect(judgeMemory(heap((second) => 60e6 * Math.min(1, second / 50))).isFlat).toBe(true);
    expect(judgeMemory(heap((second) => (second < 80 ? 40e6 : 0))).isFlat).toBe(true);
  });

  it('that a leak of 10 bytes a record is planted in is not', () => {
    for (let seed = 0; seed < 50; seed += 1) {
      const { isFlat, growthBytes } = judgeMemory(heap((second) => second * ratePerSec * 10, seed));
      expect(isFlat).toBe(false);
      // 250 kB a second for 60 s.
      expect(growthBytes / 15e6).toBeGreaterThan(0.5);
      expect(growthBytes / 15e6).toBeLessThan(1.5);
    }
  });

  it('that leaks in steps is not flat either', () => {
    expect(judgeMemory(heap((second) => Math.floor(second / 9) * 3e6)).isFlat).toBe(false);
  });

  it('is not judged by too few samples, nor by none', () => {
    expect(() => judgeMemory([])).toThrow(/0 samples, at least 40 are needed/);
    expect(() => judgeMemory(heap(() => 0).slice(0, 38))).toThrow(RangeError);
  });
});
