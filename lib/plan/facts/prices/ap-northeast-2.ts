/** What was found of the prices of ap-northeast-2 (Seoul): some EC2 types and EBS space. Every MSK price is missing. */
import { cite } from '../sources.ts';
import type { PriceTable } from './price-table.ts';

export const apNortheast2: PriceTable = {
  region: 'ap-northeast-2',
  asOf: 'undated (2025-26)',
  source: cite('seoulEc2'),
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
  gp3GbMonth: 0.0912,
  gp3MiBpsMonth: null,
  gp3IopsMonth: null,
  crossZoneGb: null,
  mskBrokerHour: {},
  expressBrokerHour: {},
  ec2Hour: {
    'c5.2xlarge': 0.384,
    'c5.4xlarge': 0.768,
    'm5.large': 0.118,
    'm5.xlarge': 0.236,
    'm5.2xlarge': 0.472,
    'm5.4xlarge': 0.944,
    'r5.xlarge': 0.304,
    'r5.2xlarge': 0.608,
  },
};
