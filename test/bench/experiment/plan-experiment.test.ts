import { describe, expect, it } from 'vitest';
import { driverByName } from '../../../bench/drivers/index.ts';
import { planned } from './planned.ts';

describe('planExperiment', () => {
  it('estimates time and bytes before anything is started', () => {
    const { spec, estimate } = planned(['acks=all,1', 'replication.factor=3,1']);
    expect(spec.cells).toHaveLength(4);
    expect(estimate.repeats).toBe(8);
    // 1000/s x 200 B x 2 rounds x 0.7 s, three replicas in two cells and one in the others
    expect(estimate.bytes).toBe(1000 * 200 * 1.4 * (3 + 3 + 1 + 1));
    const longer = planned(['acks=all,1', 'replication.factor=3,1'], {
      lengths: { rounds: 4, warmUpMs: 200, measureMs: 500 },
    });
    expect(longer.estimate.durationMs).toBeGreaterThan(estimate.durationMs);
  });

  it('names what breaks a rule or cannot be driven, and runs the rest', () => {
    const driver = driverByName('node-rdkafka');
    const { spec } = planned(['acks=all,1', 'enable.idempotence=true', 'compression.type=none,zstd'], { driver });
    expect(spec.cells.map(({ id }) => id)).toEqual(['acks=all enable.idempotence=true compression.type=none']);
    expect(spec.refused.map(({ id }) => id)).toHaveLength(3);
    expect(spec.refused[0]?.reason).toMatch(/^compression.type is zstd, the driver node-rdkafka can do /);
    expect(spec.refused[2]?.reason).toMatch(/^idempotence needs acks=all, not acks=1; compression.type is zstd/);
  });

  it('refuses a grid of a million cells with its size and time, at once', () => {
    const many = (name: string) => `${name}=${Array.from({ length: 100 }, (_, at) => at + 100).join(',')}`;
    const vary = [many('linger.ms'), many('batch.size'), many('rate')];
    expect(() => planned(vary)).toThrow(
      /the grid has 1,000,000 cells \(linger.ms 100, .*\) and would take .*; at most 64/,
    );
  });

  it('refuses what is over the budget with both times', () => {
    expect(() => planned(['acks=all,1'], { budgetMs: 5_000 })).toThrow(
      /2 cells x 2 rounds take about .* and write .*; the budget is 5 s/,
    );
  });

  it('refuses an experiment without a cell that may run', () => {
    expect(() => planned(['acks=1', 'enable.idempotence=true'])).toThrow(
      /no combination may run\n {2}acks=1 enable.idempotence=true: idempotence needs acks=all/,
    );
  });
});
