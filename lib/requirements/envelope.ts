/**
 * The event envelope: the payload of a record as the users' services write it, padded to an exact size.
 * Built once per key and then patched in place, so that a load costs next to nothing per record.
 */

/** Record keys are 8 decimal digits. */
export const keyBytes = 8;

/** Hexadecimal digits of the id that every payload carries, with or without an envelope. */
export const eventIdBytes = 16;

/** `yyyy-MM-dd-HH:mm:ss` */
export const timestampBytes = 19;

/** Fields of every envelope; neither the key nor a private field may bear one of these names. */
export const envelopeFields = ['eventType', 'timestamp', 'jobType', 'eventId', 'pad'] as const;

/** Takes the raw value of a private field and gives what may be seen of it. */
export type MaskField = (value: string) => string;

/** The masking step: nothing of the value is kept, not even its length. */
export const maskField: MaskField = () => '***';

export interface EnvelopeParts {
  readonly eventType: string;
  /** 19 characters, see `envelopeTimestamp`. */
  readonly timestamp: string;
  readonly jobType: 'INSERT' | 'UPDATE' | 'DELETE';
  /** Name and value (8 digits) of the record key; null: records have no key. */
  readonly key: { readonly field: string; readonly digits: string } | null;
  /** Raw values of the private fields, in the order of the use case; each goes through the masking step. */
  readonly privateValues: readonly { readonly field: string; readonly value: string }[];
}

/** The value of a record, and where in it the parts lie that differ from record to record. */
export interface Envelope {
  readonly bytes: Uint8Array;
  /** Of 16 hexadecimal digits. */
  readonly eventIdOffset: number;
  /** Of 19 characters. */
  readonly timestampOffset: number;
  /** Of 8 digits; null without a key. */
  readonly keyOffset: number | null;
  /** Of the padding, `padBytes` long: any printable ASCII but `"` and `\` may be written there. */
  readonly padOffset: number;
  readonly padBytes: number;
}

export interface EnvelopeTopic {
  readonly eventType: string;
  readonly keyField: string | null;
  readonly privateFields: readonly string[];
}

/**
 * The envelope as JSON text of exactly `sizeBytes - keyBytes` bytes (`sizeBytes` alone without a key), the event id all zeros.
 * Throws RangeError when the parts do not fit; `minimumEnvelopeBytes` gives the size that always does with masked fields.
 */
export function buildEnvelope(parts: EnvelopeParts, sizeBytes: number, mask: MaskField = maskField): Envelope {
  const { head, tail, eventIdOffset, timestampOffset, keyOffset } = frame(parts, mask);
  const valueBytes = sizeBytes - (parts.key === null ? 0 : keyBytes);
  const padBytes = valueBytes - head.length - tail.length;
  if (padBytes < 0) {
    throw new RangeError(
      `the envelope needs ${head.length + tail.length} bytes, the record has room for ${valueBytes}`,
    );
  }
  const bytes = new Uint8Array(valueBytes).fill('x'.charCodeAt(0));
  bytes.set(head);
  bytes.set(tail, valueBytes - tail.length);
  return { bytes, eventIdOffset, timestampOffset, keyOffset, padOffset: head.length, padBytes };
}

/** The smallest `message.size` (key + value) that holds the topic's envelope with masked fields and no padding. */
export function minimumEnvelopeBytes(topic: EnvelopeTopic): number {
  const { head, tail } = frame(
    {
      eventType: topic.eventType,
      timestamp: envelopeTimestamp(0),
      jobType: 'INSERT',
      key: topic.keyField === null ? null : { field: topic.keyField, digits: '0'.repeat(keyBytes) },
      privateValues: topic.privateFields.map((field) => ({ field, value: '' })),
    },
    maskField,
  );
  return head.length + tail.length + (topic.keyField === null ? 0 : keyBytes);
}

/** The smallest `message.size` without an envelope: the key and the id. */
export function minimumPlainBytes(hasKey: boolean): number {
  return eventIdBytes + (hasKey ? keyBytes : 0);
}

/** Milliseconds since the epoch as the envelope's `yyyy-MM-dd-HH:mm:ss`, in UTC. */
export function envelopeTimestamp(epochMs: number): string {
  return new Date(epochMs).toISOString().slice(0, timestampBytes).replace('T', '-');
}

function frame(parts: EnvelopeParts, mask: MaskField) {
  if (parts.timestamp.length !== timestampBytes) throw new RangeError(`not a timestamp: "${parts.timestamp}"`);
  if (parts.key !== null && !/^\d{8}$/.test(parts.key.digits)) throw new RangeError(`not a key: "${parts.key.digits}"`);
  let head = '';
  // Offsets are byte offsets, so the text before them is measured in UTF-8.
  const append = (field: string, value: string): number => {
    const start = `${head === '' ? '{' : ','}${JSON.stringify(field)}:"`;
    const offset = utf8(head + start).length;
    head += `${start}${JSON.stringify(value).slice(1)}`;
    return offset;
  };
  append('eventType', parts.eventType);
  const timestampOffset = append('timestamp', parts.timestamp);
  append('jobType', parts.jobType);
  const eventIdOffset = append('eventId', '0'.repeat(eventIdBytes));
  const keyOffset = parts.key === null ? null : append(parts.key.field, parts.key.digits);
  for (const { field, value } of parts.privateValues) append(field, mask(value));
  return { head: utf8(`${head},"pad":"`), tail: utf8('"}'), eventIdOffset, timestampOffset, keyOffset };
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
