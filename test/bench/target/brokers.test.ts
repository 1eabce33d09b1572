import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { watchBrokers } from '../../../bench/target/brokers.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('watchBrokers', () => {
  it('names a lost broker once, and not one of which nothing is known', async () => {
    const answers = [new Set([1, 2, 3]), new Error('no answer'), new Set([1, 3]), new Set([1, 3])];
    const lost: number[] = [];
    const watch = watchBrokers({
      expected: [1, 2, 3],
      alive: async () => {
        const answer = answers.shift() ?? new Set([1, 3]);
        if (answer instanceof Error) throw answer;
        return answer;
      },
      everyMs: 100,
      onLost: (id) => lost.push(id),
    });
    await vi.advanceTimersByTimeAsync(250);
    expect(lost).toEqual([]);
    await vi.advanceTimersByTimeAsync(500);
    expect(lost).toEqual([2]);
    expect([...watch.lost]).toEqual([2]);
    watch.stop();
  });

  it('says nothing after it was stopped, even when an answer was on its way', async () => {
    const lost: number[] = [];
    const watch = watchBrokers({
      expected: [1],
      alive: () => new Promise((resolve) => setTimeout(resolve, 50, new Set<number>())),
      everyMs: 100,
      onLost: (id) => lost.push(id),
    });
    await vi.advanceTimersByTimeAsync(120);
    watch.stop();
    await vi.advanceTimersByTimeAsync(500);
    expect(lost).toEqual([]);
  });
});
