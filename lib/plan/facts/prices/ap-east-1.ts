/** What was found of the prices of ap-east-1 (Hong Kong): MSK brokers of 2023. */
import { cite } from '../sources.ts';
import type { PriceTable } from './price-table.ts';

export const apEast1: PriceTable = {
  region: 'ap-east-1',
  asOf: '2023-03',
  source: cite('hongKong2023'),
  hoursPerMonth: 730,
  mskStorageGbMonth: null,
  mskProvisionedThroughputMiBpsMonth: null,
  mskTieredGbMonth: null,
  mskTieredRetrievalGb: null,
  expressStorageGbMonth: null,
  expressDataInGb: null,
  serverlessClusterHour: null,
  serverlessPartitionHour: null,
  serverlessStorageGbMonth: null,
  serverlessInGb: null,
  serverlessOutGb: null,
  gp3GbMonth: null,
  gp3MiBpsMonth: null,
  gp3IopsMonth: null,
  crossZoneGb: null,
  mskBrokerHour: {
    'kafka.t3.small': 0.0639,
    'kafka.m5.large': 0.289,
    'kafka.m5.xlarge': 0.578,
    'kafka.m5.2xlarge': 1.155,
    'kafka.m5.4xlarge': 2.31,
    'kafka.m5.8xlarge': 4.63,
    'kafka.m5.12xlarge': 6.93,
    'kafka.m5.16xlarge': 9.25,
    'kafka.m5.24xlarge': 13.86,
  },
  expressBrokerHour: {},
  ec2Hour: {},
};
