/**
 * What an option costs a month at the average load. GB are 2^30 bytes, as AWS's own script bills them.
 * An item without a price makes the total unknown: it is named, never guessed.
 */

import { gp3 } from '../facts/ebs-volumes.ts';
import type { Ec2Instance } from '../facts/ec2-instances.ts';
import { selfManagedFacts } from '../facts/kafka.ts';
import type { PriceTable } from '../facts/prices/price-table.ts';
import { awsExpressModel } from '../facts/sizing-rules.ts';
import type { CostPlan } from '../types.ts';
import { type BrokerVolume, gibibyte } from './broker.ts';
import type { ClusterLoad } from './cluster-load.ts';

/** One line of the bill; null: its price is not in the table, and `price` says which one. */
export interface CostItem {
  readonly item: string;
  readonly monthlyUsd: number | null;
  readonly price: string;
}

const secondsPerHour = 3600;

/** `amount` units at the price named. */
function priced(item: string, amount: number, price: string, unitUsd: number | null | undefined): CostItem {
  if (amount === 0) return { item, monthlyUsd: 0, price };
  if (Number.isNaN(amount))
    return { item, monthlyUsd: null, price: `the amount of ${item}, a fact that was not found` };
  return { item, monthlyUsd: unitUsd === null || unitUsd === undefined ? null : amount * unitUsd, price };
}

const gbPerMonth = (bytesPerSec: number, prices: PriceTable): number =>
  (bytesPerSec * secondsPerHour * prices.hoursPerMonth) / gibibyte;

/** Clients and brokers sit in all zones alike: (zones - 1) / zones of what they exchange crosses. */
function clientTraffic(load: ClusterLoad, zones: number, prices: PriceTable): CostItem {
  const crossing = ((load.averageInBytesPerSec + load.averageOutBytesPerSec) * (zones - 1)) / zones;
  return priced('client traffic between zones', gbPerMonth(crossing, prices), 'crossZoneGb', prices.crossZoneGb);
}

export function standardCost(
  option: { readonly type: string; readonly volume: BrokerVolume; readonly tieredBytes: number },
  load: ClusterLoad,
  zones: number,
  prices: PriceTable,
): readonly CostItem[] {
  const { type, volume, tieredBytes } = option;
  const hours = load.brokers * prices.hoursPerMonth;
  return [
    priced(`${load.brokers} brokers ${type}`, hours, `mskBrokerHour.${type}`, prices.mskBrokerHour[type]),
    priced('broker storage', load.brokers * volume.sizeGiB, 'mskStorageGbMonth', prices.mskStorageGbMonth),
    priced(
      'provisioned throughput',
      load.brokers * (volume.provisionedMiBps ?? 0),
      'mskProvisionedThroughputMiBpsMonth',
      prices.mskProvisionedThroughputMiBpsMonth,
    ),
    priced('tiered storage', tieredBytes / gibibyte, 'mskTieredGbMonth', prices.mskTieredGbMonth),
    clientTraffic(load, zones, prices),
  ].filter(({ monthlyUsd }) => monthlyUsd !== 0);
}

export function expressCost(
  type: string,
  load: ClusterLoad,
  replicas: number,
  zones: number,
  prices: PriceTable,
): readonly CostItem[] {
  const hours = load.brokers * prices.hoursPerMonth;
  const copies = awsExpressModel.storageCopiesBilled.value ?? Number.NaN;
  const storedGb = (load.storedBytes / replicas / gibibyte) * copies;
  return [
    priced(`${load.brokers} brokers ${type}`, hours, `expressBrokerHour.${type}`, prices.expressBrokerHour[type]),
    priced('storage, one copy billed', storedGb, 'expressStorageGbMonth', prices.expressStorageGbMonth),
    priced('data in', gbPerMonth(load.averageInBytesPerSec, prices), 'expressDataInGb', prices.expressDataInGb),
    clientTraffic(load, zones, prices),
  ];
}

export function serverlessCost(load: ClusterLoad, replicas: number, prices: PriceTable): readonly CostItem[] {
  const partitions = load.partitions + load.compactedPartitions;
  const hours = prices.hoursPerMonth;
  return [
    priced('cluster', hours, 'serverlessClusterHour', prices.serverlessClusterHour),
    priced(`${partitions} partitions`, partitions * hours, 'serverlessPartitionHour', prices.serverlessPartitionHour),
    priced(
      'storage, one copy billed',
      load.storedBytes / replicas / gibibyte,
      'serverlessStorageGbMonth',
      prices.serverlessStorageGbMonth,
    ),
    priced('data in', gbPerMonth(load.averageInBytesPerSec, prices), 'serverlessInGb', prices.serverlessInGb),
    priced('data out', gbPerMonth(load.averageOutBytesPerSec, prices), 'serverlessOutGb', prices.serverlessOutGb),
  ];
}

