/**
 * From AWS's price list to a price table. A figure is taken only when the list says it once and in a unit that is known;
 * what is not there, or there with two prices, stays null and is told. Usage types carry the region's code before a `-`,
 * none in us-east-1. Their names were read from public price lists of 2026, never from an account of ours.
 */
import { ec2Instances } from '../ec2-instances.ts';
import { mskExpressBrokers } from '../msk-express.ts';
import { mskStandardBrokers } from '../msk-standard.ts';
import { hourlyPrices, type PriceTable, scalarPrices } from './price-table.ts';

/** What is asked of the price list: a service, and the attributes that its products must have. */
export interface PriceQuery {
  readonly serviceCode: string;
  readonly attributes: Readonly<Record<string, string>>;
}

export function priceQueries(region: string): readonly PriceQuery[] {
  return [
    { serviceCode: 'AmazonMSK', attributes: { regionCode: region } },
    { serviceCode: 'AmazonEC2', attributes: { regionCode: region, volumeApiName: 'gp3' } },
    {
      serviceCode: 'AmazonEC2',
      attributes: {
        regionCode: region,
        productFamily: 'Compute Instance',
        operatingSystem: 'Linux',
        tenancy: 'Shared',
        preInstalledSw: 'NA',
        capacitystatus: 'Used',
      },
    },
    { serviceCode: 'AWSDataTransfer', attributes: { fromRegionCode: region, transferType: 'IntraRegion' } },
  ];
}

export interface PriceListResult {
  readonly table: PriceTable;
  /** Prices that are null in the table, and why: not listed, or listed more than once. */
  readonly missing: readonly string[];
}

type Scalar = (typeof scalarPrices)[number];

interface Rule {
  readonly usage: RegExp;
  /** Unit as listed, in lower case -> factor to the unit of the table. */
  readonly units: Readonly<Record<string, number>>;
}

const gb = { 'gb-mo': 1, 'gb-month': 1, gb: 1, 'gib-mo': 1, gib: 1, gigabytes: 1 } as const;
const hours = { hrs: 1, hours: 1, hour: 1, 'broker-hours': 1 } as const;
const throughput = { 'gibps-mo': 1 / 1024, 'mibps-mo': 1, 'mbps-mo': 1, 'mb/s-mo': 1 } as const;

const scalarRules: Readonly<Record<Scalar, Rule>> = {
  mskStorageGbMonth: { usage: /^Kafka\.Storage\.GP2$/, units: gb },
  mskProvisionedThroughputMiBpsMonth: { usage: /^Kafka\.(Storage\.)?(Provisioned)?Throughput$/, units: throughput },
  mskTieredGbMonth: { usage: /^Kafka\.Storage\.Tiered$/, units: gb },
  mskTieredRetrievalGb: { usage: /^Kafka\.DataRetrieval\.Tiered$/, units: gb },
  expressStorageGbMonth: { usage: /^Express\.Storage$/, units: gb },
  expressDataInGb: { usage: /^Express[.-](Data)?-?In(-Bytes)?$/, units: gb },
  serverlessClusterHour: { usage: /^KafkaServerless-ClusterHours$/, units: hours },
  serverlessPartitionHour: { usage: /^KafkaServerless-PartitionHours$/, units: hours },
  serverlessStorageGbMonth: { usage: /^KafkaServerless-Storage(Hours)?$/, units: gb },
  serverlessInGb: { usage: /^KafkaServerless-In-Bytes$/, units: gb },
  serverlessOutGb: { usage: /^KafkaServerless-Out-Bytes$/, units: gb },
  gp3GbMonth: { usage: /^EBS:VolumeUsage\.gp3$/, units: gb },
  gp3MiBpsMonth: { usage: /^EBS:VolumeP-Throughput\.gp3$/, units: throughput },
  gp3IopsMonth: { usage: /^EBS:VolumeP-IOPS\.gp3$/, units: { 'iops-mo': 1 } },
  // Listed for one direction; a byte that crosses is paid on both sides.
  crossZoneGb: { usage: /^DataTransfer-Regional-Bytes$/, units: { gb: 2 } },
};

