/** Requirements built by hand for the tests of the plan: the users' course events, with any part replaced. */
import { one, type Rational, rational, zero } from '../../lib/rational.ts';
import type { ClusterRequirement, Requirements, TopicRequirement } from '../../lib/requirements/types.ts';

export const dayMs = 86_400_000;

export const perSec = (rate: number): Rational => rational(rate);

export type TopicChange = Partial<Omit<TopicRequirement, 'message' | 'produce' | 'retention' | 'guarantee'>> & {
  readonly [Part in 'message' | 'produce' | 'retention' | 'guarantee']?: Partial<TopicRequirement[Part]>;
};

export function topicOf(change: TopicChange = {}): TopicRequirement {
  const { message, produce, retention, guarantee, ...rest } = change;
  return {
    name: 'categoryChanged',
    service: 'category',
    entity: 'Category',
    action: 'Changed',
    handover: 'kafka',
    reuse: [],
    replicas: 3,
    consumers: [{ service: 'lecture', ratePerSec: perSec(100), catchUp: null }],
    ...rest,
    message: {
      sizeBytes: 200,
      key: 'categoryId',
      compression: 'none',
      ratio: one,
      private: [],
      envelope: false,
      ...message,
    },
    produce: { ratePerSec: perSec(200), peakPerSec: perSec(1000), producers: 4, growthPerMonth: zero, ...produce },
    retention: { cleanup: 'delete', timeMs: 5 * dayMs, guaranteedMs: null, keys: null, ...retention },
    guarantee: { loss: 'never', duplicates: 'allowed', order: 'key', ...guarantee },
  };
}

export function useCaseOf(
  topics: readonly TopicRequirement[] = [topicOf()],
  cluster: Partial<ClusterRequirement> = {},
  rest: Partial<Requirements> = {},
): Requirements {
  return {
    apiVersion: 'headroom/v1',
    useCase: 'course-events',
    description: 'Category changes flow to the lecture service',
    cluster: { target: 'msk', region: 'us-east-1', zones: 3, brokers: 3, survive: 'broker', ...cluster },
    // Enough for what the disks really hold, so that no warning distracts.
    storage: { buffer: { kind: 'bytes', bytes: 50_000_000_000 } },
    topics,
    slo: { publishP99Ms: 50, endToEndP99Ms: 200, lagMaxRecords: 5000, costMaxUsdPerMonth: null },
    warnings: [],
    ...rest,
  };
}
