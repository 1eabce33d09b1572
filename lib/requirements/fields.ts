/**
 * The kinds of value a use case is made of. Each kind reads a YAML value strictly, says in the user's words what it
 * expected instead, and describes itself in the JSON Schema.
 */
import { z } from 'zod';
import { nearest } from '../nearest.ts';
import { type Rational, toNumber } from '../rational.ts';
import {
  durationUnits,
  type Parsed,
  parseDurationMs,
  parseGrowthPerMonth,
  parseRate,
  parseRatio,
  parseSize,
  parseUsdPerMonth,
  type Rate,
  sizeUnits,
} from '../units.ts';
import type { StorageBuffer } from './types.ts';

/** What the JSON Schema says of a field. */
export interface FieldDoc {
  readonly description: string;
  readonly examples: readonly (string | number | boolean)[];
}

const number = '\\d+(\\.\\d+)?';
const sizePattern = `${number} ?(${Object.keys(sizeUnits).join('|')})`;
const ratioPattern = `${number}( ?%)?`;

/** A leaf of the schema: `read` is given any value but a missing one. */
function field<T>(read: (value: unknown) => Parsed<T>, json: Readonly<Record<string, unknown>>, doc: FieldDoc) {
  // The description belongs to what goes in: zod leaves the examples of a transformed value out of the JSON Schema.
  return z
    .unknown()
    .meta({ ...json, description: doc.description, examples: [...doc.examples] })
    .transform((value, context): T => {
      const parsed = read(value);
      if (parsed.ok) return parsed.value;
      const remedy =
        value === undefined || value === null ? `state it, for instance ${doc.examples[0]}` : parsed.remedy;
      context.addIssue({ code: 'custom', message: parsed.expected, params: { remedy } });
      return z.NEVER;
    });
}

/** A value written as a number with a unit; a bare number is told which units there are. */
function quantity<T>(parse: (text: string) => Parsed<T>, pattern: string, doc: FieldDoc) {
  const read = (value: unknown): Parsed<T> => {
    if (typeof value === 'string' || typeof value === 'number') return parse(String(value));
    const refused = parse('');
    return refused.ok ? refused : { ...refused, remedy: 'write one value here' };
  };
  return field(read, { type: 'string', pattern: `^${pattern}$` }, doc);
}

function refuse(expected: string, remedy: string): { readonly ok: false; expected: string; remedy: string } {
  return { ok: false, expected, remedy };
}

/** `parse`, then `check`, which gives what is expected of the value instead, or null. */
function limited<T>(
  parse: (text: string) => Parsed<T>,
  check: (value: T) => readonly [expected: string, remedy: string] | null,
): (text: string) => Parsed<T> {
  return (text) => {
    const parsed = parse(text);
    const fault = parsed.ok ? check(parsed.value) : null;
    return fault === null ? parsed : refuse(...fault);
  };
}

/** Text that matches `pattern`; any text when it is null. */
export function text(expected: string, pattern: RegExp | null, doc: FieldDoc) {
  const read = (value: unknown): Parsed<string> => {
    if (typeof value === 'string' && (pattern === null || pattern.test(value))) return { ok: true, value };
    const isScalar = typeof value === 'number' || typeof value === 'boolean';
    return refuse(
      expected,
      isScalar ? 'write it in quotes if it is meant as text' : `write for instance ${doc.examples[0]}`,
    );
  };
  return field(read, { type: 'string', ...(pattern === null ? {} : { pattern: pattern.source }) }, doc);
}

export function choice<const V extends string>(values: readonly V[], doc: FieldDoc) {
  const list = values.length === 1 ? `${values[0]}` : `${values.slice(0, -1).join(', ')} or ${values.at(-1)}`;
  const read = (value: unknown): Parsed<V> => {
    const found = values.find((candidate) => candidate === value);
    if (found !== undefined) return { ok: true, value: found };
    const suggestion = typeof value === 'string' ? nearest(value, values) : null;
    return refuse(list, suggestion === null ? `write for instance ${values[0]}` : `did you mean "${suggestion}"?`);
  };
  return field(read, { type: 'string', enum: [...values] }, doc);
}

export function flag(doc: FieldDoc) {
  const read = (value: unknown): Parsed<boolean> =>
    typeof value === 'boolean' ? { ok: true, value } : refuse('true or false', 'write true or false, without quotes');
  return field(read, { type: 'boolean' }, doc);
}

export function wholeNumber(minimum: number, maximum: number, doc: FieldDoc) {
  const range = maximum === Number.MAX_SAFE_INTEGER ? `of at least ${minimum}` : `from ${minimum} to ${maximum}`;
  const read = (value: unknown): Parsed<number> => {
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= minimum && value <= maximum) {
      return { ok: true, value };
    }
    const isQuoted = typeof value === 'string' && /^\d+$/.test(value);
    const remedy = isQuoted
      ? 'remove the quotes'
      : typeof value === 'string'
        ? 'write plain digits, without separators or unit'
        : 'choose a number in that range';
    return refuse(`a whole number ${range}`, remedy);
  };
  return field(read, { type: 'integer', minimum, maximum }, doc);
}

