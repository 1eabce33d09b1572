/**
 * The human units of a use case file, parsed strictly to exact values, and the formatters used wherever a figure is shown.
 * Decimal and binary sizes are kept apart: MB is 10^6, MiB is 2^20.
 */
import { nearest } from './nearest.ts';
import { compare, divide, fromDecimal, multiply, type Rational, rational, toNumber } from './rational.ts';

/** A value, or what was expected instead and how to repair it; the caller knows where the text stood. */
export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly expected: string; readonly remedy: string };

/** A rate in records, or in bytes that the message size makes records of. */
export type Rate =
  | { readonly kind: 'records'; readonly perSec: Rational }
  | { readonly kind: 'bytes'; readonly bytesPerSec: Rational };

type UnitTable = Readonly<Record<string, Rational>>;

/** Bytes in each unit of size. */
export const sizeUnits: UnitTable = {
  B: rational(1),
  ...powers(1000, ['KB', 'MB', 'GB', 'TB', 'PB']),
  ...powers(1024, ['KiB', 'MiB', 'GiB', 'TiB', 'PiB']),
};

/** Milliseconds in each unit of time. `m` and `min` are both minutes; a month has no fixed length and is not among them. */
export const durationUnits: UnitTable = {
  us: rational(1, 1000),
  ms: rational(1),
  s: rational(1000),
  m: rational(60_000),
  min: rational(60_000),
  h: rational(3_600_000),
  d: rational(86_400_000),
  w: rational(604_800_000),
};

/** Seconds in each unit that a rate may be stated over. */
const rateUnits: UnitTable = { s: rational(1), min: rational(60), h: rational(3600) };

const largest = rational(Number.MAX_SAFE_INTEGER);

/** `200 B`, `1 KiB`, `5 GB` to bytes. A fraction of a byte is refused. */
export function parseSize(text: string): Parsed<number> {
  const expected = 'a size such as 200 B or 5 GB';
  const bytes = parseQuantity(text, sizeUnits, expected);
  if (!bytes.ok) return bytes;
  return bytes.value.denominator === 1n
    ? { ok: true, value: toNumber(bytes.value) }
    : refusal('a size of whole bytes', 'use a smaller unit or fewer decimals');
}

/** `50ms`, `0.5 s`, `30m`, `5d` to milliseconds, exactly. */
export function parseDurationMs(text: string): Parsed<Rational> {
  return parseQuantity(text, durationUnits, 'a duration such as 7d');
}

/** `200/s`, `12000/min`, `40/h` to records per second, `50 MB/s` to bytes per second. */
export function parseRate(text: string): Parsed<Rate> {
  const expected = 'a rate such as 200/s or 50 MB/s';
  const match = /^(.*?) ?\/ ?(\p{L}+)$/su.exec(text);
  const seconds = own(rateUnits, match?.[2] ?? '');
  if (match === null || seconds === undefined) {
    const units = Object.keys(rateUnits).map((unit) => `/${unit}`);
    return refusal(expected, numberRemedy(text) ?? `write what it is counted over: ${units.join(', ')}`);
  }
  const amount = match[1] ?? '';
  const isCount = /^(?:0|[1-9]\d*)(\.\d+)?$/.test(amount);
  const parsed = isCount ? inRange(fromDecimal(amount), expected) : parseQuantity(amount, sizeUnits, expected);
  if (!parsed.ok) return parsed;
  const perSec = divide(parsed.value, seconds);
  return { ok: true, value: isCount ? { kind: 'records', perSec } : { kind: 'bytes', bytesPerSec: perSec } };
}

/** `20%` or `0.4` to a fraction of 1. The caller decides which fractions are allowed. */
export function parseRatio(text: string): Parsed<Rational> {
  const expected = 'a ratio such as 20% or 0.4';
  const match = /^((?:0|[1-9]\d*)(?:\.\d+)?)( ?%)?$/.exec(text);
  if (match === null) return refusal(expected, numberRemedy(text) ?? 'write a percentage or a decimal fraction');
  const value = fromDecimal(match[1] ?? '');
  return inRange(match[2] === undefined ? value : divide(value, rational(100)), expected);
}

/** `5%/month` to a fraction of 1. */
export function parseGrowthPerMonth(text: string): Parsed<Rational> {
  const expected = 'a growth such as 5%/month';
  const match = /^((?:0|[1-9]\d*)(?:\.\d+)?) ?% ?\/ ?month$/.exec(text);
  if (match === null) return refusal(expected, numberRemedy(text) ?? 'write a percentage and /month');
  return inRange(divide(fromDecimal(match[1] ?? ''), rational(100)), expected);
}

/** `2000 USD/month` to USD. */
export function parseUsdPerMonth(text: string): Parsed<Rational> {
  const expected = 'a cost such as 2000 USD/month';
  const match = /^((?:0|[1-9]\d*)(?:\.\d{1,2})?) ?USD ?\/ ?month$/.exec(text);
  if (match === null) return refusal(expected, numberRemedy(text) ?? 'write an amount and USD/month');
  return inRange(fromDecimal(match[1] ?? ''), expected);
}

