import { describe, expect, it } from 'vitest';
import { missesOf } from '../../../lib/measurement/limit/sustained.ts';
import type { SeriesPoint } from '../../../lib/measurement/types.ts';
import { groupOf, latencyOf, probeOf, topicOf } from './probes.ts';

const objectives = { achievedRatio: 0.995, publishP99Ms: 50, endToEndP99Ms: 200, lagMaxRecords: 500 };

const lags = (...values: number[]): readonly SeriesPoint[] =>
  values.map((lag, second) => ({
    second,
    offered: 1_000,
    acknowledged: 1_000,
    received: 1_000,
    publishP50Ms: 1,
    publishP99Ms: 2,
    endToEndP50Ms: 1,
    endToEndP99Ms: 2,
    slipP99Ms: 1,
    lag,
  }));

it('a probe that holds everything misses nothing', () => {
  expect(missesOf(probeOf({ series: lags(10, 4, 12) }), objectives)).toEqual([]);
});

it.each([
  [
    'a rate below 99.5 %',
    probeOf({ topics: [topicOf({ achievedPerSec: 980, acknowledged: 2_990 })] }),
    /980\/s acknowledged of 1,000\/s, 98 %/,
  ],
  ['a window that closes 60 ms behind', probeOf({ topics: [topicOf({ achievedPerSec: 980 })] }), /98 %/],
  ['a failed record', probeOf({ topics: [topicOf({ failed: 1 })] }), /1 records failed/],
  ['a record that was not sent', probeOf({ topics: [topicOf({ unsent: 7 })] }), /7 records could not be sent/],
  [
    'a slow acknowledgement',
    probeOf({ topics: [topicOf({ publish: latencyOf(51) })] }),
    /publish p99 51\.\d+ ms, allowed 50 ms/,
  ],
  [
    'a slow reader',
    probeOf({ topics: [topicOf({ groups: [groupOf({ endToEnd: latencyOf(220) })] })] }),
    /end to end p99 220\.\d+ ms, allowed 200 ms/,
  ],
  [
    'a lag beyond the objective',
    probeOf({ topics: [topicOf({ groups: [groupOf({ maxLag: 501 })] })] }),
    /lag 501, allowed 500/,
  ],
  ['an unknown lag', probeOf({ topics: [topicOf({ groups: [groupOf({ maxLag: null })] })] }), /lag not known/],
  [
    'a group that did not catch up',
    probeOf({ topics: [topicOf({ groups: [groupOf({ drainedMs: null })] })] }),
    /had not read everything/,
  ],
  ['a lag that grows', probeOf({ series: lags(0, 120, 240) }), /lag grew by 120 records a second/],
  ['a probe cut short', probeOf({ cutShort: true }), /further and further behind/],
  [
    'too few samples',
    probeOf({ topics: [topicOf({ publish: latencyOf(5, 99) })] }),
    /publish p99 is not known: 99 samples/,
  ],
  ['no sample at all', probeOf({ topics: [topicOf({ publish: latencyOf(5, 0) })] }), /not known: 0 samples/],
  ['a percentile above the range', probeOf({ topics: [topicOf({ publish: latencyOf(4_000_000) })] }), /above an hour/],
  ['nothing due', probeOf({ topics: [topicOf({ scheduled: 0 })] }), /no record was due/],
  ['a broken figure', probeOf({ topics: [topicOf({ achievedPerSec: Number.NaN })] }), /no record was due/],
  ['no topic', probeOf({ topics: [] }), /nothing was measured/],
])('%s is a miss', (_what, probe, expected) => {
  expect(missesOf(probe, objectives).join('; ')).toMatch(expected);
});

describe('what is not asked for', () => {
  it('is not missed', () => {
    const slow = probeOf({ topics: [topicOf({ publish: latencyOf(900), groups: [groupOf({ maxLag: 90_000 })] })] });
    const none = { achievedRatio: 0.995, publishP99Ms: null, endToEndP99Ms: null, lagMaxRecords: null };
    expect(missesOf(slow, none)).toEqual([]);
  });

  it('the records of the last moment need not be acknowledged within the window', () => {
    expect(missesOf(probeOf({ topics: [topicOf({ achievedPerSec: 990 })] }), objectives)).toEqual([]);
  });
});
