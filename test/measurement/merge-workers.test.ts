import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLatencyRecorder } from '../../lib/measurement/latency.ts';
import { Ledger } from '../../lib/measurement/ledger.ts';
import { mergeHealth, mergeIntegrity, mergeSeries, mergeTopics } from '../../lib/measurement/merge-workers.ts';
import { groupOf, healthy, latencyOf, topicOf } from './limit/probes.ts';

const guarantee = { loss: 'never', duplicates: 'never', order: 'key' } as const;

describe('latencies of workers', () => {
  it('merge to the histogram that one process would have, sample by sample', () => {
    const samples = fc.array(fc.double({ min: -5, max: 4e6, noNaN: true }), { minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(samples, fc.integer({ min: 1, max: 5 }), (latencies, workers) => {
        const whole = createLatencyRecorder();
        const parts = Array.from({ length: workers }, () => createLatencyRecorder());
        for (const [at, latency] of latencies.entries()) {
          whole.recordMs(latency);
          parts[at % workers]?.recordMs(latency);
        }
        const [merged] = mergeTopics(
          parts.map((part) => [
            topicOf({ publish: part.toLatency(), groups: [groupOf({ endToEnd: part.toLatency() })] }),
          ]),
        );
        expect(merged?.publish).toEqual(whole.toLatency());
        expect(merged?.groups[0]?.endToEnd).toEqual(whole.toLatency());
      }),
      { numRuns: 60 },
    );
  });
});

/** Every id sent, acknowledged and read, as a worker keeps them; `lose`d ones are never read, doubled ones stand twice. */
function ledgerOf(ids: readonly number[], lost: ReadonlySet<number>, doubled: ReadonlySet<number>): Ledger {
  const ledger = new Ledger({
    topic: 'orders',
    guarantee,
    groups: ['g'],
    partitions: 1,
    producers: 1,
    keys: 7,
    keyOf: (id) => id % 7,
  });
  for (const id of ids) ledger.sent(id, 0);
  for (const id of ids) ledger.acked(0, id, [id]);
  for (const id of ids) if (!lost.has(id)) ledger.read(0, 0, id, id);
  for (const id of doubled) if (ids.includes(id) && !lost.has(id)) ledger.read(0, 0, id + 1_000, id);
  ledger.groups[0]?.drained(0, Number.POSITIVE_INFINITY);
  return ledger;
}

it('ids of workers add up to what one process would have counted', () => {
  const faults = fc.uniqueArray(fc.nat(199), { maxLength: 20 });
  fc.assert(
    fc.property(faults, faults, fc.integer({ min: 1, max: 4 }), (lost, doubled, workers) => {
      const ids = Array.from({ length: 200 }, (_, id) => id);
      const [lostIds, doubledIds] = [new Set(lost), new Set(doubled)];
      const whole = ledgerOf(ids, lostIds, doubledIds).integrity();
      const parts = Array.from({ length: workers }, (_, worker) =>
        ledgerOf(
          ids.filter((id) => id % workers === worker),
          lostIds,
          doubledIds,
        ).integrity(),
      );
      const [merged] = mergeIntegrity(parts.map((part) => [part]));
      const counts = ({ examples: _, groups, ...rest }: typeof whole) => ({
        ...rest,
        groups: groups.map(({ examples: __, ...group }) => group),
      });
      expect(merged === undefined ? null : counts(merged)).toEqual(counts(whole));
      expect(merged?.groups[0]?.lost).toBe(lostIds.size);
    }),
    { numRuns: 60 },
  );
});

describe('the rest of a phase', () => {
  it('adds up rates and counts, and keeps what is not known unknown', () => {
    const parts = [
      [topicOf({ achievedPerSec: 500, groups: [groupOf({ maxLag: 4, drainedMs: 7 })] })],
      [
        topicOf({
          achievedPerSec: 400,
          unsent: 3,
          recordsPerBatch: 12,
          groups: [groupOf({ maxLag: 9, drainedMs: null })],
        }),
      ],
    ];
    const [merged] = mergeTopics(parts);
    expect(merged).toMatchObject({ achievedPerSec: 900, scheduled: 6_000, unsent: 3, offeredPerSec: 2_000 });
    expect(merged?.recordsPerBatch).toBeCloseTo(5_997 / (3_000 / 4 + 2_997 / 12), 9);
    expect(merged?.groups[0]).toMatchObject({ members: 4, received: 6_000, maxLag: 13, drainedMs: null });
    const [unknown] = mergeTopics([[topicOf({ recordsPerBatch: null, publish: latencyOf(1, 0) })], parts[0] ?? []]);
    expect(unknown?.recordsPerBatch).toBeNull();
    expect(unknown?.publish.count).toBe(1_000);
  });

  it('is limited by its harness when one worker was', () => {
    const late = { ...healthy, wasTheLimit: true, reason: 'busy', slipP99Ms: 120, cpuMicrosPerRecord: 10 };
    expect(mergeHealth([healthy, late], [3_000, 1_000])).toMatchObject({
      wasTheLimit: true,
      reason: 'worker 1: busy',
      slipP99Ms: 120,
      cpuCores: 0.8,
      cpuMicrosPerRecord: 5.5,
    });
    expect(mergeHealth([healthy], [0]).cpuMicrosPerRecord).toBeNull();
    expect(() => mergeHealth([], [])).toThrow('no worker');
  });

  it('goes second by second', () => {
    const point = (second: number, publishP99Ms: number | null) => ({
      ...{ second, offered: 10, acknowledged: 9, received: 8, lag: 1, slipP99Ms: null },
      ...{ publishP50Ms: null, publishP99Ms, endToEndP50Ms: null, endToEndP99Ms: null },
    });
    expect(mergeSeries([[point(0, 3), point(1, null)], [point(0, 5)]])).toMatchObject([
      { second: 0, offered: 20, publishP99Ms: 5, lag: 2 },
      { second: 1, offered: 10, publishP99Ms: null },
    ]);
    expect(mergeSeries([])).toEqual([]);
  });
});
