import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { viewOf } from '../../../bench/engine/view-of.ts';
import { rawCanary } from '../../../bench/load/canary.ts';
import { firstMarkId } from '../../../bench/load/identity.ts';
import { createPayload, defaultKeys } from '../../../bench/load/payload.ts';
import { createPrivacySearch } from '../../../bench/privacy/search.ts';
import { HeadroomError } from '../../../lib/errors.ts';
import type { TopicLoad } from '../../../lib/plan/types.ts';

const load: TopicLoad = {
  averagePerSec: 200,
  peakPerSec: 1000,
  producers: 2,
  messageSizeBytes: 300,
  keyBytes: 8,
  keyField: 'categoryId',
  keys: null,
  envelope: true,
  eventType: 'CategoryChanged',
  privateFields: ['phone'],
  compressionRatio: 1,
  growthPerMonth: 0,
};

function payloadOf(
  overrides: Partial<TopicLoad> = {},
  extra: { mask?: (value: string) => string; session?: number } = {},
) {
  const { session = 77, ...rest } = extra;
  return createPayload({ topic: 'orders', load: { ...load, ...overrides }, seed: 42, session, ...rest });
}

const plain = { envelope: false, keyField: null, keyBytes: 0, privateFields: [] } as const;
const epochMs = Date.UTC(2026, 7, 8, 12, 12, 37, 900);

describe('envelope payload', () => {
  it('is the envelope, padded to the planned size, with key, time and id of the record', () => {
    const payload = payloadOf();
    const value = payload.valueOf(123_456, 42, epochMs);
    expect(value.length).toBe(292);
    expect(payload.keyBytesOf(42).toString()).toBe('00000042');
    expect(JSON.parse(value.toString())).toMatchObject({
      eventType: 'CategoryChanged',
      timestamp: '2026-08-08-12:12:37',
      jobType: 'INSERT',
      categoryId: '00000042',
      phone: '***',
    });
  });

  it('goes with the key the id has', () => {
    const payload = payloadOf();
    const { key, value } = payload.recordOf(123_456, epochMs);
    expect(key).toEqual(payload.keyBytesOf(payload.keyOf(123_456)));
    expect(JSON.parse(value.toString()).categoryId).toBe(String(key));
  });

  it('follows the clock, back as well', () => {
    const payload = payloadOf();
    payload.valueOf(0, 0, epochMs);
    const later = payload.valueOf(1, 0, epochMs + 1000);
    expect(JSON.parse(later.toString()).timestamp).toBe('2026-08-08-12:12:38');
    // Another producer's, handed over before and sent later.
    const earlier = payload.recordOf(2, epochMs);
    expect(earlier.timestampMs).toBe(epochMs);
    expect(JSON.parse(earlier.value.toString()).timestamp).toBe('2026-08-08-12:12:37');
  });

  it('stays valid JSON for any id and key', () => {
    const payload = payloadOf();
    fc.assert(
      fc.property(fc.nat(2 ** 30), fc.nat(defaultKeys - 1), (id, keyIndex) => {
        expect(() => JSON.parse(payload.valueOf(id, keyIndex, epochMs).toString())).not.toThrow();
      }),
    );
  });

  it('has keys of one length, however many the topic has', () => {
    const payload = payloadOf({ keys: 3e8 });
    expect(payload.keys).toBe(1e8);
    const keyIndex = (payload.keys ?? 0) - 1;
    expect(payload.keyBytesOf(keyIndex)).toHaveLength(8);
    expect(JSON.parse(payload.valueOf(1, keyIndex, epochMs).toString()).categoryId).toBe('99999999');
  });

  it('is refused when it does not fit, with what to do', () => {
    expect(() => payloadOf({ messageSizeBytes: 60 })).toThrow(HeadroomError);
    expect(() => payloadOf({ messageSizeBytes: 60 })).toThrow(/orders: message.size is too small/);
  });
});

describe('plain payload', () => {
  it('has the planned size, down to the smallest that holds the id', () => {
    expect(payloadOf({ ...plain, messageSizeBytes: 200 }).valueOf(1, 0, epochMs).length).toBe(200);
    const smallest = payloadOf({ ...plain, messageSizeBytes: 16 });
    expect(smallest.idOf(smallest.valueOf(9, 0, epochMs))).toBe(9);
    expect(() => payloadOf({ ...plain, messageSizeBytes: 15 })).toThrow(/at least 16/);
  });

  it('compresses about as far as the use case says', () => {
    const compressed = (compressionRatio: number): number => {
      const payload = payloadOf({ ...plain, messageSizeBytes: 1000, compressionRatio });
      const values = Array.from({ length: 100 }, (_, id) => payload.valueOf(id, 0, epochMs));
      return gzipSync(Buffer.concat(values)).length / 100_000;
    };
    expect(compressed(1)).toBeGreaterThan(0.6);
    expect(compressed(0.2)).toBeLessThan(0.25);
  });
});

