import { describe, expect, it } from 'vitest';
import { signalsIn } from '../lib/metrics/expression.ts';
import { isAvailable } from '../lib/metrics/types.ts';
import { alerts, signalOf, signals } from '../lib/metrics.ts';

describe('the signal table', () => {
  it('gives every signal an id, a meaning and a unit of its own', () => {
    expect(new Set(signals.map(({ id }) => id)).size).toBe(signals.length);
    expect(signals.filter(({ meaning }) => meaning.length < 15)).toEqual([]);
    expect(signals.filter(({ meaning }) => /^[A-Z]|\.$/.test(meaning) && !/^CPU/.test(meaning))).toEqual([]);
  });

  it('gives every signal at least one place, and a reason where it has none', () => {
    for (const { id, sources } of signals) {
      const places = Object.values(sources);
      expect(
        places.some((source) => isAvailable(source)),
        id,
      ).toBe(true);
      for (const source of places) {
        if (!isAvailable(source)) expect(source.notAvailable.length, id).toBeGreaterThan(15);
      }
    }
  });

  it('never gives two signals the same series under one profile', () => {
    for (const profile of ['selfManaged', 'msk'] as const) {
      const selectors = signals.flatMap(({ sources, mbean }) => {
        const source = sources[profile];
        // A counter of a histogram and its quantiles may share the stem, per-topic values and their sum the metric.
        return isAvailable(source)
          ? [`${source.metric}${JSON.stringify(source.matchers)}${mbean?.keys?.topic ?? ''}`]
          : [];
      });
      expect(selectors.filter((each, index) => selectors.indexOf(each) !== index)).toEqual([]);
    }
  });

  it('derives both names of a broker’s signal from its MBean', () => {
    const { selfManaged, msk } = signalOf('bytesIn').sources;
    expect(selfManaged).toMatchObject({
      metric: 'kafka_server_brokertopicmetrics_bytesin_total',
      matchers: { topic: '' },
    });
    expect(msk).toMatchObject({
      metric: 'kafka_server_BrokerTopicMetrics_Count',
      matchers: { name: 'BytesInPerSec', topic: '' },
    });
    expect(signalOf('raftLeader').sources.selfManaged).toMatchObject({
      metric: 'kafka_server_raftmetrics_current_leader',
    });
  });

  it('ends counters in _total and nothing else', () => {
    for (const { id, kind, mbean, sources } of signals) {
      if (mbean === null || !isAvailable(sources.selfManaged)) continue;
      expect(sources.selfManaged.metric.endsWith('_total'), id).toBe(kind === 'counter');
    }
  });

  it('writes CloudWatch dimensions as AWS does and asks controllers for no average', () => {
    for (const { id, sources } of signals) {
      if (!isAvailable(sources.cloudWatch)) continue;
      const { dimensions, statistic } = sources.cloudWatch;
      expect(dimensions[0], id).toBe('Cluster Name');
      if (dimensions.length === 1) expect(['Maximum', 'Sum'], id).toContain(statistic);
    }
  });

  it('does not claim for Express what Express lacks', () => {
    const lacking = [
      'UnderReplicatedPartitions',
      'OfflinePartitionsCount',
      'KafkaDataLogsDiskUsed',
      'HeapMemoryAfterGC',
      'BurstBalance',
      'VolumeQueueLength',
      'BwInAllowanceExceeded',
      'BwOutAllowanceExceeded',
    ];
    for (const { sources } of signals) {
      if (!isAvailable(sources.cloudWatch) || !lacking.includes(sources.cloudWatch.metric)) continue;
      expect(sources.cloudWatch.kinds, sources.cloudWatch.metric).toEqual(['msk']);
    }
  });

  it('names an unknown signal', () => {
    expect(() => signalOf('underReplicate')).toThrow(/no signal underReplicate/);
  });
});

describe('alerts', () => {
  it('have ids of their own that make file names', () => {
    expect(new Set(alerts.map(({ id }) => id)).size).toBe(alerts.length);
    expect(alerts.filter(({ id }) => !/^[A-Z][A-Za-z]+$/.test(id))).toEqual([]);
  });

  it('speak of signals in the table only, in conditions and in alarms', () => {
    for (const { condition, cloudWatch } of alerts) {
      for (const id of signalsIn(condition ?? '')) signalOf(id);
      if (!isAvailable(cloudWatch)) continue;
      for (const id of Object.values(cloudWatch.metrics))
        expect(isAvailable(signalOf(id).sources.cloudWatch), id).toBe(true);
    }
  });

  it('can each be raised by something', () => {
    expect(alerts.filter(({ condition, cloudWatch }) => condition === null && !isAvailable(cloudWatch))).toEqual([]);
  });

  it('leave fifteen and more to be drilled', () => {
    expect(alerts.filter(({ drill }) => 'fault' in drill).length).toBeGreaterThanOrEqual(15);
  });
});