/** Bytes. */
export function size(minimum: number, maximum: number, doc: FieldDoc) {
  const check = (bytes: number) =>
    bytes >= minimum && bytes <= maximum
      ? null
      : ([`a size from ${minimum} B to ${maximum} B`, 'choose a size in that range'] as const);
  return quantity(limited(parseSize, check), sizePattern, doc);
}

/** Milliseconds, above zero and whole multiples of the resolution. */
export function duration(resolution: 'ms' | 'us', doc: FieldDoc) {
  const perMs = resolution === 'us' ? 1000n : 1n;
  const check = (ms: Rational) => {
    if (ms.numerator === 0n) return ['a duration above 0', 'state how long it is'] as const;
    return perMs % ms.denominator === 0n
      ? null
      : ([`a duration in whole ${resolution}`, 'use fewer decimals or a smaller unit'] as const);
  };
  const read = (value: string): Parsed<number> => {
    const parsed = limited(parseDurationMs, check)(value);
    return parsed.ok ? { ok: true, value: toNumber(parsed.value) } : parsed;
  };
  return quantity(read, `${number} ?(${Object.keys(durationUnits).join('|')})`, doc);
}

/** Records or bytes per second, above zero. */
export function rate(doc: FieldDoc) {
  const check = (value: Rate) =>
    (value.kind === 'records' ? value.perSec : value.bytesPerSec).numerator === 0n
      ? (['a rate above 0', 'leave out what carries no load'] as const)
      : null;
  return quantity(limited(parseRate, check), `(${number}|${sizePattern}) ?/ ?(s|min|h)`, doc);
}

/** A fraction in (0, 1], written as a percentage or a decimal fraction. */
export function ratio(doc: FieldDoc) {
  const check = (value: Rational) =>
    isShare(value) && value.numerator > 0n
      ? null
      : (['a ratio above 0 and at most 1', 'write compressed size / original size, for instance 0.4'] as const);
  return field(numeric(limited(parseRatio, check)), { type: ['string', 'number'], pattern: `^${ratioPattern}$` }, doc);
}

/** A size, or a share of the retained bytes; above 1 only as a percentage. */
export function buffer(doc: FieldDoc) {
  const expected = 'a size such as 5 GB or a share such as 20%';
  const read = (value: string): Parsed<StorageBuffer> => {
    const share = parseRatio(value);
    if (share.ok) {
      // A bare 5 is rather a size without its unit than 500 %.
      if (isShare(share.value) || value.includes('%'))
        return { ok: true, value: { kind: 'ratio', ratio: share.value } };
      return refuse(expected, 'write the unit of a size, or a share of at most 1; above that with a %');
    }
    const bytes = parseSize(value);
    return bytes.ok ? { ok: true, value: { kind: 'bytes', bytes: bytes.value } } : refuse(expected, bytes.remedy);
  };
  return field(numeric(read), { type: ['string', 'number'], pattern: `^(${sizePattern}|${ratioPattern})$` }, doc);
}

/** A fraction of 1 from 0 to 1: beyond doubling every month the figures of three years lose all meaning. */
export function growth(doc: FieldDoc) {
  const check = (value: Rational) =>
    isShare(value) ? null : (['a growth of at most 100%/month', 'state what is realistic over three years'] as const);
  return quantity(limited(parseGrowthPerMonth, check), `${number} ?% ?/ ?month`, doc);
}

/** USD, above zero. */
export function usdPerMonth(doc: FieldDoc) {
  const check = (value: Rational) =>
    value.numerator === 0n ? (['a cost above 0', 'leave the key out if cost does not matter'] as const) : null;
  const read = (value: string): Parsed<number> => {
    const parsed = limited(parseUsdPerMonth, check)(value);
    return parsed.ok ? { ok: true, value: toNumber(parsed.value) } : parsed;
  };
  return quantity(read, '\\d+(\\.\\d{1,2})? ?USD ?/ ?month', doc);
}

function isShare(value: Rational): boolean {
  return value.numerator <= value.denominator;
}

/** Reads a number as its decimal text; `1e-7` is how JavaScript writes what the file says as `0.0000001`. */
function numeric<T>(parse: (text: string) => Parsed<T>): (value: unknown) => Parsed<T> {
  return (value) => {
    const isReadable = typeof value === 'string' || typeof value === 'number';
    const asText = typeof value === 'number' && String(value).includes('e') ? value.toFixed(15) : String(value);
    return parse(isReadable ? asText : '');
  };
}
