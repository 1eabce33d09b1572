import { describe, expect, it } from 'vitest';
import { readFactors } from '../../lib/experiment/factors.ts';

describe('readFactors', () => {
  it('reads values as their setting has them', () => {
    expect(readFactors(['acks=0,1,all', 'enable.idempotence=true,false', 'linger.ms=0, 5'])).toEqual({
      factors: [
        { name: 'acks', values: ['0', '1', 'all'] },
        { name: 'enable.idempotence', values: [true, false] },
        { name: 'linger.ms', values: [0, 5] },
      ],
      faults: [],
    });
  });

  it('names all faults at once, with the nearest known setting', () => {
    const { faults } = readFactors([
      'linger.m=5',
      'acks=2,all,all',
      'batch.size=-1,1e3',
      'enable.idempotence=yes',
      'rate=',
      'acks=1',
      'constructor=1',
    ]);
    expect(faults).toEqual([
      '"linger.m" is no setting that an experiment can vary; did you mean linger.ms?',
      'acks: "2" is not one of its values: 0, 1, all',
      'acks: all is listed twice',
      'batch.size: "-1" is not a whole number of bytes from 0 to 16777216',
      'batch.size: "1e3" is not a whole number of bytes from 0 to 16777216',
      'enable.idempotence: "yes" is neither true nor false',
      'rate has no values: write rate=A,B',
      'acks is given twice: list all its values once',
      expect.stringMatching(/^"constructor" is no setting .*known are driver, acks, /),
    ]);
  });
});
