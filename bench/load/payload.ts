/**
 * Keys and values of a topic's records: the event envelope of the use case, or plain bytes, padded to the planned size.
 * A value is a copy of a finished one with the parts patched in that differ from record to record, so it costs little.
 */
import { HeadroomError } from '../../lib/errors.ts';
import type { TopicLoad } from '../../lib/plan/types.ts';
import { envelopeTimestamp, keyBytes, timestampBytes } from '../../lib/requirements/envelope.ts';
import type { DriverRecord } from '../drivers/driver.ts';
import { viewOf } from '../engine/view-of.ts';
import { type Filler, randomBytesFiller, randomFiller, sampleFiller } from './filler.ts';
import { idDigits, readId, sessionTag, writeId, writeKey } from './identity.ts';
import { createKeyChoice } from './key-choice.ts';
import { createTemplate, type Template, type TemplateSpec } from './payload-template.ts';
import { createSizeChoice, type LoadShape } from './shape.ts';
import { filledAnew, stocked, type WriteFilled } from './value-stock.ts';

/** Distinct keys where the use case states none. */
export const defaultKeys = 1_000;
/** Digits of a key are as many in each; of more keys than they can tell apart a load uses these. */
const mostKeys = 10 ** keyBytes;
/** Keys kept as bytes; more would cost more memory than they save time. */
const keysKept = 100_000;
export interface PayloadSpec extends TemplateSpec {
  /** Below 2^24. */
  readonly session: number;
  /** Left out: as the use case says, with uniform keys. */
  readonly shape?: LoadShape;
}

export interface Payload {
  readonly seed: number;
  /** Distinct keys; null: records have no key. */
  readonly keys: number | null;
  /** Of every key; -1: records have no key. */
  readonly keyBytes: number;
  /** Index of the key of a record, as the load's shape says. */
  keyOf(id: number): number;
  keyBytesOf(keyIndex: number): Buffer;
  /** `keyIndex` is not looked at without keys. */
  valueOf(id: number, keyIndex: number, epochMs: number): Buffer;
  /** The value of a record at `at`, but for what `patchValue` writes. */
  writeValue(into: Buffer, at: number, id: number): void;
  /** Id, time and key of a value that lies at `at`. */
  patchValue(into: DataView, at: number, id: number, keyIndex: number, epochMs: number): void;
  /** All that values of one length differ in is what `patchValue` writes, and padding that may as well be another's. */
  readonly isPatchable: boolean;
  valueBytesOf(id: number): number;
  /** Of key and value of a record. */
  bytesOf(id: number): number;
  recordOf(id: number, epochMs: number): DriverRecord;
  /** The id in a value of this session; -1 for any other. It lies at [start, end), left out: it is all of `bytes`. */
  idOf(bytes: Uint8Array, start?: number, end?: number): number;
  /** Where the digits of the id stand in every value, behind the session's tag, and where the time stamp. */
  readonly places: { readonly idOffset: number; readonly idDigits: number; readonly timestampOffset: number | null };
}

/** Distinct keys that a load asks for; null: its records have none. */
export function distinctKeys({ keyField, keys }: TopicLoad, shape: LoadShape = {}): number | null {
  return keyField === null || shape.keys?.kind === 'none' ? null : (keys ?? defaultKeys);
}

/** Throws USE_CASE_INVALID when a size cannot hold what every record carries, USAGE for a shape that cannot be given. */
export function createPayload(spec: PayloadSpec): Payload {
  const { seed, session, shape = {} } = spec;
  const load = shape.keys?.kind === 'none' ? { ...spec.load, keyField: null, keyBytes: 0 } : spec.load;
  const asksFor = distinctKeys(load, shape);
  const keys = asksFor === null ? null : Math.min(asksFor, mostKeys);
  const { templateOf, eventIdOffset, isPatchable } = createTemplates({ ...spec, load });
  const keyOf = keys === null ? () => 0 : asked(() => createKeyChoice(shape.keys ?? { kind: 'uniform' }, keys, seed));
  const tagBytes = Buffer.from(sessionTag(session));
  const keyBytesOf = createKeys();
  const valueBytesOf = (id: number) => templateOf(id).bytes.length;
  const writeStamp = createStamp();
  const writeValue: Payload['writeValue'] = (into, at, id) => templateOf(id).writeFilled(into, at, id);
  const patchValue: Payload['patchValue'] = (into, at, id, keyIndex, epochMs) => {
    const { timestampOffset, keyOffset } = templateOf(id);
    writeId(into, at + eventIdOffset, id);
    if (timestampOffset !== null) writeStamp(into, at + timestampOffset, epochMs);
    if (keyOffset !== null) writeKey(into, at + keyOffset, keyIndex);
  };
  const makeValue: Payload['valueOf'] = (id, keyIndex, epochMs) => {
    const value = Buffer.allocUnsafe(valueBytesOf(id));
    writeValue(value, 0, id);
    patchValue(viewOf(value), 0, id, keyIndex, epochMs);
    return value;
  };
  return {
    seed,
    keys,
    keyOf,
    keyBytesOf,
    keyBytes: keys === null ? -1 : keyBytes,
    writeValue,
    patchValue,
    isPatchable,
    valueBytesOf,
    valueOf: makeValue,
    bytesOf: (id) => valueBytesOf(id) + (keys === null ? 0 : keyBytes),
    recordOf: (id, epochMs) => {
      const keyIndex = keyOf(id);
      const key = keys === null ? null : keyBytesOf(keyIndex);
      return { key, value: makeValue(id, keyIndex, epochMs), timestampMs: epochMs };
    },
    idOf: (bytes, start = 0, end = bytes.length) => readId(bytes, start + eventIdOffset, end, tagBytes),
    places: {
      idOffset: eventIdOffset + tagBytes.length,
      idDigits,
      timestampOffset: templateOf(0).timestampOffset,
    },
  };
}

