import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { BatchEncoder } from '../../../bench/engine/batch-encoder.ts';
import { encodeBatch, sealBatch, unidentified } from '../../../bench/engine/record-batch.ts';
import { loadZstd } from '../../../bench/engine/zstd.ts';
import { LoadBatch } from '../../../bench/load/load-batch.ts';
import { createPayload, type Payload } from '../../../bench/load/payload.ts';
import { compressions } from '../../../lib/requirements/types.ts';
import { loadTopic } from '../load/load-topic.ts';
import { plain, readByReference } from './reference-batches.ts';

const { load } = loadTopic().plan;
const payloads: Readonly<Record<string, () => Payload>> = {
  envelope: () => createPayload({ topic: 't', load, seed: 1, session: 5 }),
  'no key': () =>
    createPayload({ topic: 't', load: { ...load, envelope: false, keyField: null, keyBytes: 0 }, seed: 1, session: 5 }),
  'several sizes': () =>
    createPayload({
      topic: 't',
      load: { ...load, envelope: false },
      seed: 1,
      session: 5,
      shape: { sizes: [60, 61, 200].map((bytes) => ({ bytes, weight: 1 })) },
    }),
};

/** Records with ids from `firstId` on, handed over `gapMs` apart. */
function batchOf(payload: Payload, firstId: number, count: number, startMs = 0, gapMs = 0): LoadBatch {
  const batch = new LoadBatch('t', 0, payload);
  for (let index = 0; index < count; index += 1) {
    batch.append(firstId + 3 * index, payload.bytesOf(firstId + 3 * index), startMs + index * gapMs);
  }
  return batch;
}

/** Producer and checksum are not written before. */
function sealed(bytes: Buffer): Buffer {
  sealBatch(bytes, unidentified);
  return bytes;
}

/** What a reader finds: all of it but the padding, which may be another record's. */
function read(bytes: Buffer, payload: Payload) {
  return readByReference(sealed(bytes)).map(({ value, ...record }) => ({ ...record, ...contentOf(value, payload) }));
}

function contentOf(hex: string | null, payload: Payload) {
  const value = Buffer.from(hex ?? '', 'hex');
  const text = value.toString();
  const { pad: _, ...fields } = text.startsWith('{') ? JSON.parse(text) : {};
  return { id: payload.idOf(value), bytes: value.length, fields };
}

function expected(batch: LoadBatch, payload: Payload) {
  return plain(batch.records, 0).map(({ value, ...record }) => ({ ...record, ...contentOf(value, payload) }));
}

beforeAll(loadZstd);

