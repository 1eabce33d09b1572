/**
 * Keys and values of a topic's records: the event envelope of the use case, or plain bytes, padded to the planned size.
 * A value is a copy of one template with the parts patched in that differ from record to record, so it costs little.
 */
import { HeadroomError } from '../../lib/errors.ts';
import type { TopicLoad } from '../../lib/plan/types.ts';
import { createRandom, hash32 } from '../../lib/random.ts';
import {
  buildEnvelope,
  envelopeTimestamp,
  keyBytes,
  type MaskField,
  maskField,
  minimumPlainBytes,
  timestampBytes,
} from '../../lib/requirements/envelope.ts';
import { rawCanary } from './canary.ts';
import { readId, sessionTag, writeId } from './identity.ts';

/** Distinct keys where the use case states none. */
export const defaultKeys = 1_000;
/** Keys kept as bytes; more would cost more memory than they save time. */
const keysKept = 100_000;
/** Random text that padding is cut from: longer than any window of a compressor that matters here (lz4: 64 KiB). */
const randomTextBytes = 262_144;
const randomAlphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

export interface PayloadSpec {
  readonly topic: string;
  readonly load: TopicLoad;
  readonly seed: number;
  /** Below 2^24. */
  readonly session: number;
  readonly mask?: MaskField;
}

export interface Payload {
  readonly seed: number;
  /** Distinct keys; null: records have no key. */
  readonly keys: number | null;
  /** Index of the key of a record, uniform over the keys. */
  keyOf(id: number): number;
  keyBytesOf(keyIndex: number): Buffer;
  /** `keyIndex` is not looked at without keys. */
  valueOf(id: number, keyIndex: number, epochMs: number): Buffer;
  /** The id in a value of this session; -1 for any other. */
  idOf(value: Uint8Array): number;
}

/** Throws USE_CASE_INVALID when the planned size cannot hold what every record carries. */
export function createPayload(spec: PayloadSpec): Payload {
  const { load, seed, session } = spec;
  const hasKey = load.keyField !== null;
  const keys = hasKey ? (load.keys ?? defaultKeys) : null;
  const tag = sessionTag(session);
  const template = createTemplate(spec, tag);
  const { bytes, eventIdOffset, timestampOffset, keyOffset, padOffset } = template;
  const tagBytes = Buffer.from(tag);
  const random = randomText(seed);
  // What a compressor cannot shrink: this share of the padding, the rest stays constant.
  const randomBytes = Math.floor(template.padBytes * Math.min(1, load.compressionRatio));
  const clock = createClock();
  const keyBytesOf = createKeys();
  return {
    seed,
    keys,
    keyOf: (id) => (keys === null ? 0 : hash32(seed, id) % keys),
    keyBytesOf,
    valueOf: (id, keyIndex, epochMs) => {
      const value = Buffer.allocUnsafe(bytes.length);
      value.set(bytes);
      if (randomBytes > 0) {
        const from = hash32(seed + 1, id) % (random.length - randomBytes);
        random.copy(value, padOffset, from, from + randomBytes);
      }
      writeId(value, eventIdOffset, id);
      if (timestampOffset !== null) clock(epochMs).copy(value, timestampOffset);
      if (keyOffset !== null) value.set(keyBytesOf(keyIndex), keyOffset);
      return value;
    },
    idOf: (value) => readId(value, eventIdOffset, tagBytes),
  };
}

interface Template {
  readonly bytes: Uint8Array;
  readonly eventIdOffset: number;
  readonly timestampOffset: number | null;
  readonly keyOffset: number | null;
  readonly padOffset: number;
  readonly padBytes: number;
}

function createTemplate(spec: PayloadSpec, tag: string): Template {
  const { load } = spec;
  const template = load.envelope ? envelopeTemplate(spec) : plainTemplate(load);
  template.bytes.set(Buffer.from(tag), template.eventIdOffset);
  return template;
}

function envelopeTemplate({ topic, load, seed, mask }: PayloadSpec): Template {
  try {
    return buildEnvelope(
      {
        eventType: load.eventType,
        timestamp: envelopeTimestamp(0),
        jobType: 'INSERT',
        key: load.keyField === null ? null : { field: load.keyField, digits: keyDigits(0) },
        privateValues: load.privateFields.map((field) => ({ field, value: rawCanary(seed, topic, field) })),
      },
      load.messageSizeBytes,
      mask ?? maskField,
    );
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw tooSmall(topic, cause.message, cause);
  }
}

function plainTemplate(load: TopicLoad): Template {
  const smallest = minimumPlainBytes(load.keyField !== null);
  if (load.messageSizeBytes < smallest) {
    throw tooSmall(load.eventType, `${load.messageSizeBytes} bytes given, at least ${smallest} needed for key and id`);
  }
  const bytes = new Uint8Array(load.messageSizeBytes - load.keyBytes).fill('x'.charCodeAt(0));
  bytes.fill('0'.charCodeAt(0), 0, minimumPlainBytes(false));
  const padOffset = minimumPlainBytes(false);
  const padBytes = bytes.length - padOffset;
  return { bytes, eventIdOffset: 0, timestampOffset: null, keyOffset: null, padOffset, padBytes };
}

function tooSmall(topic: string, message: string, cause?: unknown): HeadroomError {
  return new HeadroomError('USE_CASE_INVALID', `${topic}: message.size is too small: ${message}`, {
    hint: 'raise message.size',
    cause,
  });
}

function keyDigits(keyIndex: number): string {
  return String(keyIndex).padStart(keyBytes, '0');
}

/** Keys as bytes; those used most are written out once. */
function createKeys(): (keyIndex: number) => Buffer {
  const known: Buffer[] = [];
  return (keyIndex) => {
    let key = known[keyIndex];
    if (key === undefined) {
      key = Buffer.from(keyDigits(keyIndex), 'latin1');
      if (keyIndex < keysKept) known[keyIndex] = key;
    }
    return key;
  };
}

/** The envelope's time stamp, written out once a second. */
function createClock(): (epochMs: number) => Buffer {
  let second = -1;
  const text = Buffer.alloc(timestampBytes);
  return (epochMs) => {
    const now = Math.floor(epochMs / 1000);
    if (now !== second) {
      text.write(envelopeTimestamp(now * 1000), 'latin1');
      second = now;
    }
    return text;
  };
}

function randomText(seed: number): Buffer {
  const random = createRandom(seed);
  const text = Buffer.alloc(randomTextBytes);
  for (let at = 0; at < text.length; at += 1) text[at] = randomAlphabet.charCodeAt(Math.floor(random() * 64));
  return text;
}
