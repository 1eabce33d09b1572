/** One value of a topic with everything in it that is the same in all records, and where the rest goes. */
import { HeadroomError } from '../../lib/errors.ts';
import type { TopicLoad } from '../../lib/plan/types.ts';
import {
  buildEnvelope,
  envelopeTimestamp,
  keyBytes,
  type MaskField,
  maskField,
  minimumPlainBytes,
} from '../../lib/requirements/envelope.ts';
import { rawCanary } from './canary.ts';

export interface TemplateSpec {
  readonly topic: string;
  readonly load: TopicLoad;
  readonly seed: number;
  readonly mask?: MaskField;
}

export interface Template {
  readonly bytes: Uint8Array;
  readonly eventIdOffset: number;
  readonly timestampOffset: number | null;
  readonly keyOffset: number | null;
  readonly padOffset: number;
  readonly padBytes: number;
}

/** Throws USE_CASE_INVALID when the size cannot hold what every record carries. */
export function createTemplate(spec: TemplateSpec, tag: string): Template {
  const { load } = spec;
  const template = load.envelope ? envelopeTemplate(spec) : plainTemplate(load);
  template.bytes.set(Buffer.from(tag), template.eventIdOffset);
  return template;
}

function envelopeTemplate({ topic, load, seed, mask }: TemplateSpec): Template {
  try {
    return buildEnvelope(
      {
        eventType: load.eventType,
        timestamp: envelopeTimestamp(0),
        jobType: 'INSERT',
        key: load.keyField === null ? null : { field: load.keyField, digits: '0'.repeat(keyBytes) },
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
