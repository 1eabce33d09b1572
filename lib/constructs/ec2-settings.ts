/** server.properties of a self-managed node. Only what a promise rests on is set; everything else is Kafka's default. */
import type { Plan } from '../plan/types.ts';
import { clusterIdOf, directoryIdOf } from './ec2-identity.ts';
import type { Ec2NodePlan } from './ec2-nodes.ts';

export const clientListenerPort = 9094;
export const controllerListenerPort = 9093;
/** As on MSK, so that one way of scraping serves both. */
export const exporterPorts = { jmx: 11001, node: 11002 } as const;

/** Of every node, and of no client. */
export const nodePrincipal = 'kafka-node';

export interface ClusterNames {
  readonly clusterName: string;
  readonly nodes: readonly Ec2NodePlan[];
}

/** The name of a node in the network's own DNS zone, which its certificate carries too. */
export const hostOf = (clusterName: string, nodeId: number): string => `node-${nodeId}.${domainOf(clusterName)}`;
export const domainOf = (clusterName: string): string => `${clusterName}.kafka.internal`;

export const isController = ({ roles }: Ec2NodePlan): boolean => roles.includes('controller');
export const isBroker = ({ roles }: Ec2NodePlan): boolean => roles.includes('broker');

/** `host:port,...` of every controller. */
export function controllerAddresses({ clusterName, nodes }: ClusterNames): string {
  return addresses(clusterName, nodes.filter(isController), controllerListenerPort);
}

/** `host:port,...` of every broker, for clients. */
export function bootstrapServers({ clusterName, nodes }: ClusterNames): string {
  return addresses(clusterName, nodes.filter(isBroker), clientListenerPort);
}

function addresses(clusterName: string, nodes: readonly Ec2NodePlan[], port: number): string {
  return nodes.map(({ id }) => `${hostOf(clusterName, id)}:${port}`).join(',');
}

/**
 * How the node's volume is formatted: the voters that the quorum begins with, `join` for a volume that replaces a lost one
 * (the quorum exists; the node adds itself), `none` for a broker.
 */
export function votersOf(names: ClusterNames, node: Ec2NodePlan): string {
  if (!isController(node)) return 'none';
  if (node.volume.generation > 1) return 'join';
  return names.nodes
    .filter(isController)
    .map(({ id }) => {
      const address = `${hostOf(names.clusterName, id)}:${controllerListenerPort}`;
      return `${id}@${address}:${directoryIdOf(names.clusterName, id, 1)}`;
    })
    .join(',');
}

/** Without `broker.rack`, which the instance adds when it knows its zone. */
export function nodeProperties(plan: Plan, names: ClusterNames, node: Ec2NodePlan): Readonly<Record<string, string>> {
  const client = `SSL://:${clientListenerPort}`;
  const controller = `CONTROLLER://:${controllerListenerPort}`;
  const host = hostOf(names.clusterName, node.id);
  return {
    'process.roles': node.roles.join(','),
    'node.id': String(node.id),
    'controller.quorum.bootstrap.servers': controllerAddresses(names),
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'SSL:SSL,CONTROLLER:SSL',
    listeners: [...(isBroker(node) ? [client] : []), ...(isController(node) ? [controller] : [])].join(','),
    'advertised.listeners': [
      ...(isBroker(node) ? [`SSL://${host}:${clientListenerPort}`] : []),
      ...(isController(node) ? [`CONTROLLER://${host}:${controllerListenerPort}`] : []),
    ].join(','),
    ...(isBroker(node) ? { 'inter.broker.listener.name': 'SSL' } : {}),
    // A controller on a new volume adds itself in place of the voter that was lost with the old one (KIP-1186).
    ...(isController(node) ? { 'controller.quorum.auto.join.enable': 'true' } : {}),
    'log.dirs': '/var/lib/kafka/data',
    ...securityProperties(names.clusterName),
    ...promises(plan),
  };
}

/** Certificates on both ends of every connection; whoever is not named by a rule may do nothing. */
function securityProperties(clusterName: string): Readonly<Record<string, string>> {
  const nodeDomain = domainOf(clusterName).replaceAll('.', '[.]');
  return {
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.location': '/run/kafka-tls/node.pem',
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.location': '/run/kafka-tls/authority.pem',
    'ssl.client.auth': 'required',
    // Nodes share one principal, so that a broker more changes nothing on the others.
    'ssl.principal.mapping.rules': `RULE:^CN=node-[0-9]+[.]${nodeDomain}(,.*)?$/${nodePrincipal}/,RULE:^CN=([^,]+).*$/$1/`,
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    'super.users': `User:${nodePrincipal}`,
  };
}

/** Topics of the plan state their own replication; these hold for all others, such as Kafka's internal ones. */
function promises({ cluster }: Plan): Readonly<Record<string, string>> {
  const replicas = Math.min(3, cluster.brokers);
  const minInsync = Math.max(1, replicas - 1);
  const internal = ['offsets.topic', 'transaction.state.log', 'share.coordinator.state.topic'];
  return {
    'auto.create.topics.enable': 'false',
    'unclean.leader.election.enable': 'false',
    'default.replication.factor': String(replicas),
    'min.insync.replicas': String(minInsync),
    ...Object.fromEntries(internal.map((topic) => [`${topic}.replication.factor`, String(replicas)])),
    'transaction.state.log.min.isr': String(minInsync),
    'share.coordinator.state.topic.min.isr': String(minInsync),
    // Consumers that state their zone read from a replica in it.
    'replica.selector.class': 'org.apache.kafka.common.replica.RackAwareReplicaSelector',
  };
}

/** Everything of a node that boot knows by name and that no resource of the stack decides. */
export function nodeVariables(names: ClusterNames, node: Ec2NodePlan): Readonly<Record<string, string>> {
  const host = hostOf(names.clusterName, node.id);
  return {
    CLUSTER_NAME: names.clusterName,
    CLUSTER_ID: clusterIdOf(names.clusterName),
    NODE_ID: String(node.id),
    NODE_ROLES: node.roles.join(','),
    NODE_HOST: host,
    VOTERS: votersOf(names, node),
    CONTROLLERS: controllerAddresses(names),
    // A combined node cannot serve clients before the quorum of which it is the first part.
    LISTEN_PORT: String(isController(node) ? controllerListenerPort : clientListenerPort),
    BROKER_ADDRESS: isBroker(node) ? `${host}:${clientListenerPort}` : '',
    HEAP_MIB: String(node.heapMiB),
    JMX_PORT: String(exporterPorts.jmx),
    NODE_EXPORTER_PORT: String(exporterPorts.node),
  };
}
