/**
 * A price table: list prices of one region at one date, USD. A price that was not found is null; what needs it has no cost.
 * GB are billed as 2^30 bytes, as AWS's own sizing script does.
 */
export interface PriceTable {
  readonly region: string;
  readonly asOf: string;
  readonly source: string;
  readonly hoursPerMonth: number;
  /** Instance type -> USD an hour. */
  readonly mskBrokerHour: Readonly<Record<string, number>>;
  readonly expressBrokerHour: Readonly<Record<string, number>>;
  readonly ec2Hour: Readonly<Record<string, number>>;
  readonly mskStorageGbMonth: number | null;
  readonly mskProvisionedThroughputMiBpsMonth: number | null;
  readonly mskTieredGbMonth: number | null;
  readonly mskTieredRetrievalGb: number | null;
  readonly expressStorageGbMonth: number | null;
  readonly expressDataInGb: number | null;
  readonly serverlessClusterHour: number | null;
  readonly serverlessPartitionHour: number | null;
  readonly serverlessStorageGbMonth: number | null;
  readonly serverlessInGb: number | null;
  readonly serverlessOutGb: number | null;
  readonly gp3GbMonth: number | null;
  /** For each MiB/s above the 125 that are included. */
  readonly gp3MiBpsMonth: number | null;
  /** For each IOPS above the 3000 that are included. */
  readonly gp3IopsMonth: number | null;
  /** A byte that crosses zones is paid on both sides; this is their sum. */
  readonly crossZoneGb: number | null;
}

/** Names of the single prices, in the order of the table. */
export const scalarPrices = [
  'mskStorageGbMonth',
  'mskProvisionedThroughputMiBpsMonth',
  'mskTieredGbMonth',
  'mskTieredRetrievalGb',
  'expressStorageGbMonth',
  'expressDataInGb',
  'serverlessClusterHour',
  'serverlessPartitionHour',
  'serverlessStorageGbMonth',
  'serverlessInGb',
  'serverlessOutGb',
  'gp3GbMonth',
  'gp3MiBpsMonth',
  'gp3IopsMonth',
  'crossZoneGb',
] as const satisfies readonly (keyof PriceTable)[];

/** Names of the prices by instance type. */
export const hourlyPrices = [
  'mskBrokerHour',
  'expressBrokerHour',
  'ec2Hour',
] as const satisfies readonly (keyof PriceTable)[];