interface FilledTemplate extends Template {
  readonly writeFilled: WriteFilled;
}

/** A template a size; the id lies at the same place in all of them, as padding comes behind it. */
function createTemplates(spec: PayloadSpec): {
  readonly templateOf: (id: number) => FilledTemplate;
  readonly eventIdOffset: number;
  readonly isPatchable: boolean;
} {
  const { shape = {}, seed, load } = spec;
  const tag = sessionTag(spec.session);
  const sizes = shape.sizes ?? [{ bytes: load.messageSizeBytes, weight: 1 }];
  const sizeOf = asked(() => createSizeChoice(sizes, seed + 2));
  const fill = fillerOf(spec);
  let isPatchable = true;
  const [first, ...rest] = sizes.map(({ bytes }): FilledTemplate => {
    const template = createTemplate({ ...spec, load: { ...load, messageSizeBytes: bytes } }, tag);
    const fromStock = shape.samples === undefined ? stocked(template, fill, sizes.length) : null;
    isPatchable &&= fromStock !== null;
    return { ...template, writeFilled: fromStock ?? filledAnew(template, fill) };
  });
  if (first === undefined) throw new RangeError('a load has at least one size');
  const templates = [first, ...rest];
  return {
    templateOf: templates.length === 1 ? () => first : (id) => templates[sizeOf(id)] ?? first,
    eventIdOffset: first.eventIdOffset,
    isPatchable,
  };
}

function fillerOf({ load, seed, shape = {} }: PayloadSpec): Filler {
  const { samples, entropy } = shape;
  if (entropy !== undefined && !load.envelope) return randomBytesFiller(entropy, seed);
  if (samples === undefined) return randomFiller(load.compressionRatio, seed);
  if (!load.envelope) return asked(() => sampleFiller(samples, seed));
  throw new HeadroomError('USAGE', 'samples fill plain values, and the use case asks for the event envelope', {
    hint: 'set message.envelope to false, or leave the samples out',
  });
}

/** What a shape asks for and nobody can give is the user's to mend. */
function asked<T>(create: () => T): T {
  try {
    return create();
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new HeadroomError('USAGE', `the shape of the load: ${cause.message}`, {
      hint: 'see docs/measuring.md for the shapes a load can have',
      cause,
    });
  }
}

/** Keys as bytes; those used most are written out once. */
function createKeys(): (keyIndex: number) => Buffer {
  const known: Buffer[] = [];
  return (keyIndex) => {
    let key = known[keyIndex];
    if (key === undefined) {
      key = Buffer.allocUnsafe(keyBytes);
      writeKey(viewOf(key), 0, keyIndex);
      if (keyIndex < keysKept) known[keyIndex] = key;
    }
    return key;
  };
}

/** Writes the envelope's time stamp; its text is made once a second. */
function createStamp(): (into: DataView, offset: number, epochMs: number) => void {
  let second = -1;
  const text = Buffer.alloc(timestampBytes);
  const words = viewOf(text);
  return (into, offset, epochMs) => {
    const now = Math.floor(epochMs / 1000);
    if (now !== second) {
      text.write(envelopeTimestamp(now * 1000), 'latin1');
      second = now;
    }
    // Whole words, the last of which overlaps the one before.
    for (let at = 0; at < timestampBytes - 4; at += 4) into.setUint32(offset + at, words.getUint32(at));
    into.setUint32(offset + timestampBytes - 4, words.getUint32(timestampBytes - 4));
  };
}
