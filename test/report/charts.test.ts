import { describe, expect, it } from 'vitest';
import { decades, roundRange } from '../../lib/report/charts/parts.ts';
import { percentileChart, percentileCurve } from '../../lib/report/charts/percentiles.ts';
import { storageChart } from '../../lib/report/charts/storage.ts';
import { throughputChart } from '../../lib/report/charts/throughput.ts';
import { tradeOffChart } from '../../lib/report/charts/trade-off.ts';
import { tradeOffSentence } from '../../lib/report/summary.ts';
import { constantLatency, emptyLatency } from '../fixtures/measurement.ts';
import { courseCase } from '../fixtures/run.ts';

const { measurement, plan } = courseCase;

describe('axes', () => {
  it.each<[number[], { min: number; max: number }]>([
    [[], { min: 1, max: 10 }],
    [[0, -3], { min: 1, max: 10 }],
    [[1.6, 9], { min: 1, max: 10 }],
    [[0.3, 200], { min: 0.1, max: 1000 }],
    [[10], { min: 10, max: 100 }],
  ])('decades around %j', (values, range) => {
    const found = decades(values);
    expect(found.min).toBeCloseTo(range.min, 9);
    expect(found.max).toBeCloseTo(range.max, 9);
  });

  it.each<[number[]]>([[[7.05e6, 7.8e6]], [[5, 5]], [[0, 0]], [[0.001, 0.0017]]])(
    'round numbers around %j',
    (values) => {
      const { min, max, interval } = roundRange(values);
      expect(min).toBeLessThanOrEqual(Math.min(...values));
      expect(max).toBeGreaterThanOrEqual(Math.max(...values));
      expect(interval).toBeGreaterThan(0);
    },
  );
});

describe('the throughput chart', () => {
  it('says from which to which rate was offered, where it changed', () => {
    const [phase] = measurement.phases;
    if (phase === undefined) throw new Error('fixture');
    expect(throughputChart(phase)?.description).toMatch(/^On average [\d,.]+\/s offered, /);
    const series = phase.series.map((point, second) => ({ ...point, offered: 100 + 20 * second }));
    const last = 100 + 20 * (series.length - 1);
    expect(throughputChart({ ...phase, series })?.description).toContain(`/s offered (100/s to ${last}/s), `);
  });
});

describe('the percentile curve', () => {
  it('rises from the median to the highest sample', () => {
    const latency = measurement.phases[1]?.topics[0]?.publish ?? emptyLatency;
    const curve = percentileCurve(latency);
    expect(curve.at(-1)?.[0]).toBe(latency.count);
    expect(curve.at(-1)?.[1]).toBeCloseTo(latency.maxMs ?? 0, 1);
    expect(curve.find(([x]) => Math.abs(x - 100) < 1e-6)?.[1]).toBeCloseTo(latency.p99Ms ?? 0, 1);
    expect(curve.map(([, ms]) => ms)).toEqual(curve.map(([, ms]) => ms).toSorted((a, b) => a - b));
  });

  it('is empty without samples and short with one', () => {
    expect(percentileCurve(emptyLatency)).toEqual([]);
    expect(percentileCurve(constantLatency(1, 5))).toHaveLength(1);
  });
});

describe('the p99 marks of both curves', () => {
  it.each([
    [37, 34, ['top', 'bottom']],
    [34, 37, ['bottom', 'top']],
  ])('of publish %d ms and end to end %d ms stand apart', (publishMs, endToEndMs, expected) => {
    const [phase] = measurement.phases;
    const [topic] = phase?.topics ?? [];
    if (phase === undefined || topic === undefined) throw new Error('fixture');
    const groups = topic.groups.map((group) => ({ ...group, endToEnd: constantLatency(2000, endToEndMs) }));
    const topics = [{ ...topic, publish: constantLatency(2000, publishMs), groups }];
    const option = percentileChart({ ...phase, topics }, plan.slo, [])?.option({
      name: 'wide',
      width: 600,
      height: 300,
    }) as {
      series: { data: { label?: { position: string } }[] }[];
    };
    expect(option.series.map(({ data }) => data.find(({ label }) => label)?.label?.position)).toEqual(expected);
  });
});

describe('charts without data', () => {
  it('are left out', () => {
    const [phase] = measurement.phases;
    if (phase === undefined || measurement.retention === null || measurement.tradeOff === null)
      throw new Error('fixture');
    expect(percentileChart({ ...phase, topics: [] }, plan.slo, [])).toBeNull();
    expect(storageChart({ ...measurement.retention, samples: [] }, 0.03)).toBeNull();
    expect(tradeOffChart({ ...measurement.tradeOff, rows: [] })).toBeNull();
  });
});

describe('the trade-off in a sentence', () => {
  const at = (median: number, spread: number) => ({
    median,
    low: median - spread,
    high: median + spread,
    confidence: 0.95,
  });
  const withP99 = (one: object, all: object, idempotent: object) => {
    const tradeOff = measurement.tradeOff;
    if (tradeOff === null) throw new Error('fixture');
    const byMode: Record<string, object> = { 'acks=1': one, 'acks=all': all, 'acks=all idempotent': idempotent };
    const rows = tradeOff.rows.map((row) => ({ ...row, p99Ms: (byMode[row.mode] ?? null) as typeof row.p99Ms }));
    return tradeOffSentence({ ...tradeOff, rows });
  };

  it('calls overlapping intervals equal', () => {
    expect(withP99(at(2, 0.5), at(2.6, 0.5), at(2.7, 0.5))).toBe(
      'acks=all and acks=1 cannot be told apart in this run; idempotence costs nothing that this run could see',
    );
  });

  it('gives the cost where intervals stay apart', () => {
    expect(withP99(at(2, 0.1), at(3.5, 0.1), at(5, 0.1))).toBe(
      'acks=all costs 1.5 ms of publish p99 against acks=1; idempotence changes it by 1.5 ms',
    );
  });
});
