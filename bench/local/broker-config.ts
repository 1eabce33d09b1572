/**
 * The settings of one local broker. Only what must differ from Kafka's defaults is set, so that what a run learns
 * holds for a default broker; each line says why.
 */
import { loopback } from './ports.ts';

/** A quorum of three survives one loss; more voters only make the metadata log slower. */
const maxControllers = 3;

export interface BrokerAddress {
  readonly id: number;
  readonly port: number;
  readonly controllerPort: number;
}

export interface BrokerSettings {
  readonly broker: BrokerAddress & { readonly rack: string; readonly dataDir: string };
  readonly cluster: readonly BrokerAddress[];
  /** Kafka's own names; they win over everything set here. */
  readonly overrides: Readonly<Record<string, string>>;
}

/** The keys and values of server.properties. */
export function brokerProperties({ broker, cluster, overrides }: BrokerSettings): Readonly<Record<string, string>> {
  const voters = cluster.slice(0, maxControllers);
  const isController = voters.some(({ id }) => id === broker.id);
  const replicas = String(Math.min(3, cluster.length));
  const minInSync = String(Math.min(2, cluster.length));
  const client = `PLAINTEXT://${loopback}:${broker.port}`;
  return {
    'process.roles': isController ? 'broker,controller' : 'broker',
    'node.id': String(broker.id),
    'broker.rack': broker.rack,
    'controller.quorum.voters': voters.map(({ id, controllerPort }) => `${id}@${loopback}:${controllerPort}`).join(','),
    listeners: isController ? `${client},CONTROLLER://${loopback}:${broker.controllerPort}` : client,
    'advertised.listeners': client,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'inter.broker.listener.name': 'PLAINTEXT',
    'controller.listener.names': 'CONTROLLER',
    'log.dirs': broker.dataDir,
    // A typing error in a topic's name must fail, not make a topic that no plan knows.
    'auto.create.topics.enable': 'false',
    'unclean.leader.election.enable': 'false',
    // Kafka's own topics: as safe as the number of brokers allows, and few partitions, because each is three folders.
    'offsets.topic.replication.factor': replicas,
    'offsets.topic.num.partitions': '6',
    'transaction.state.log.replication.factor': replicas,
    'transaction.state.log.min.isr': minInSync,
    'transaction.state.log.num.partitions': '6',
    'share.coordinator.state.topic.replication.factor': replicas,
    'share.coordinator.state.topic.min.isr': minInSync,
    'share.coordinator.state.topic.num.partitions': '6',
    // The first consumer of a group must not wait three seconds for others.
    'group.initial.rebalance.delay.ms': '0',
    // Retention in a time-scaled topic: look every half second, and begin at once instead of 30 s after the start.
    'log.retention.check.interval.ms': '500',
    'log.initial.task.delay.ms': '500',
    ...overrides,
  };
}

/** Text of a .properties file; backslashes of a path are doubled as the format asks. */
export function renderProperties(properties: Readonly<Record<string, string>>): string {
  return Object.entries(properties)
    .map(([key, value]) => `${key}=${value.replaceAll('\\', '\\\\')}\n`)
    .join('');
}
