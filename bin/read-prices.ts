/** Reads a price table from disk; what it says is up to `lib/plan/facts/prices`. */
import { parsePriceTable } from '../lib/plan/facts/prices/price-file.ts';
import type { PriceTable } from '../lib/plan/facts/prices/price-table.ts';
import { readText } from './read-file.ts';

/** `path` is relative to `cwd`. Throws FILE_UNREADABLE when it cannot be read, PRICES_INVALID when it has faults. */
export function readPrices(path: string, cwd: string, region: string | null): PriceTable {
  const text = readText(path, cwd, 'name a file of prices; docs/reference/facts.md lists their names');
  return parsePriceTable(text, path, region);
}
