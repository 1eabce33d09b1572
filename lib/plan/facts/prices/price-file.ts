/** A price table given by the user: JSON or YAML, checked strictly, all faults at once. */
import { parseDocument } from 'yaml';
import { HeadroomError } from '../../../errors.ts';
import { nearest } from '../../../nearest.ts';
import { ec2Instances } from '../ec2-instances.ts';
import { mskExpressBrokers } from '../msk-express.ts';
import { mskStandardBrokers } from '../msk-standard.ts';
import { hourlyPrices, type PriceTable, scalarPrices } from './price-table.ts';

const knownTypes: Readonly<Record<(typeof hourlyPrices)[number], readonly string[]>> = {
  mskBrokerHour: mskStandardBrokers.rows.map(({ type }) => type),
  expressBrokerHour: mskExpressBrokers.rows.map(({ type }) => type),
  ec2Hour: ec2Instances.rows.map(({ type }) => type),
};

const texts = ['region', 'asOf', 'source'] as const;
const usualHoursPerMonth = 730;

/**
 * Reads a price table. `region` and `asOf` must be given; a price left out or null is unknown; `hoursPerMonth` is 730 when
 * left out. `region`: the one of the use case; null: any. Throws PRICES_INVALID with every fault listed.
 */
export function parsePriceTable(text: string, path: string, region: string | null): PriceTable {
  const document = parseDocument(text);
  const [syntax] = document.errors;
  if (syntax !== undefined) throw invalid(path, [syntax.message.split('\n')[0] ?? syntax.message]);
  const value: unknown = document.toJS();
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalid(path, ['expected a table of prices, such as { "region": "us-east-1", "asOf": "2026-06-23", ... }']);
  const entries = value as Record<string, unknown>;
  const faults = [
    ...unknownKeys(entries, [...texts, 'hoursPerMonth', ...scalarPrices, ...hourlyPrices], ''),
    ...textFaults(entries),
    ...hourFaults(entries.hoursPerMonth),
    ...scalarPrices.flatMap((name) => priceFaults(name, entries[name])),
    ...hourlyPrices.flatMap((name) => hourlyFaults(name, entries[name])),
    ...regionFaults(entries.region, region),
  ];
  if (faults.length > 0) throw invalid(path, faults);
  return {
    region: String(entries.region),
    asOf: String(entries.asOf),
    source: typeof entries.source === 'string' ? entries.source : path,
    hoursPerMonth: typeof entries.hoursPerMonth === 'number' ? entries.hoursPerMonth : usualHoursPerMonth,
    ...pick(scalarPrices, (name) => entries[name] ?? null),
    ...pick(hourlyPrices, (name) => withoutNulls(entries[name] ?? {})),
  } as PriceTable;
}

function pick(names: readonly string[], value: (name: string) => unknown): Record<string, unknown> {
  return Object.fromEntries(names.map((name) => [name, value(name)]));
}

function withoutNulls(prices: unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(prices as object).filter(([, price]) => price !== null));
}

function unknownKeys(entries: object, known: readonly string[], prefix: string): string[] {
  return Object.keys(entries)
    .filter((key) => !known.includes(key))
    .map((key) => {
      const meant = nearest(key, known);
      return `${prefix}${key}: not known${meant === null ? '' : `, did you mean ${meant}?`}`;
    });
}

function textFaults(entries: Record<string, unknown>): string[] {
  return texts.flatMap((name) => {
    const value = entries[name];
    if (value === undefined && name === 'source') return [];
    return typeof value === 'string' && value !== '' ? [] : [`${name}: expected a text, got ${shown(value)}`];
  });
}

function hourFaults(value: unknown): string[] {
  const allowed = value === undefined || (typeof value === 'number' && value >= 672 && value <= 744);
  return allowed ? [] : [`hoursPerMonth: expected 672 to 744 hours, got ${shown(value)}`];
}

function priceFaults(name: string, value: unknown): string[] {
  const allowed =
    value === undefined || value === null || (typeof value === 'number' && Number.isFinite(value) && value >= 0);
  return allowed ? [] : [`${name}: expected USD as a number of at least 0, or null, got ${shown(value)}`];
}

function hourlyFaults(name: (typeof hourlyPrices)[number], value: unknown): string[] {
  if (value === undefined || value === null) return [];
  if (typeof value !== 'object' || Array.isArray(value))
    return [`${name}: expected prices by instance type, got ${shown(value)}`];
  return [
    ...unknownKeys(value, knownTypes[name], `${name}.`),
    ...Object.entries(value).flatMap(([type, price]) => priceFaults(`${name}.${type}`, price)),
  ];
}

function regionFaults(given: unknown, region: string | null): string[] {
  return region === null || typeof given !== 'string' || given === region
    ? []
    : [`region: prices of ${given} say nothing of ${region}, the region of the use case`];
}

function shown(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}

function invalid(path: string, faults: readonly string[]): HeadroomError {
  return new HeadroomError(
    'PRICES_INVALID',
    [
      `${path} is no price table, ${faults.length} ${faults.length === 1 ? 'fault' : 'faults'}:`,
      ...faults.map((fault) => `  ${fault}`),
    ].join('\n'),
    { hint: 'the names of all prices are in docs/reference/facts.md' },
  );
}
