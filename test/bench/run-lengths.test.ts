import { describe, expect, it } from 'vitest';
import { expectedStages, runLengths } from '../../bench/run-lengths.ts';

const everything = runLengths({ measureMs: null, tradeOff: true, retention: true });

describe('runLengths', () => {
  it('keeps the whole load of a run within 90 s, as long as it warms up in the usual time', () => {
    const load = expectedStages(everything, 'local')
      .filter(({ stage }) => ['average', 'peak', 'trade-off', 'retention'].includes(stage))
      .reduce((sum, { expectedMs }) => sum + expectedMs, 0);
    expect(load).toBeLessThanOrEqual(90_000);
  });

  it('gives every mode of the trade-off at least three repeats of four seconds', () => {
    expect(everything.tradeOff?.repeats).toBeGreaterThanOrEqual(3);
    expect(everything.tradeOff?.repeatMs).toBeGreaterThanOrEqual(4_000);
  });

  it('takes the measured window from the user for both phases', () => {
    const { phases } = runLengths({ measureMs: 20_000, tradeOff: true, retention: true });
    expect([phases.average.measureMs, phases.peak.measureMs]).toEqual([20_000, 20_000]);
  });
});

describe('expectedStages', () => {
  it('leaves out what is not run', () => {
    const short = runLengths({ measureMs: null, tradeOff: false, retention: false });
    expect(expectedStages(short, 'existing').map(({ stage }) => stage)).toEqual([
      'host noise',
      'average',
      'peak',
      'clean-up',
    ]);
  });
});
