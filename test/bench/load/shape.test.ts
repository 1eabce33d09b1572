import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createPayload } from '../../../bench/load/payload.ts';
import { createSizeChoice, describeShape, type LoadShape } from '../../../bench/load/shape.ts';
import { requireShape } from '../../../bench/preflight.ts';
import { examplePlan } from '../example-plan.ts';
import { loadTopic } from './load-topic.ts';

const { load } = loadTopic().plan;
const plain = { ...load, envelope: false, keyField: null, keyBytes: 0 };

function payloadOf(shape: LoadShape, change: Partial<typeof load> = {}) {
  return createPayload({ topic: 'orders', load: { ...load, ...change }, seed: 3, session: 5, shape });
}

describe('sizes', () => {
  const sizes = [
    { bytes: 160, weight: 3 },
    { bytes: 1_000, weight: 1 },
  ];

  it('come in their proportion, with the id readable in each', () => {
    const payload = payloadOf({ sizes });
    const counts = new Map<number, number>();
    for (let id = 0; id < 8_000; id += 1) {
      const value = payload.valueOf(id, payload.keyOf(id), 0);
      counts.set(value.length, (counts.get(value.length) ?? 0) + 1);
      expect(payload.idOf(value)).toBe(id);
      if (id < 50) expect(() => JSON.parse(value.toString())).not.toThrow();
    }
    expect([...counts.keys()].toSorted((a, b) => a - b)).toEqual([152, 992]);
    expect(Math.abs((counts.get(152) ?? 0) / 8_000 - 0.75)).toBeLessThan(0.03);
  });

  it('are told before a record is made, key and value', () => {
    for (const payload of [payloadOf({ sizes }), payloadOf({ keys: { kind: 'none' }, sizes }), payloadOf({})]) {
      for (let id = 0; id < 200; id += 1) {
        const { key, value } = payload.recordOf(id, 0);
        expect(payload.bytesOf(id)).toBe((key?.length ?? 0) + value.length);
      }
    }
  });

  it('too small for the envelope, or none at all, are refused', () => {
    expect(() => payloadOf({ sizes: [{ bytes: 20, weight: 1 }] })).toThrow(/message.size is too small/);
    expect(() => payloadOf({ sizes: [] })).toThrow(/0 sizes/);
    expect(() => createSizeChoice([{ bytes: 10, weight: 0 }], 1)).toThrow(/sum to nothing/);
    expect(() => createSizeChoice([{ bytes: 1.5, weight: 1 }], 1)).toThrow(/1.5 B/);
  });
});

describe('samples', () => {
  const samples = ['{"city":"Bonn"}', '', '{"city":"Ulm"}'].map((line) => new TextEncoder().encode(line));

  it('fill plain values behind the id, and an empty one is no sample', () => {
    const payload = createPayload({ topic: 'orders', load: plain, seed: 3, session: 5, shape: { samples } });
    const texts = Array.from({ length: 40 }, (_, id) => payload.valueOf(id, 0, 0).subarray(16).toString());
    expect(new Set(texts).size).toBe(2);
    for (const text of texts) {
      expect(text).toHaveLength(200 - 16);
      expect(text).toMatch(/^(\{"city":"(Bonn|Ulm)"\})+/);
    }
    expect(payload.idOf(payload.valueOf(77, 0, 0))).toBe(77);
  });

  it('do not go with the event envelope, and need a byte', () => {
    expect(() => payloadOf({ samples })).toThrow(/asks for the event envelope/);
    const empty = { samples: [new Uint8Array()] };
    expect(() => createPayload({ topic: 'orders', load: plain, seed: 3, session: 5, shape: empty })).toThrow(/no byte/);
  });
});

describe('keys and compression', () => {
  it('no keys means none, whatever the use case says', () => {
    const payload = payloadOf({ keys: { kind: 'none' } });
    expect(payload.keys).toBeNull();
    expect(payload.valueOf(5, 0, 0)).toHaveLength(200);
    expect(payload.idOf(payload.valueOf(5, 0, 0))).toBe(5);
  });

  it('the share of random text is what a compressor is left with', () => {
    const packed = (compressionRatio: number): number => {
      const payload = createPayload({
        topic: 'orders',
        load: { ...plain, messageSizeBytes: 1_000, compressionRatio },
        seed: 3,
        session: 5,
      });
      return gzipSync(Buffer.concat(Array.from({ length: 50 }, (_, id) => payload.valueOf(id, 0, 0)))).length / 50_000;
    };
    const [low, middle, high] = [packed(0.1), packed(0.5), packed(1)];
    expect(low).toBeLessThan(middle);
    expect(middle).toBeLessThan(high);
    expect(high).toBeGreaterThan(0.6);
  });
});

it('what cannot be given is refused before a run begins', () => {
  const plan = examplePlan();
  requireShape(plan, { keys: { kind: 'zipf', exponent: 1.1 }, arrivals: 'poisson' });
  expect(() => requireShape(plan, { keys: { kind: 'hot', share: 0.5, keys: 1e9 } })).toThrow(
    /1000000000 hot keys of 1000/,
  );
  const bytes = plan.topics[0]?.load.messageSizeBytes ?? 0;
  requireShape(plan, {
    sizes: [
      { bytes: bytes - 20, weight: 1 },
      { bytes: bytes + 20, weight: 1 },
    ],
  });
  // Other sizes on average would be another use case.
  expect(() => requireShape(plan, { sizes: [{ bytes: bytes + 20, weight: 1 }] })).toThrow(
    /B on average, message.size of/,
  );
  expect(() => requireShape(plan, { samples: [new Uint8Array(3)] })).toThrow(/event envelope/);
});

it('the record of a run says what was asked for', () => {
  const shape: LoadShape = {
    arrivals: 'poisson',
    keys: { kind: 'hot', share: 0.5, keys: 2 },
    sizes: [{ bytes: 200, weight: 2 }],
    samples: [new Uint8Array(3)],
  };
  expect(describeShape(shape)).toEqual({
    arrivals: 'poisson',
    keys: 'hot:0.5:2',
    sizes: '200 B x 2',
    samples: '1 values',
  });
  expect(describeShape({})).toEqual({});
});
