import { describe, expect, it } from 'vitest';
import {
  awsBrokers,
  awsSafeIngressMiBps,
  awsStorageGiB,
  clusterThroughput,
} from '../../../lib/plan/capacity/aws-model.ts';
import { kafkaFacts } from '../../../lib/plan/facts/kafka.ts';
import { mskExpressBrokers } from '../../../lib/plan/facts/msk-express.ts';
import { mskStandardBrokers } from '../../../lib/plan/facts/msk-standard.ts';
import { awsExpressModel, rules } from '../../../lib/plan/facts/sizing-rules.ts';

const standard = (type: string) => {
  const row = mskStandardBrokers.rows.find((candidate) => candidate.type === type);
  if (row === undefined) throw new Error(`no ${type}`);
  return { volumeMiBps: row.ebsMiBps ?? 0, networkMiBps: row.networkMiBps ?? 0, vcpu: row.vcpu };
};

describe('the AWS model of a Standard broker', () => {
  it('takes 153.8 MB/s of a 16xlarge before its utilisation of a half', () => {
    const ingress = awsSafeIngressMiBps({ ...standard('kafka.m7g.16xlarge'), fanout: 1, tiered: false });
    expect(ingress * 2).toBeCloseTo(1000 / 6.5, 9);
    expect(ingress * 2).toBeCloseTo(153.8, 1);
  });

  it('is min(EBS / 6.5, NIC / (1.5 x fanout + 5.7)) x 0.5', () => {
    // Volume binds: 81 / 6.5 x 0.5; network binds at a fanout of 10: 96 / 20.7 x 0.5.
    expect(awsSafeIngressMiBps({ ...standard('kafka.m5.large'), fanout: 1, tiered: false })).toBeCloseTo(6.2308, 4);
    expect(awsSafeIngressMiBps({ ...standard('kafka.m5.large'), fanout: 10, tiered: false })).toBeCloseTo(2.3188, 4);
  });

  it('is min(EBS / 8.0, NIC / (1.5 x fanout + 7.2)) x 0.5 with tiering', () => {
    expect(awsSafeIngressMiBps({ ...standard('kafka.m5.large'), fanout: 1, tiered: true })).toBeCloseTo(5.0625, 4);
    expect(awsSafeIngressMiBps({ ...standard('kafka.m5.large'), fanout: 10, tiered: true })).toBeCloseTo(2.1622, 4);
  });

  it.each(['kafka.m7g.large', 'kafka.m7g.xlarge', 'kafka.m7g.2xlarge', 'kafka.m7g.4xlarge'])(
    'agrees within 1.1 %% with the CPU heuristic on %s, the evidence that it is not far off',
    (type) => {
      const { vcpu, ...limits } = standard(type);
      const heuristic = vcpu * (rules.produceMiBpsPerVcpu.value ?? 0) * 0.6;
      const aws = awsSafeIngressMiBps({ ...limits, fanout: 1, tiered: false });
      expect(Math.abs(heuristic / aws - 1)).toBeLessThan(0.011);
    },
  );
});

describe('the AWS model of Express', () => {
  it('takes the documented sustained egress, 2 x the ingress, not the 2.5 x of the script', () => {
    expect(awsExpressModel.egressPerIngress.value).toBe(2);
    for (const row of mskExpressBrokers.rows)
      expect(row.egressSustainedMBps / row.ingressSustainedMBps).toBeCloseTo(2, 1);
  });

  it.each(mskExpressBrokers.rows.map((row) => [row.type, row] as const))(
    '%s: throttled at 1.5 x, 2.5 x out',
    (_type, row) => {
      expect(row.ingressMaxMBps / row.ingressSustainedMBps).toBeCloseTo(1.5, 1);
      expect(row.egressMaxMBps / row.ingressMaxMBps).toBeCloseTo(2.5, 2);
    },
  );
});

describe('brokers and space by the script', () => {
  it('rounds up to whole brokers, then to the zones', () => {
    expect(awsBrokers(100, 24.04, 3)).toBe(6);
    expect(awsBrokers(72, 24, 3)).toBe(3);
  });

  it('keeps 10 MiB/s for 24 h in 3 replicas, half filled, in 4.94 TiB', () => {
    expect(awsStorageGiB(10, 24, 3)).toBeCloseTo((10 * 24 * 3600 * 3) / 1024 / 0.5, 6);
    expect(awsStorageGiB(10, 24, 3) / 1024).toBeCloseTo(4.94, 2);
  });
});

describe('the right-sizing equation', () => {
  const cluster = { brokers: 3, replicas: 3, groups: 2, storage: 250, volumeLink: 593.75, network: 640 };

  it('is the least of storage x N / r, volume link x N / r and network x N / (groups + r - 1)', () => {
    expect(clusterThroughput(cluster)).toEqual({ binds: 'storage', limit: 250 });
    expect(clusterThroughput({ ...cluster, storage: 1000 })).toEqual({ binds: 'network', limit: 480 });
    expect(clusterThroughput({ ...cluster, storage: 1000, network: 1280 })).toEqual({
      binds: 'volume link',
      limit: 593.75,
    });
  });

  it('has no network limit when nobody reads a single copy', () => {
    expect(clusterThroughput({ ...cluster, replicas: 1, groups: 0 })).toEqual({ binds: 'storage', limit: 750 });
  });
});

describe('rules of the operations guide', () => {
  it('128 MiB of the cleaner hold 5.6 million keys, 8 GiB clean 366 GB of 1 KiB records', () => {
    const bytesPerKey = kafkaFacts.cleanerBytesPerKey.value ?? 0;
    expect((kafkaFacts.cleanerDedupeBufferBytes.value ?? 0) / bytesPerKey / 1e6).toBeCloseTo(5.6, 1);
    expect(((8 * 1024 ** 3) / bytesPerKey) * 1024).toBeCloseTo(366.5e9, -8);
  });

  it('65,535 map areas are about 32,000 partitions of one segment', () => {
    const areas = (kafkaFacts.maxMapCount.value ?? 0) / (kafkaFacts.mapAreasPerSegment.value ?? 1);
    expect(Math.floor(areas)).toBe(32_767);
  });
});
