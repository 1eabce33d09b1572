/** Where each figure comes from, when it was read, and how far it can be trusted. */

/**
 * `vendor`: published by the maker (documentation, code, price list); `secondary`: a public third-party text that agrees
 * with the maker where both speak, but is not the maker's own; `judgement`: chosen by Headroom, with the reason in its title; `measured`: by
 * the user, who has the date in a file of his own.
 */
export type Trust = 'vendor' | 'secondary' | 'judgement' | 'measured';

export interface Source {
  readonly title: string;
  /** Date of the source, or of the last reading where it has none. */
  readonly asOf: string;
  readonly trust: Trust;
}

export const sources = {
  mskSizing: {
    title: 'aws/agent-toolkit-for-aws, managing-amazon-msk, scripts/msk_sizing.py (commit d6e363b)',
    asOf: '2026-06-23',
    trust: 'vendor',
  },
  mskOperations: {
    title: 'aws/agent-toolkit-for-aws, managing-amazon-msk, references/*.md (commit d6ad2e4)',
    asOf: '2026-08-20',
    trust: 'vendor',
  },
  mskSimulation: {
    title: 'aws/agent-toolkit-for-aws, migrate-to-msk, references/simulation.md',
    asOf: '2026-08-20',
    trust: 'vendor',
  },
  mskBestPractices: {
    title: 'docs.aws.amazon.com, MSK developer guide, best practices for Standard and Express brokers',
    asOf: '2026-10-06',
    trust: 'vendor',
  },
  mskProvisionedThroughput: {
    title: 'docs.aws.amazon.com, MSK developer guide, provision storage throughput',
    asOf: '2026-09-14',
    trust: 'vendor',
  },
  mskTiered: {
    title: 'docs.aws.amazon.com, MSK developer guide, guidelines for tiered storage topics',
    asOf: '2026-08-20',
    trust: 'vendor',
  },
  mskGuide2023: {
    title: 'awsdocs/amazon-msk-developer-guide (commit 6150828)',
    asOf: '2023-05-19',
    trust: 'vendor',
  },
  mskLimits: {
    title: 'docs.aws.amazon.com, MSK developer guide, quotas, read through public digests',
    asOf: '2026-08-20',
    trust: 'secondary',
  },
  mskDigests: {
    title: 'public digests of the MSK Replicator and MSK Connect quotas',
    asOf: '2026-11-21',
    trust: 'secondary',
  },
  mskT3: {
    title: 'notes on t3 brokers in public repositories; the price there is undated',
    asOf: '2026-11-21',
    trust: 'secondary',
  },
  karpenterTypes: {
    title: 'aws/karpenter-provider-aws, website/content/en/docs/reference/instance-types.md (commit 1d92708)',
    asOf: '2026-08-21',
    trust: 'vendor',
  },
  karpenterPrices: {
    title: 'aws/karpenter-provider-aws, zz_generated.pricing_aws.go, us-east-1',
    asOf: '2026-07-20',
    trust: 'vendor',
  },
  ebsBaselines: {
    title:
      'EBS baselines: m5.large and xlarge from karpenter describe data, m7g from msk_sizing.py, m5 from 4xlarge on = maximum; m5.2xlarge from a third-party sheet',
    asOf: '2026-08-21',
    trust: 'secondary',
  },
  ebsGuide2023: {
    title: 'awsdocs/amazon-ec2-user-guide, ebs-volume-types.md (commit 0992ede)',
    asOf: '2023-05-31',
    trust: 'vendor',
  },
  gp3Since2025: {
    title: 'gp3 limits as raised in 2025-09, quoted alike by several public files of 2026',
    asOf: '2026-11-21',
    trust: 'secondary',
  },
  netflix: {
    title: 'Netflix-Skunkworks/service-capacity-modeling, models/org/netflix/kafka.py (commit dc69307)',
    asOf: '2026-08-21',
    trust: 'secondary',
  },
  akalculator: {
    title: '2minutestreaming AKalculator: one vCPU carries 5 MiB/s of produce with 15 MiB/s of consume, at 3 replicas',
    asOf: '2026-11-21',
    trust: 'secondary',
  },
  apacheKafka: {
    title: 'apache/kafka (commit 1eb7644), source and docs/ops.html',
    asOf: '2024-10-25',
    trust: 'vendor',
  },
  kafkaLinger: { title: 'KIP-1030: linger.ms is 5 from Kafka 4.0 on', asOf: '2026-11-21', trust: 'vendor' },
  kraftControllers: {
    title: 'Confluent documentation, Configure KRaft in production: hardware of controllers',
    asOf: '2026-11-21',
    trust: 'vendor',
  },
  serverlessPrices: {
    title: 'Gilgamech/OfferingOverview notes/MSK.md (undated)',
    asOf: '2026-11-21',
    trust: 'secondary',
  },
  netflixEbsPrices: {
    title: 'Netflix-Skunkworks/service-capacity-modeling, yearly EBS prices of us-east-1 divided by 12',
    asOf: '2026-08-21',
    trust: 'secondary',
  },
  kozlovski: { title: 'Kozlovski on inter-zone prices, each way', asOf: '2024-09-14', trust: 'secondary' },
  seoulEc2: {
    title: 'undated table of EC2 prices in ap-northeast-2; m5 agrees with two approximate files of 2025-26',
    asOf: '2026-11-21',
    trust: 'secondary',
  },
  hongKong2023: {
    title: 'third-party sheet of MSK broker prices in ap-east-1',
    asOf: '2023-03',
    trust: 'secondary',
  },
  calibration: {
    title: 'headroom calibrate, by the file of --calibration',
    asOf: '2026-11-21',
    trust: 'measured',
  },
  headroom: {
    title: 'chosen by Headroom, with its reason beside it',
    asOf: '2026-11-21',
    trust: 'judgement',
  },
} as const satisfies Record<string, Source>;

export type SourceKey = keyof typeof sources;

/** Title and date, with a word when it is not the maker's own; what the user measured has its date in his file. */
export function cite(key: SourceKey): string {
  const { title, asOf, trust }: Source = sources[key];
  if (trust === 'measured') return title;
  return `${title}, ${asOf}${trust === 'secondary' ? ', secondary' : ''}`;
}
