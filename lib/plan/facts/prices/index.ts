/** The price tables that Headroom carries. A region that is not here has no cost: no table is ever scaled from another. */
import { apEast1 } from './ap-east-1.ts';
import { apNortheast2 } from './ap-northeast-2.ts';
import type { PriceTable } from './price-table.ts';
import { usEast1 } from './us-east-1.ts';

export const priceTables: readonly PriceTable[] = [usEast1, apNortheast2, apEast1];

/** The table of `region`; null when none is carried. */
export function priceTableOf(region: string | null): PriceTable | null {
  return priceTables.find((table) => table.region === region) ?? null;
}