describe('batch encoder', () => {
  // Before the others, whose encoders are not closed.
  it('keeps no more than 16 MiB for all encoders, and gives that of a closed one to the others', () => {
    const payload = (payloads.envelope as () => Payload)();
    /** Bytes of nine large batches that lie where one of nine lay before. */
    const bytesKept = (encoder: BatchEncoder): number => {
      const nine = () => Array.from({ length: 9 }, () => encoder.encode(batchOf(payload, 0, 9_000)));
      const before = nine();
      for (const batch of before) encoder.reuse(batch);
      const buffers = new Set(before.map(({ bytes }) => bytes.buffer));
      const again = nine();
      for (const batch of again) encoder.reuse(batch);
      return again.reduce((sum, { bytes: { buffer } }) => sum + (buffers.has(buffer) ? buffer.byteLength : 0), 0);
    };
    const [first, second] = [new BatchEncoder('none'), new BatchEncoder('none')];
    expect(bytesKept(first)).toBeLessThanOrEqual(16 * 1024 * 1024);
    expect(bytesKept(second)).toBe(0);
    first.close();
    expect(bytesKept(first)).toBe(0);
    expect(bytesKept(second)).toBeGreaterThan(12 * 1024 * 1024);
    second.close();
  });

  it.each(Object.keys(payloads))('writes what encoding the records does, byte for byte, in new memory (%s)', (name) => {
    const payload = (payloads[name] as () => Payload)();
    fc.assert(
      fc.property(
        fc.nat(2 ** 38),
        fc.integer({ min: 1, max: 200 }),
        fc.nat(90_000),
        fc.constantFrom(...compressions),
        (id, count, gapMs, compression) => {
          const batch = batchOf(payload, id, count, -gapMs, gapMs / 7);
          const encoded = new BatchEncoder(compression).encode(batch);
          expect(encoded.records).toBe(count);
          expect(sealed(encoded.bytes).equals(sealed(encodeBatch(batch.records, compression)))).toBe(true);
        },
      ),
      { numRuns: 30 },
    );
  });

  it.each(Object.keys(payloads))(
    'writes each record with its own key, id, time and length where others lay before (%s)',
    (name) => {
      const payload = (payloads[name] as () => Payload)();
      const batches = fc.array(
        fc.record({
          firstId: fc.nat(2 ** 38),
          count: fc.integer({ min: 1, max: 150 }),
          startMs: fc.nat(5_000),
          gapMs: fc.constantFrom(0, 0, 0.1, 1, 400),
        }),
        { minLength: 2, maxLength: 8 },
      );
      fc.assert(
        fc.property(batches, (specs) => {
          const encoder = new BatchEncoder('none');
          for (const { firstId, count, startMs, gapMs } of specs) {
            const batch = batchOf(payload, firstId, count, startMs, gapMs);
            const encoded = encoder.encode(batch);
            expect(read(encoded.bytes, payload)).toEqual(expected(batch, payload));
            encoder.reuse(encoded);
          }
        }),
        { numRuns: 40 },
      );
    },
  );

  it('uses the memory of a batch again only when told that nobody looks at it, and takes the padding that lies there', () => {
    const payload = (payloads.envelope as () => Payload)();
    const encoder = new BatchEncoder('none');
    const first = encoder.encode(batchOf(payload, 0, 20));
    const before = Buffer.from(sealed(first.bytes));
    const second = encoder.encode(batchOf(payload, 1_000, 20));
    expect(second.bytes.buffer).not.toBe(first.bytes.buffer);
    expect(first.bytes.equals(before)).toBe(true);
    encoder.reuse(first);
    const third = encoder.encode(batchOf(payload, 2_000, 20));
    expect(third.bytes.buffer).toBe(first.bytes.buffer);
    const paddings = (bytes: Buffer) =>
      readByReference(bytes).map(({ value }) => JSON.parse(Buffer.from(value ?? '', 'hex').toString()).pad);
    expect(paddings(sealed(third.bytes))).toEqual(paddings(before));
    expect(paddings(sealed(third.bytes))).not.toEqual(paddings(sealed(second.bytes)));
    expect(new Set(paddings(sealed(third.bytes))).size).toBe(20);
  });

  it('writes the whole value where one of another load lay', () => {
    const [one, other] = [payloads.envelope, payloads.envelope].map((create) => (create as () => Payload)());
    const encoder = new BatchEncoder('none');
    encoder.reuse(encoder.encode(batchOf(one as Payload, 0, 20)));
    const batch = batchOf(other as Payload, 7, 20);
    expect(sealed(encoder.encode(batch).bytes).equals(sealed(encodeBatch(batch.records, 'none')))).toBe(true);
  });

  it.each([
    [
      'samples',
      { sizes: [{ bytes: 200, weight: 1 }], samples: ['one', 'another', 'a third'].map((text) => Buffer.from(text)) },
    ],
    ['long values', { sizes: [{ bytes: 40_000, weight: 1 }] }],
  ])('leaves no padding to another record where each chooses its own (%s)', (_, shape) => {
    const payload = createPayload({ topic: 't', load: { ...load, envelope: false }, seed: 1, session: 5, shape });
    const encoder = new BatchEncoder('none');
    for (const firstId of [0, 5_000]) {
      const batch = batchOf(payload, firstId, 9);
      const encoded = encoder.encode(batch);
      expect(sealed(encoded.bytes).equals(sealed(encodeBatch(batch.records, 'none')))).toBe(true);
      encoder.reuse(encoded);
    }
  });

  it('gives every compressed batch padding of its own, as its memory is free at once', () => {
    const payload = (payloads.envelope as () => Payload)();
    const encoder = new BatchEncoder('lz4');
    for (const firstId of [0, 5_000]) {
      const batch = batchOf(payload, firstId, 20);
      const encoded = encoder.encode(batch);
      expect(encoded.room).toBe(null);
      expect(sealed(encoded.bytes).equals(sealed(encodeBatch(batch.records, 'lz4')))).toBe(true);
    }
  });

  it('takes records that exist as objects, and refuses a batch of none', () => {
    const encoder = new BatchEncoder('none');
    const records = [{ key: null, value: Buffer.from('v'), timestampMs: 1 }];
    const encoded = encoder.encode({ topic: 't', partition: 0, records });
    expect(sealed(encoded.bytes).equals(sealed(encodeBatch(records, 'none')))).toBe(true);
    expect(encoded).toMatchObject({ records: 1, room: null });
    const payload = (payloads.envelope as () => Payload)();
    expect(() => encoder.encode(new LoadBatch('t', 0, payload))).toThrow('at least one record');
  });
});
