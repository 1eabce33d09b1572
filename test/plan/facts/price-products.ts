/** Products of a price list as AWS words them; the figures are made up, so that none is taken for a price. */
export function product(
  usagetype: string,
  usd: number | string,
  unit: string,
  attributes: Readonly<Record<string, string>> = {},
  publicationDate = '2026-11-01T00:00:00Z',
): string {
  return JSON.stringify({
    product: { sku: usagetype, attributes: { usagetype, ...attributes } },
    publicationDate,
    terms: {
      OnDemand: { 'sku.term': { priceDimensions: { 'sku.term.rate': { unit, pricePerUnit: { USD: String(usd) } } } } },
    },
  });
}

/** Everything a table needs but what AWS was not seen to list; of Seoul, where usage types begin with APN2. */
export const seoulProducts: readonly string[] = [
  product('APN2-Kafka.m7g.large', 0.25, 'hours'),
  product('APN2-Kafka.m5.24xlarge', 12.5, 'Hrs'),
  product('APN2-Kafka.mcu.general', 0.11, 'hours'),
  product('APN2-Express.m7g.large', 0.5, 'Hrs'),
  product('APN2-Kafka.Storage.GP2', 0.11, 'GB-Mo'),
  product('APN2-Kafka.Storage.Tiered', 0.06, 'GB-Mo'),
  product('APN2-Kafka.DataRetrieval.Tiered', 0.002, 'GB'),
  product('APN2-Kafka.Throughput', 92.16, 'GiBps-mo'),
  product('APN2-Express.Storage', 0.12, 'GB-Mo'),
  product('APN2-KafkaServerless-ClusterHours', 0.9, 'hours'),
  product('APN2-KafkaServerless-PartitionHours', 0.002, 'hours'),
  product('APN2-KafkaServerless-StorageHours', 0.13, 'GB-Mo'),
  product('APN2-KafkaServerless-In-Bytes', 0.12, 'GB'),
  product('APN2-KafkaServerless-Out-Bytes', 0.06, 'GB'),
  product('APN2-EBS:VolumeUsage.gp3', 0.09, 'GB-Mo'),
  product('APN2-EBS:VolumeP-IOPS.gp3', 0.006, 'IOPS-Mo'),
  product('APN2-EBS:VolumeP-Throughput.gp3', 49.152, 'GiBps-mo'),
  product('APN2-BoxUsage:m7g.large', 0.1, 'Hrs', { instanceType: 'm7g.large' }, '2026-11-18T00:00:00Z'),
  product('APN2-BoxUsage:z9.huge', 99, 'Hrs', { instanceType: 'z9.huge' }),
  product('APN2-DataTransfer-Regional-Bytes', 0.01, 'GB'),
];
