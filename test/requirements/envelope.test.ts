import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  buildEnvelope,
  type EnvelopeParts,
  envelopeTimestamp,
  eventIdBytes,
  keyBytes,
  maskField,
  minimumEnvelopeBytes,
  minimumPlainBytes,
} from '../../lib/requirements/envelope.ts';

const parts: EnvelopeParts = {
  eventType: 'CategoryChanged',
  timestamp: '2022-08-08-12:12:37',
  jobType: 'INSERT',
  key: { field: 'categoryId', digits: '00000042' },
  privateValues: [{ field: 'phone', value: '+49 151 "23"' }],
};

const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

describe('the envelope', () => {
  it('is the JSON the services write, of exactly the size asked for', () => {
    const { bytes } = buildEnvelope(parts, 200);
    expect(bytes.length).toBe(200 - keyBytes);
    const { pad, ...fields } = JSON.parse(textOf(bytes));
    expect(Object.entries(fields)).toEqual([
      ['eventType', 'CategoryChanged'],
      ['timestamp', '2022-08-08-12:12:37'],
      ['jobType', 'INSERT'],
      ['eventId', '0000000000000000'],
      ['categoryId', '00000042'],
      ['phone', '***'],
    ]);
    expect(pad).toMatch(/^x+$/);
  });

  it('shows a private value only when the masking step is switched off', () => {
    const canary = 'canary-7f3a';
    const planted = { ...parts, privateValues: [{ field: 'phone', value: canary }] };
    expect(textOf(buildEnvelope(planted, 300).bytes)).not.toContain(canary);
    expect(textOf(buildEnvelope(planted, 300, (value) => value).bytes)).toContain(canary);
    expect(maskField(canary)).not.toContain(canary);
  });

  it('tells where the parts lie that are patched in place', () => {
    const { bytes, eventIdOffset, timestampOffset, keyOffset, padOffset, padBytes } = buildEnvelope(parts, 220);
    const write = (text: string, offset: number): void => bytes.set(new TextEncoder().encode(text), offset);
    write('00000000deadbeef', eventIdOffset);
    write('2026-11-21-04:10:22', timestampOffset);
    write('12345678', keyOffset ?? -1);
    write('y'.repeat(padBytes), padOffset);
    expect(JSON.parse(textOf(bytes))).toMatchObject({
      eventId: '00000000deadbeef',
      timestamp: '2026-11-21-04:10:22',
      categoryId: '12345678',
      phone: '***',
      pad: 'y'.repeat(padBytes),
    });
  });

  it('has no key field and no room for a key without one', () => {
    const { bytes, keyOffset } = buildEnvelope({ ...parts, key: null }, 200);
    expect(keyOffset).toBeNull();
    expect(bytes.length).toBe(200);
    expect(JSON.parse(textOf(bytes))).not.toHaveProperty('categoryId');
  });

  it('refuses parts that would not be told apart on the wire', () => {
    expect(() => buildEnvelope({ ...parts, timestamp: 'now' }, 300)).toThrow(RangeError);
    expect(() => buildEnvelope({ ...parts, key: { field: 'id', digits: '7' } }, 300)).toThrow(RangeError);
  });
});

describe('the smallest size', () => {
  const names = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_.-]{0,20}$/);

  it('holds the envelope, and one byte less does not', () => {
    const topics = fc.record({
      eventType: fc.oneof(names, fc.string({ unit: 'grapheme' })),
      keyField: fc.option(names),
      privateFields: fc.uniqueArray(names, { maxLength: 4 }),
    });
    fc.assert(
      fc.property(topics, fc.string(), (topic, raw) => {
        const key = topic.keyField === null ? null : { field: topic.keyField, digits: '00000001' };
        const privateValues = topic.privateFields.map((field) => ({ field, value: raw }));
        const { eventType } = topic;
        const full: EnvelopeParts = {
          eventType,
          timestamp: envelopeTimestamp(0),
          jobType: 'INSERT',
          key,
          privateValues,
        };
        const minimum = minimumEnvelopeBytes(topic);
        const { bytes, padBytes, eventIdOffset } = buildEnvelope(full, minimum);
        expect(padBytes).toBe(0);
        expect(textOf(bytes.subarray(eventIdOffset, eventIdOffset + eventIdBytes))).toBe('0'.repeat(eventIdBytes));
        expect(JSON.parse(textOf(bytes)).eventType).toBe(eventType);
        expect(() => buildEnvelope(full, minimum - 1)).toThrow(RangeError);
      }),
    );
  });

  it('without an envelope is the id, and the key', () => {
    expect(minimumPlainBytes(false)).toBe(16);
    expect(minimumPlainBytes(true)).toBe(24);
  });
});

it('writes time as the services do', () => {
  expect(envelopeTimestamp(Date.UTC(2022, 7, 8, 12, 12, 37, 999))).toBe('2022-08-08-12:12:37');
});
