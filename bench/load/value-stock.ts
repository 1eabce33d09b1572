/**
 * Values with everything in place that does not differ from record to record, padding included, made when first asked for: one
 * copy of such a value and the few bytes that differ are all that a record costs then.
 */
import type { Filler } from './filler.ts';
import type { Template } from './payload-template.ts';

/** A value of a template with its padding, written at `at`. */
export type WriteFilled = (into: Buffer, at: number, id: number) => void;

/** Of all templates together: many times what a batch holds, so that records of one batch seldom share their padding. */
const stockBytes = 2 * 1024 * 1024;
/** Fewer would repeat themselves within a batch. */
const fewestValues = 64;

/** Null for values so long that few would fit. `templates`: how many share the room. */
export function stocked(template: Template, fill: Filler, templates: number): WriteFilled | null {
  const count = Math.floor(stockBytes / templates / template.bytes.length);
  if (count < fewestValues) return null;
  const values: (Buffer | undefined)[] = Array.from({ length: count }, () => undefined);
  return (into, at, id) => {
    const index = id % count;
    let value = values[index];
    if (value === undefined) {
      value = Buffer.from(template.bytes);
      fill(value, template.padOffset, template.padBytes, index);
      values[index] = value;
    }
    into.set(value, at);
  };
}

/** For padding that each record chooses by itself. */
export function filledAnew({ bytes, padOffset, padBytes }: Template, fill: Filler): WriteFilled {
  return (into, at, id) => {
    into.set(bytes, at);
    fill(into, at + padOffset, padBytes, id);
  };
}
