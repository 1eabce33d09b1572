/** A topic under load with a group on it, told to Prometheus; runs until it is stopped. */
import { Admin } from '@platformatic/kafka';
import { defaultDriver } from '../../bench/drivers/index.ts';
import { openLoad } from '../../bench/load/open-load.ts';
import type { LocalCluster } from '../../bench/local/local-cluster.ts';
import { startMetricServer } from '../../bench/metrics/metric-server.ts';
import type { Plan } from '../../lib/plan/types.ts';
import { loadTopicsOf } from '../bench/load/load-topic.ts';

const ratePerSec = 200;
const longestMs = 600_000;

export interface WatchedLoad {
  stop(): Promise<void>;
}

/** Topics and groups have the plan's own names. */
export async function startWatchedLoad(cluster: LocalCluster, plan: Plan, metricsPort: number): Promise<WatchedLoad> {
  const ending = new AbortController();
  const server = await startMetricServer({ port: metricsPort, slo: plan.slo });
  const admin = new Admin({ clientId: 'watched', bootstrapBrokers: [...cluster.bootstrap], retries: 5 });
  for (const topic of plan.topics) {
    const configs = [{ name: 'min.insync.replicas', value: String(topic.minInsyncReplicas) }];
    await admin.createTopics({
      topics: [topic.name],
      partitions: topic.partitions,
      replicas: topic.replicationFactor,
      configs,
    });
  }
  await admin.close();
  const session = await openLoad({
    target: { bootstrap: cluster.bootstrap, clientId: 'watched' },
    driver: defaultDriver,
    topics: loadTopicsOf(plan),
    seed: 7,
    onIncident: () => {},
    observer: server.observer,
  });
  session.integrity();
  const running = session
    .run({
      ratePerSec: Object.fromEntries(plan.topics.map(({ name }) => [name, ratePerSec])),
      measureMs: longestMs,
      warmUpMinMs: 500,
      warmUpMaxMs: 500,
      drainMaxMs: 1_000,
      stage: 'watched',
      signal: ending.signal,
      onProgress: () => {},
    })
    .catch(() => {});
  return {
    stop: async () => {
      ending.abort(new Error('stopped'));
      await running;
      await session.close();
      await server.close();
    },
  };
}
