/**
 * The settings of one local broker. Only what must differ from Kafka's defaults is set, so that what a run learns
 * holds for a default broker; each line says why.
 */
import { loopback } from './ports.ts';
import { type SecuredListeners, securedListenerProperties } from './secured-listeners.ts';

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
  /** Left out: the plain listener only. */
  readonly secured?: SecuredListeners;
  /** Kafka's own names; they win over everything set here. */
  readonly overrides: Readonly<Record<string, string>>;
}

/** The keys and values of server.properties. */
export function brokerProperties({
  broker,
  cluster,
  secured,
  overrides,
}: BrokerSettings): Readonly<Record<string, string>> {
  const voters = cluster.slice(0, maxControllers);
  const isController = voters.some(({ id }) => id === broker.id);
  const replicas = String(Math.min(3, cluster.length));
  const minInSync = String(Math.min(2, cluster.length));
  const more = secured === undefined ? null : securedListenerProperties(secured);
  const clients = [`PLAINTEXT://${loopback}:${broker.port}`, ...(more?.listeners ?? [])].join(',');
  const protocols = ['PLAINTEXT:PLAINTEXT', 'CONTROLLER:PLAINTEXT', ...(more?.protocols ?? [])];
  return {
    'process.roles': isController ? 'broker,controller' : 'broker',
    'node.id': String(broker.id),
    'broker.rack': broker.rack,
    'controller.quorum.voters': voters.map(({ id, controllerPort }) => `${id}@${loopback}:${controllerPort}`).join(','),
    listeners: isController ? `${clients},CONTROLLER://${loopback}:${broker.controllerPort}` : clients,
    'advertised.listeners': clients,
    'listener.security.protocol.map': protocols.join(','),
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
    ...more?.settings,
    ...overrides,
  };
}
