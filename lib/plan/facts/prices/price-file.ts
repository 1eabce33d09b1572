/** A price table given by the user: JSON or YAML, checked strictly, all faults at once. */
import { type Document, isMap, isScalar, LineCounter, parseDocument } from 'yaml';
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

/** What is wrong with a price, and which one. */
interface Fault {
  /** From the top of the table; empty: the table as a whole. */
  readonly path: readonly string[];
  readonly message: string;
}

/**
 * Reads a price table. `region` and `asOf` must be given; a price left out or null is unknown; `hoursPerMonth` is 730 when
 * left out. `region`: the one of the use case; null: any. Throws PRICES_INVALID with every fault and its place.
 */
export function parsePriceTable(text: string, file: string, region: string | null): PriceTable {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0)
    throw invalid(
      file,
      document.errors.map(({ message, pos }) => `${place(file, lines, pos[0])} ${message.split('\n')[0]}`),
    );
  const value: unknown = document.toJS();
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalid(file, [
      `${file}: expected a table of prices, such as { "region": "us-east-1", "asOf": "2026-06-23", ... }`,
    ]);
  const entries = value as Record<string, unknown>;
  const faults = [
    ...unknownKeys(entries, [...texts, 'hoursPerMonth', ...scalarPrices, ...hourlyPrices], []),
    ...textFaults(entries),
    ...hourFaults(entries.hoursPerMonth),
    ...scalarPrices.flatMap((name) => priceFaults([name], entries[name])),
    ...hourlyPrices.flatMap((name) => hourlyFaults(name, entries[name])),
    ...regionFaults(entries.region, region),
  ];
  if (faults.length > 0) throw invalid(file, told(faults, document, lines, file));
  return {
    region: String(entries.region),
    asOf: String(entries.asOf),
    source: typeof entries.source === 'string' ? entries.source : file,
    hoursPerMonth: typeof entries.hoursPerMonth === 'number' ? entries.hoursPerMonth : usualHoursPerMonth,
    ...pick(scalarPrices, (name) => entries[name] ?? null),
    ...pick(hourlyPrices, (name) => withoutNulls(entries[name] ?? {})),
  } as PriceTable;
}

/** In the order of the file, each with its line and column. */
function told(faults: readonly Fault[], document: Document, lines: LineCounter, file: string): readonly string[] {
  return faults
    .map((fault) => ({ ...fault, offset: offsetOf(document, fault) }))
    .sort((a, b) => a.offset - b.offset)
    .map(({ path, message, offset }) => `${place(file, lines, offset)} ${path.join('.')}: ${message}`);
}

function place(file: string, lines: LineCounter, offset: number): string {
  const { line, col } = lines.linePos(offset);
  return `${file}:${Math.max(1, line)}:${Math.max(1, col)}`;
}

/** Of the value, of the key where the key is the fault, or of the table where there is neither. */
function offsetOf({ contents }: Document, { path, message }: Fault): number {
  let node: unknown = contents;
  for (const [depth, step] of path.entries()) {
    const pair = isMap(node) ? node.items.find(({ key }) => isScalar(key) && String(key.value) === step) : undefined;
    if (pair === undefined || !isScalar(pair.key)) return 0;
    const isUnknownKey = depth === path.length - 1 && message.startsWith(notKnown);
    const place = isUnknownKey ? pair.key : (pair.value ?? pair.key);
    if (depth === path.length - 1) return (place as { range?: readonly number[] | null }).range?.[0] ?? 0;
    node = pair.value;
  }
  return 0;
}

function pick(names: readonly string[], value: (name: string) => unknown): Record<string, unknown> {
  return Object.fromEntries(names.map((name) => [name, value(name)]));
}

function withoutNulls(prices: unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(prices as object).filter(([, price]) => price !== null));
}

const notKnown = 'not known';

function unknownKeys(entries: object, known: readonly string[], above: readonly string[]): Fault[] {
  return Object.keys(entries)
    .filter((key) => !known.includes(key))
    .map((key) => {
      const meant = nearest(key, known);
      return { path: [...above, key], message: `${notKnown}${meant === null ? '' : `, did you mean ${meant}?`}` };
    });
}

function textFaults(entries: Record<string, unknown>): Fault[] {
  return texts.flatMap((name) => {
    const value = entries[name];
    if (value === undefined && name === 'source') return [];
    return typeof value === 'string' && value !== ''
      ? []
      : [{ path: [name], message: `expected a text, got ${shown(value)}` }];
  });
}

function hourFaults(value: unknown): Fault[] {
  const allowed = value === undefined || (typeof value === 'number' && value >= 672 && value <= 744);
  return allowed ? [] : [{ path: ['hoursPerMonth'], message: `expected 672 to 744 hours, got ${shown(value)}` }];
}

function priceFaults(path: readonly string[], value: unknown): Fault[] {
  const allowed =
    value === undefined || value === null || (typeof value === 'number' && Number.isFinite(value) && value >= 0);
  const message = `expected USD as a number of at least 0, or null, got ${shown(value)}`;
  return allowed ? [] : [{ path, message }];
}

function hourlyFaults(name: (typeof hourlyPrices)[number], value: unknown): Fault[] {
  if (value === undefined || value === null) return [];
  if (typeof value !== 'object' || Array.isArray(value))
    return [{ path: [name], message: `expected prices by instance type, got ${shown(value)}` }];
  return [
    ...unknownKeys(value, knownTypes[name], [name]),
    ...Object.entries(value)
      .filter(([type]) => knownTypes[name].includes(type))
      .flatMap(([type, price]) => priceFaults([name, type], price)),
  ];
}

function regionFaults(given: unknown, region: string | null): Fault[] {
  return region === null || typeof given !== 'string' || given === region
    ? []
    : [{ path: ['region'], message: `prices of ${given} say nothing of ${region}, the region of the use case` }];
}

function shown(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}

function invalid(file: string, faults: readonly string[]): HeadroomError {
  return new HeadroomError(
    'PRICES_INVALID',
    [
      `${file} is no price table, ${faults.length} ${faults.length === 1 ? 'fault' : 'faults'}:`,
      ...faults.map((fault) => `  ${fault}`),
    ].join('\n'),
    { hint: 'the names of all prices are in docs/reference/facts.md' },
  );
}
