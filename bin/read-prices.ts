/** Reads a price table from disk; what it says is up to `lib/plan/facts/prices`. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { HeadroomError } from '../lib/errors.ts';
import { parsePriceTable } from '../lib/plan/facts/prices/price-file.ts';
import type { PriceTable } from '../lib/plan/facts/prices/price-table.ts';

/** `path` is relative to `cwd`. Throws FILE_UNREADABLE when it cannot be read, PRICES_INVALID when it has faults. */
export function readPrices(path: string, cwd: string, region: string | null): PriceTable {
  let text: string;
  try {
    text = readFileSync(resolve(cwd, path), 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const problem = code === 'ENOENT' ? 'does not exist' : `cannot be read (${code ?? String(error)})`;
    throw new HeadroomError('FILE_UNREADABLE', `${path} ${problem}`, {
      hint: 'name a file of prices; docs/reference/facts.md lists their names',
      cause: error,
    });
  }
  return parsePriceTable(text, path, region);
}
