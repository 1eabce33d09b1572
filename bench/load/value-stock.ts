/**
 * Values with everything in place that does not differ from record to record, made when first asked for, padding included, and the
 * time stamp, which differs once a second: one copy of such a value and the few bytes that differ are all that a record costs then.
 */
import { envelopeTimestamp, timestampBytes } from '../../lib/requirements/envelope.ts';
import type { Filler } from './filler.ts';
import type { Template } from './payload-template.ts';

/** Writes a value of a template with its padding and the time at `at`. */
export interface FilledValues {
  write(into: Buffer, at: number, id: number, epochMs: number): void;
  /** Where another value of the template lies, with padding that may as well be this one's. */
  patch(into: Buffer, at: number, id: number, epochMs: number): void;
}

/** Of all templates together: many times what a batch holds, so that records of one batch seldom share their padding. */
const stockBytes = 2 * 1024 * 1024;
/** Fewer would repeat themselves within a batch. */
const fewestValues = 64;

/** `templates`: how many share the room. */
export function stocked(template: Template, fill: Filler, templates: number): FilledValues {
  const count = Math.floor(stockBytes / templates / template.bytes.length);
  if (count < fewestValues) return filledAnew(template, fill);
  const values: (Buffer | undefined)[] = Array.from({ length: count }, () => undefined);
  const seconds = new Float64Array(count).fill(-1);
  const stamp = createStamp(template);
  const write: FilledValues['write'] = (into, at, id, epochMs) => {
    const index = id % count;
    let value = values[index];
    if (value === undefined) {
      value = Buffer.from(template.bytes);
      fill(value, template.padOffset, template.padBytes, index);
      values[index] = value;
    }
    const second = Math.floor(epochMs / 1000);
    if (seconds[index] !== second) {
      stamp(value, 0, second);
      seconds[index] = second;
    }
    into.set(value, at);
  };
  return { write, patch: (into, at, _id, epochMs) => stamp(into, at, Math.floor(epochMs / 1000)) };
}

/** For padding that each record chooses by itself, and for values so long that few would fit. */
export function filledAnew(template: Template, fill: Filler): FilledValues {
  const { bytes, padOffset, padBytes } = template;
  const stamp = createStamp(template);
  const write: FilledValues['write'] = (into, at, id, epochMs) => {
    into.set(bytes, at);
    stamp(into, at, Math.floor(epochMs / 1000));
    fill(into, at + padOffset, padBytes, id);
  };
  return { write, patch: write };
}

/** Writes the envelope's time stamp into a value at `at`; its text is made once a second. */
function createStamp({ timestampOffset }: Template): (value: Buffer, at: number, second: number) => void {
  if (timestampOffset === null) return () => {};
  let written = -1;
  const text = Buffer.alloc(timestampBytes);
  return (value, at, second) => {
    if (second !== written) {
      text.write(envelopeTimestamp(second * 1000), 'latin1');
      written = second;
    }
    // Of a few bytes: a loop is quicker than the call that copies many.
    for (let from = 0; from < timestampBytes; from += 1) value[at + timestampOffset + from] = text[from] as number;
  };
}