describe('identity', () => {
  it.each([load, { ...load, ...plain }])('is read back from any value of the session, end marks included', (shape) => {
    const payload = payloadOf(shape);
    const ids = fc.oneof(fc.nat(2 ** 30), fc.integer({ min: firstMarkId, max: 2 * firstMarkId - 1 }));
    fc.assert(fc.property(ids, (id) => payload.idOf(payload.valueOf(id, 3, epochMs)) === id));
  });

  it('of another session, of a foreign record and of a short one is not ours', () => {
    const payload = payloadOf();
    expect(payload.idOf(payloadOf({}, { session: 78 }).valueOf(5, 0, epochMs))).toBe(-1);
    expect(payload.idOf(Buffer.alloc(292))).toBe(-1);
    expect(payload.idOf(Buffer.from('short'))).toBe(-1);
    const corrupted = payload.valueOf(5, 0, epochMs);
    corrupted.fill('z', 0, 120);
    expect(payload.idOf(corrupted)).toBe(-1);
  });
});

describe('keys', () => {
  it('are uniform over the keys of the use case, and the same for the same seed', () => {
    const payload = payloadOf({ keys: 10 });
    const counts = new Array<number>(10).fill(0);
    for (let id = 0; id < 10_000; id += 1) {
      const key = payload.keyOf(id);
      counts[key] = (counts[key] ?? 0) + 1;
    }
    expect(Math.min(...counts)).toBeGreaterThan(900);
    expect(Math.max(...counts)).toBeLessThan(1100);
    expect(payloadOf({ keys: 10 }).keyOf(17)).toBe(payload.keyOf(17));
  });

  it('are as many as stated, or a thousand; none without a key field', () => {
    expect(payloadOf().keys).toBe(defaultKeys);
    expect(payloadOf({ keys: 7 }).keys).toBe(7);
    expect(payloadOf(plain).keys).toBeNull();
  });
});

describe('private fields', () => {
  const search = createPrivacySearch([rawCanary(42, 'orders', 'phone')]);

  it('do not show their raw value when masked', () => {
    expect(search.countIn(payloadOf().valueOf(1, 0, epochMs))).toBe(0);
  });

  it('are caught when masking is switched off', () => {
    expect(search.countIn(payloadOf({}, { mask: (value) => value }).valueOf(1, 0, epochMs))).toBeGreaterThan(0);
  });

  it('differ by seed, topic and field', () => {
    const canaries = [rawCanary(1, 'a', 'x'), rawCanary(2, 'a', 'x'), rawCanary(1, 'b', 'x'), rawCanary(1, 'a', 'y')];
    expect(new Set(canaries).size).toBe(4);
  });
});

describe('a record of the load', () => {
  const kinds = [
    ['envelope', {}],
    ['plain', plain],
    ['so long that each is filled anew', { messageSizeBytes: 100_000 }],
  ] as const;

  it.each(kinds)('has the same value wherever it is written (%s)', (_, overrides) => {
    const payload = payloadOf(overrides);
    fc.assert(
      fc.property(fc.nat(2 ** 40 - 1), fc.nat(100), (id, at) => {
        const { value } = payload.recordOf(id, epochMs);
        const bytes = payload.valueBytesOf(id);
        const into = Buffer.alloc(at + bytes + 1, 0xee);
        payload.writeValue(into, at, id);
        payload.patchValue(viewOf(into), at, id, payload.keyOf(id), epochMs);
        expect(bytes).toBe(value.length);
        expect(into.subarray(at, -1).equals(value)).toBe(true);
        expect([into[at - 1] ?? 0xee, into.at(-1)]).toEqual([0xee, 0xee]);
        // Another payload of the same seed: what was written before makes no difference.
        expect(payloadOf(overrides).recordOf(id, epochMs).value.equals(value)).toBe(true);
      }),
      { numRuns: 20 },
    );
  });

  it.each(kinds)('is patched over another one: all but the padding is its own (%s)', (_, overrides) => {
    const payload = payloadOf(overrides);
    fc.assert(
      fc.property(fc.nat(2 ** 40 - 1), fc.nat(2 ** 40 - 1), fc.nat(10_000_000), (before, id, laterMs) => {
        const [value, own] = [
          payload.valueOf(before, payload.keyOf(before), epochMs),
          payload.recordOf(id, epochMs + laterMs),
        ];
        payload.patchValue(viewOf(value), 0, id, payload.keyOf(id), epochMs + laterMs);
        expect(payload.idOf(value)).toBe(id);
        expect(value).toHaveLength(own.value.length);
        if (overrides === plain) return;
        const { pad: _padding, ...expected } = JSON.parse(own.value.toString());
        expect(JSON.parse(value.toString())).toMatchObject(expected);
      }),
      { numRuns: 20 },
    );
  });

  it('seldom shares its padding with another one of its batch', () => {
    const payload = payloadOf({ ...plain, messageSizeBytes: 200 });
    const paddings = Array.from({ length: 2_000 }, (_, id) =>
      payload.recordOf(id, epochMs).value.toString('latin1', 16),
    );
    expect(new Set(paddings).size).toBeGreaterThan(0.99 * paddings.length);
  });
});