export function ec2Cost(
  option: { readonly type: string; readonly volume: BrokerVolume; readonly controller: Ec2Instance | null },
  load: ClusterLoad,
  zones: number,
  prices: PriceTable,
): readonly CostItem[] {
  const { type, volume, controller } = option;
  const { hoursPerMonth, ec2Hour } = prices;
  const controllers = controller === null ? 0 : (selfManagedFacts.controllers.value ?? Number.NaN);
  const controllerGiB = ((selfManagedFacts.controllerDiskGB.value ?? Number.NaN) * 1e9) / gibibyte;
  const spaceGiB = (volume.kind === 'gp3' ? load.brokers * volume.sizeGiB : 0) + controllers * controllerGiB;
  const controllerType = controller?.type ?? '';
  return [
    priced(`${load.brokers} brokers ${type}`, load.brokers * hoursPerMonth, `ec2Hour.${type}`, ec2Hour[type]),
    priced(
      `${controllers} controllers ${controllerType}`,
      controllers * hoursPerMonth,
      `ec2Hour.${controllerType}`,
      ec2Hour[controllerType],
    ),
    priced('gp3 space', spaceGiB, 'gp3GbMonth', prices.gp3GbMonth),
    ...gp3Extras(volume, load.brokers, prices),
    clientTraffic(load, zones, prices),
    priced(
      'replication between zones',
      zones > 1 ? gbPerMonth(load.averageReplicationBytesPerSec, prices) : 0,
      'crossZoneGb',
      prices.crossZoneGb,
    ),
  ].filter(({ monthlyUsd }) => monthlyUsd !== 0);
}

/** Throughput above the 125 MiB/s and IOPS above the 3000 that gp3 includes; 0.25 MiB/s need an IOPS. */
function gp3Extras(volume: BrokerVolume, brokers: number, prices: PriceTable): readonly CostItem[] {
  if (volume.kind !== 'gp3') return [];
  const includedMiBps = gp3.baselineMiBps.value ?? Number.NaN;
  const throughputMiBps = volume.provisionedMiBps ?? includedMiBps;
  const iops = Math.ceil(throughputMiBps / (gp3.miBpsPerIops.value ?? Number.NaN));
  const extraIops = Math.max(0, iops - (gp3.baselineIops.value ?? Number.NaN));
  return [
    priced('gp3 throughput', brokers * (throughputMiBps - includedMiBps), 'gp3MiBpsMonth', prices.gp3MiBpsMonth),
    priced('gp3 IOPS', brokers * extraIops, 'gp3IopsMonth', prices.gp3IopsMonth),
  ];
}

/** The part of the bill that is known; null without the price of the instances themselves, which would rank by a detail. */
export function knownUsd(items: readonly CostItem[]): number | null {
  const instances = items[0]?.monthlyUsd ?? null;
  return instances === null ? null : items.reduce((sum, { monthlyUsd }) => sum + (monthlyUsd ?? 0), 0);
}

function cents(usd: number): number {
  return Math.round(usd * 100) / 100;
}

/** The bill of `items`; with an item that has no price the total is null and says why. */
export function costPlan(items: readonly CostItem[], prices: PriceTable): CostPlan {
  const unpriced = items.filter(({ monthlyUsd }) => monthlyUsd === null);
  const known = items.flatMap(({ item, monthlyUsd }) =>
    monthlyUsd === null ? [] : [{ item, monthlyUsd: cents(monthlyUsd) }],
  );
  return {
    monthlyUsd: unpriced.length > 0 ? null : cents(known.reduce((sum, { monthlyUsd }) => sum + monthlyUsd, 0)),
    items: known,
    pricesAsOf: prices.asOf,
    region: prices.region,
    reason:
      unpriced.length === 0
        ? null
        : `the price table of ${prices.region} (${prices.asOf}) lacks ${unpriced.map(({ price }) => price).join(', ')}`,
  };
}

export function unpricedPlan(region: string | null): CostPlan {
  return {
    monthlyUsd: null,
    items: [],
    pricesAsOf: null,
    region,
    reason:
      region === null
        ? 'the use case names no region, so no price table applies'
        : `no price table of ${region} is carried, and prices of another region are never taken; give one with --prices FILE`,
  };
}