const hourlyRules: Readonly<Record<(typeof hourlyPrices)[number], { usage: RegExp; types: readonly string[] }>> = {
  mskBrokerHour: { usage: /^Kafka\.[a-z0-9]+\.[a-z0-9]+$/, types: mskStandardBrokers.rows.map(({ type }) => type) },
  expressBrokerHour: {
    usage: /^Express\.[a-z0-9]+\.[a-z0-9]+$/,
    types: mskExpressBrokers.rows.map(({ type }) => type),
  },
  ec2Hour: { usage: /^BoxUsage(:[a-z0-9-]+\.[a-z0-9]+)?$/, types: ec2Instances.rows.map(({ type }) => type) },
};

/** `products`: the texts of the price list, one a product. `today`: for lists that carry no date. */
export function priceTableFromList(products: readonly string[], region: string, today: string): PriceListResult {
  const prices = products.flatMap(readProduct);
  const found = new Map<string, Set<number>>();
  const take = (name: string, usd: number): void => {
    found.set(name, (found.get(name) ?? new Set()).add(usd));
  };
  for (const price of prices) {
    for (const name of scalarPrices) {
      const rule = scalarRules[name];
      const factor = rule.units[price.unit.toLowerCase()];
      if (factor !== undefined && rule.usage.test(price.usageType)) take(name, price.usd * factor);
    }
    for (const name of hourlyPrices) {
      const { usage, types } = hourlyRules[name];
      const type = name === 'ec2Hour' ? price.instanceType : price.usageType.toLowerCase();
      const isHourly = price.unit.toLowerCase() in hours;
      if (isHourly && usage.test(price.usageType) && types.includes(type)) take(`${name}.${type}`, price.usd);
    }
  }
  return tableOf(found, region, latest(prices.map(({ date }) => date)) ?? today);
}

function tableOf(found: ReadonlyMap<string, ReadonlySet<number>>, region: string, asOf: string): PriceListResult {
  const missing: string[] = [];
  const one = (name: string): number | null => {
    const usd = found.get(name);
    if (usd?.size === 1) return [...usd][0] ?? null;
    missing.push(`${name}: ${usd === undefined ? 'not listed' : `listed as ${[...usd].sort().join(' and ')} USD`}`);
    return null;
  };
  const scalars = Object.fromEntries(scalarPrices.map((name) => [name, one(name)]));
  const hourly = Object.fromEntries(
    hourlyPrices.map((name) => [
      name,
      Object.fromEntries(
        hourlyRules[name].types.flatMap((type) => {
          const usd = one(`${name}.${type}`);
          return usd === null ? [] : [[type, usd]];
        }),
      ),
    ]),
  );
  const source = 'AWS Price List API: AmazonMSK, AmazonEC2, AWSDataTransfer; on demand';
  return { table: { region, asOf, source, hoursPerMonth: 730, ...scalars, ...hourly } as PriceTable, missing };
}

function latest(dates: readonly string[]): string | null {
  const known = dates.filter((date) => /^\d{4}-\d{2}-\d{2}/.test(date)).toSorted();
  return known.at(-1)?.slice(0, 10) ?? null;
}

interface ListedPrice {
  /** Without the code of the region. */
  readonly usageType: string;
  readonly instanceType: string;
  readonly unit: string;
  readonly usd: number;
  readonly date: string;
}

type Json = Readonly<Record<string, unknown>>;
const record = (value: unknown): Json => (typeof value === 'object' && value !== null ? (value as Json) : {});

/** On-demand prices of the first step of use; a product without a price in USD gives none. */
function readProduct(text: string): readonly ListedPrice[] {
  const product = record(parsed(text));
  const attributes = record(record(product.product).attributes);
  const usageType = String(attributes.usagetype ?? '').replace(
    /^[A-Z]{2,4}\d?-(?=Kafka|Express|EBS|BoxUsage|DataTransfer)/,
    '',
  );
  const dimensions = Object.values(record(record(product.terms).OnDemand)).flatMap((term) =>
    Object.values(record(record(term).priceDimensions)).map(record),
  );
  return dimensions.flatMap(({ unit, beginRange, pricePerUnit }) => {
    const usd = Number(record(pricePerUnit).USD ?? Number.NaN);
    const isFirst = beginRange === undefined || Number(beginRange) === 0;
    if (!isFirst || !Number.isFinite(usd) || usd <= 0) return [];
    return [
      {
        usageType,
        instanceType: String(attributes.instanceType ?? ''),
        unit: String(unit ?? ''),
        usd,
        date: String(product.publicationDate ?? ''),
      },
    ];
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A product that cannot be read has no price; what is missing is told.
    return null;
  }
}
