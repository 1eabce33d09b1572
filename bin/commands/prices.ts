/** `headroom prices`: writes the price table of a region from AWS's price list. */
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { exitCodes, HeadroomError } from '../../lib/errors.ts';
import { type PriceListResult, priceTableFromList } from '../../lib/plan/facts/prices/aws-price-list.ts';
import { scalarPrices } from '../../lib/plan/facts/prices/price-table.ts';
import { regionFault } from '../../lib/requirements/regions.ts';
import { type Command, type CommandContext, stringOption } from '../command.ts';

export const command: Command = {
  name: 'prices',
  arguments: '',
  minArguments: 0,
  maxArguments: 0,
  summary: "write the price table of a region from AWS's price list",
  options: {
    region: { type: 'string', value: 'REGION', description: 'region of AWS, such as eu-central-1' },
    out: { type: 'string', value: 'FILE', description: 'where the table goes; prices-REGION.json when left out' },
    json: { type: 'boolean', description: 'print the table and what is missing as JSON' },
  },
  notes: [
    'Needs AWS credentials with pricing:GetProducts, found as the AWS tools find them; without them exits 69.',
    'A price that AWS does not list, or lists twice, stays null and is named. Plans take the table with --prices FILE.',
  ].join('\n'),
  examples: ['headroom prices --region eu-central-1', 'headroom prices --region ap-northeast-2 --out seoul.json'],
  async run(context) {
    const region = regionOf(context);
    const { fetchPriceList } = await import('../fetch-prices.ts');
    const products = await fetchPriceList(region, context.signal, context.onProgress);
    const result = priceTableFromList(products, region, new Date().toISOString().slice(0, 10));
    requireSomething(result, products.length);
    const file = stringOption(context, 'out') ?? `prices-${region}.json`;
    write(file, resolve(context.cwd, file), result);
    context.stdout(
      context.options.json === true
        ? `${JSON.stringify({ file, ...result }, null, 2)}\n`
        : `${summary(result)}\nwrote ${file}, use it with headroom plan FILE --prices ${file}\n`,
    );
    return exitCodes.met;
  },
};

function regionOf(context: CommandContext): string {
  const region = stringOption(context, 'region');
  const fault = region === undefined ? 'for instance --region eu-central-1' : regionFault(region);
  if (region !== undefined && fault === null) return region;
  throw new HeadroomError('USAGE', `prices: --region: expected a region of AWS, got ${region ?? 'nothing'}`, {
    hint: fault ?? '',
  });
}

/** A table of nulls would be taken for an answer. */
function requireSomething({ table }: PriceListResult, products: number): void {
  const prices = [table.mskBrokerHour, table.expressBrokerHour, table.ec2Hour].flatMap(Object.values);
  if (prices.length > 0) return;
  throw new HeadroomError(
    'RESOURCE_MISSING',
    `AWS lists no price in USD of any broker or instance in ${table.region} (${products} products read)`,
    { hint: 'check that MSK is offered there; write a price file by hand: docs/reference/facts.md' },
  );
}

function summary({ table, missing }: PriceListResult): string {
  const count = (prices: object): number => Object.keys(prices).length;
  const scalars = scalarPrices.filter((name) => table[name] !== null).length;
  // Types that are not offered in a region are no gap.
  const gaps = missing.filter((name) => !/^\w+Hour\..*: not listed$/.test(name));
  return [
    `prices of ${table.region}, ${table.asOf}: ${count(table.mskBrokerHour)} MSK brokers, ${count(table.expressBrokerHour)} Express brokers, ${count(table.ec2Hour)} EC2 types, ${scalars} of ${scalarPrices.length} other prices`,
    ...gaps.map((gap) => `  missing  ${gap}`),
  ].join('\n');
}

function write(file: string, path: string, { table }: PriceListResult): void {
  try {
    writeFileSync(path, `${JSON.stringify(table, null, 2)}\n`);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw new HeadroomError(code === 'ENOSPC' ? 'DISK_FULL' : 'FILE_UNREADABLE', `cannot write ${file}: ${code}`, {
      hint: 'name a file in a folder you may write with --out FILE',
      cause,
    });
  }
}
