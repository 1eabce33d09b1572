/** Takes back what the blocks of a page left set, so that pages do not depend on one another. */
import {
  ConfigResourceTypes,
  ConfigSources,
  Connection,
  IncrementalAlterConfigOperationTypes,
  incrementalAlterConfigsV1,
} from '@platformatic/kafka';
import { withAdmin } from '../../faults/cluster-view.ts';
import type { FaultWorld } from '../../faults/world.ts';
import type { LocalCluster } from '../../local/local-cluster.ts';
import { allQuotas } from './quotas.ts';

/** Topics that exercises make for themselves begin so. */
export const ownTopicPrefix = 'exercise-';
const { TOPIC, BROKER } = ConfigResourceTypes;
const { SET, DELETE } = IncrementalAlterConfigOperationTypes;
type Kind = typeof TOPIC | typeof BROKER;
type Change = Parameters<typeof incrementalAlterConfigsV1.api.async>[1][number]['configs'][number];
const taken = (name: string): Change => ({ name, configOperation: DELETE });
const { TOPIC_CONFIG, DYNAMIC_BROKER_CONFIG, DYNAMIC_DEFAULT_BROKER_CONFIG } = ConfigSources;

export async function resetCluster({ cluster, topic }: FaultWorld): Promise<void> {
  await withAdmin(cluster, async (admin) => {
    const set = async (resourceType: Kind, resourceName: string, source: number): Promise<readonly string[]> => {
      const [found] = await admin.describeConfigs({ resources: [{ resourceType, resourceName }] });
      return (found?.configs ?? []).filter(({ configSource }) => configSource === source).map(({ name }) => name);
    };
    const onTopic = (await set(TOPIC, topic.name, TOPIC_CONFIG)).map((name) =>
      name === 'min.insync.replicas'
        ? { name, configOperation: SET, value: String(topic.minInsyncReplicas) }
        : taken(name),
    );
    if (onTopic.length > 0) await alter(cluster, TOPIC, topic.name, onTopic);
    for (const { id } of cluster.brokers) {
      const onBroker = await set(BROKER, String(id), DYNAMIC_BROKER_CONFIG);
      const changes = onBroker.map(taken);
      if (changes.length > 0) await alter(cluster, BROKER, String(id), changes);
    }
    const onAll = await set(BROKER, String(cluster.brokers[0]?.id), DYNAMIC_DEFAULT_BROKER_CONFIG);
    // Kafka sets it itself, with eligible leader replicas, and lets nobody take it away.
    const byHand = onAll.filter((name) => name !== 'min.insync.replicas');
    const changes = byHand.map(taken);
    if (changes.length > 0) await alter(cluster, BROKER, '', changes);
    const entries = (await allQuotas(admin)).map(({ entity, values }) => ({
      entities: entity.map(({ entityType, entityName }) => ({ entityType, entityName })),
      ops: values.map(({ key }) => ({ key, remove: true as const })),
    }));
    if (entries.length > 0) await admin.alterClientQuotas({ entries });
    const own = (await admin.listTopics()).filter((name) => name.startsWith(ownTopicPrefix));
    if (own.length > 0) await admin.deleteTopics({ topics: own });
  });
}

/** The admin client takes no empty name, which stands for all brokers; a broker's own settings only that broker takes. */
async function alter(
  cluster: LocalCluster,
  resourceType: Kind,
  name: string,
  configs: readonly Change[],
): Promise<void> {
  const connection = new Connection('headroom-drill', { connectTimeout: 3_000, requestTimeout: 10_000 });
  connection.on('error', () => {});
  const { host, port } = cluster.brokers.find(({ id }) => String(id) === name) ??
    cluster.brokers[0] ?? { host: '', port: 0 };
  await connection.connect(host, port);
  try {
    const resource = { resourceType, resourceName: name, configs: [...configs] };
    await incrementalAlterConfigsV1.api.async(connection, [resource], false);
  } finally {
    await connection.close();
  }
}