function parseQuantity(text: string, units: UnitTable, expected: string): Parsed<Rational> {
  const match = /^((?:0|[1-9]\d*)(?:\.\d+)?) ?(\S+)$/.exec(text);
  const factor = own(units, match?.[2] ?? '');
  if (match === null || factor === undefined) {
    return refusal(expected, numberRemedy(text) ?? unitRemedy(match?.[2] ?? '', Object.keys(units)));
  }
  return inRange(multiply(fromDecimal(match[1] ?? ''), factor), expected);
}

/** What is wrong with the number, before any unit is looked at; null when the number is not the fault. */
function numberRemedy(text: string): string | null {
  if (/^\s|\s$/.test(text)) return 'remove the spaces around it';
  if (/^\d[\d,_' ]*[,_' ]\d/.test(text)) return 'write the number without thousands separators';
  if (/^0\d/.test(text)) return 'write it without leading zeros';
  if (/^[-+]/.test(text)) return 'write it without a sign';
  if (/^(\d+\.|\.\d|\d+(\.\d+)?e\d)/i.test(text) && !/^\d+\.\d+/.test(text)) {
    return 'write digits with at most one decimal point between them';
  }
  return null;
}

function unitRemedy(unit: string, known: readonly string[]): string {
  const all = `one of the units ${known.join(', ')}`;
  if (unit === '' || /^\d/.test(unit)) return `write ${all}`;
  const sameButCase = known.find((candidate) => candidate.toLowerCase() === unit.toLowerCase());
  const suggestion = sameButCase ?? (unit.length > 1 ? nearest(unit, known) : null);
  return suggestion === null ? `use ${all}` : `did you mean the unit ${suggestion}? It is ${all}`;
}

function inRange(value: Rational, expected: string): Parsed<Rational> {
  return compare(value, largest) <= 0
    ? { ok: true, value }
    : refusal(expected, 'this is absurd: the largest number that can be planned with is 2^53 - 1');
}

function refusal(expected: string, remedy: string): { readonly ok: false; expected: string; remedy: string } {
  return { ok: false, expected, remedy };
}

function powers(base: number, names: readonly string[]): UnitTable {
  return Object.fromEntries(names.map((name, index) => [name, rational(BigInt(base) ** BigInt(index + 1))]));
}

function own(table: UnitTable, unit: string): Rational | undefined {
  return Object.hasOwn(table, unit) ? table[unit] : undefined;
}

/** Decimal units and at most two decimals: `34.56 GB`. */
export function formatBytes(bytes: number): string {
  return formatScaled(bytes, [
    ['B', 1],
    ['KB', 1e3],
    ['MB', 1e6],
    ['GB', 1e9],
    ['TB', 1e12],
    ['PB', 1e15],
  ]);
}

/** `3.1 ms`, `1.5 s`, `5 d`; at most two decimals, three below a millisecond. */
export function formatDurationMs(durationMs: number): string {
  if (Math.abs(durationMs) < 1) return `${formatDecimal(durationMs, 3)} ms`;
  return formatScaled(durationMs, [
    ['ms', 1],
    ['s', 1000],
    ['min', 60_000],
    ['h', 3_600_000],
    ['d', 86_400_000],
  ]);
}

/** `1,000/s`; two decimals at most. */
export function formatRate(perSec: number): string {
  return `${formatDecimal(perSec, 2)}/s`;
}

/** `78,000`; two decimals at most. */
export function formatCount(count: number): string {
  return formatDecimal(count, 2);
}

/** `1 alarm`, `2 alarms`. */
export function counted(count: number, word: string): string {
  return `${formatCount(count)} ${word}${count === 1 ? '' : 's'}`;
}

/** A fraction of 1 as `1.1 %`; one decimal at most. */
export function formatPercent(fraction: number): string {
  return `${formatDecimal(fraction * 100, 1)} %`;
}

/** A fraction of 1 as a difference: `+1.1 %`, `-3 %`. */
export function formatSignedPercent(fraction: number): string {
  const text = formatPercent(fraction);
  return fraction > 0 && text !== '0 %' ? `+${text}` : text;
}

/** The largest unit in which the value is at least 1, or would be shown as 1000 of the unit below. */
function formatScaled(value: number, units: readonly (readonly [name: string, factor: number])[]): string {
  const [name, factor] = units.findLast(([, candidate], index) => {
    const below = units[index - 1]?.[1] ?? candidate;
    return roundTo(Math.abs(value) / below, 2) * below >= candidate;
  }) ??
    units[0] ?? ['', 1];
  return `${formatDecimal(value / factor, 2)} ${name}`;
}

/** Grouped by thousands, trailing zeros left out, never `-0`. */
function formatDecimal(value: number, decimals: number): string {
  // By hand, because the first use of Intl costs a tenth of a `headroom plan`.
  const rounded = roundTo(value, decimals);
  const [whole = '', fraction = ''] = Math.abs(rounded).toFixed(decimals).split('.');
  const digits = fraction.replace(/0+$/, '');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return `${rounded < 0 ? '-' : ''}${grouped}${digits === '' ? '' : `.${digits}`}`;
}

function roundTo(value: number, decimals: number): number {
  return Math.round(value * 10 ** decimals) / 10 ** decimals;
}
