/** Rules on MSK clusters: version, brokers, zones, names, listeners. */
import { endedText, expressVersions, standardVersions } from '../../constructs/msk-versions.ts';
import { mskExpressBrokers } from '../../plan/facts/msk-express.ts';
import { mskExpressLimits, mskStandardLimits } from '../../plan/facts/msk-limits.ts';
import { mskStandardBrokers } from '../../plan/facts/msk-standard.ts';
import { findingIf, isTrueAt, listAt, numberAt, type Rule, type TemplateResource, textAt, valueAt } from './rule.ts';

const cluster = ['AWS::MSK::Cluster'];
const typePath = 'BrokerNodeGroupInfo.InstanceType';
const subnetsPath = 'BrokerNodeGroupInfo.ClientSubnets';
const publicPath = 'BrokerNodeGroupInfo.ConnectivityInfo.PublicAccess.Type';
const knownTypes: readonly string[] = [...mskStandardBrokers.rows, ...mskExpressBrokers.rows].map(({ type }) => type);

export function isExpress({ properties }: TemplateResource): boolean {
  return textAt(properties, typePath)?.startsWith('express.') ?? false;
}

export const mskClusterRules: readonly Rule[] = [
  {
    id: 'MSK-VERSION',
    types: cluster,
    must: `MSK runs these Kafka versions in KRaft mode: ${standardVersions.join(', ')}; on Express ${expressVersions.join(', ')}`,
    fix: 'set kafkaVersion to one of them',
    check: (resource) => {
      const version = textAt(resource.properties, 'KafkaVersion');
      const known: readonly string[] = isExpress(resource) ? expressVersions : standardVersions;
      return findingIf(
        version !== null && !known.includes(version),
        'KafkaVersion',
        `"${version}"${endedText(version ?? '')}`,
      );
    },
  },
  {
    id: 'MSK-INSTANCE',
    types: cluster,
    must: 'the instance type is one of MSK: kafka.m5, kafka.m7g, kafka.t3.small or express.m7g in the sizes that exist',
    fix: 'take the instance type of the plan',
    check: ({ properties }) => {
      const type = textAt(properties, typePath);
      return findingIf(type !== null && !knownTypes.includes(type), typePath, `"${type}"`);
    },
  },
  {
    id: 'MSK-BROKERS-ZONES',
    types: cluster,
    must: 'the number of brokers is a multiple of the zones, at most 60 with KRaft',
    fix: 'let the plan choose the brokers, or state a multiple of cluster.zones',
    check: ({ properties }) => {
      const brokers = numberAt(properties, 'NumberOfBrokerNodes');
      const zones = listAt(properties, subnetsPath).length;
      const most = mskStandardLimits.brokersPerClusterKRaft.value ?? Number.NaN;
      if (brokers === null || zones === 0) return [];
      return findingIf(
        brokers % zones !== 0 || brokers < zones || brokers > most,
        'NumberOfBrokerNodes',
        `${brokers} brokers in ${zones} zones`,
      );
    },
  },
  {
    id: 'MSK-ZONES',
    types: cluster,
    must: 'a cluster has one subnet in each of its 2 or 3 zones; Express has 3',
    fix: 'name one subnet a zone, each once',
    check: (resource) => {
      const subnets = listAt(resource.properties, subnetsPath);
      const allowed: readonly number[] =
        (isExpress(resource) ? mskExpressLimits.zones.value : mskStandardLimits.zones.value) ?? [];
      const different = new Set(subnets.map((subnet) => JSON.stringify(subnet))).size;
      return findingIf(
        different !== subnets.length || !allowed.includes(subnets.length),
        subnetsPath,
        `${subnets.length} subnets, ${different} different`,
      );
    },
  },
  {
    id: 'MSK-NAME',
    types: ['AWS::MSK::Cluster', 'AWS::MSK::ServerlessCluster', 'AWS::MSK::Configuration'],
    must: 'names have 1 to 64 letters, digits and "-", and begin with a letter or digit',
    fix: 'shorten or change useCase in the file',
    check: ({ type, properties }) => {
      const at = type === 'AWS::MSK::Configuration' ? 'Name' : 'ClusterName';
      const name = textAt(properties, at);
      return findingIf(name !== null && !/^[a-zA-Z0-9][a-zA-Z0-9-]{0,63}$/.test(name), at, `"${name}"`);
    },
  },
  {
    id: 'MSK-GENERATION',
    types: ['AWS::MSK::Cluster', 'AWS::MSK::ServerlessCluster', 'AWS::MSK::Configuration'],
    must: 'a name ends in its generation, because it is create-only and a replacement cannot take the old one',
    fix: 'end the name in -1, and raise it with -c generation=2 when a change must replace the cluster',
    check: ({ type, properties }) => {
      const at = type === 'AWS::MSK::Configuration' ? 'Name' : 'ClusterName';
      const name = textAt(properties, at);
      return findingIf(name !== null && !/-[1-9][0-9]*$/.test(name), at, `"${name}"`);
    },
  },
  {
    id: 'MSK-REBALANCING',
    types: cluster,
    must: 'only Express brokers rebalance by themselves',
    fix: 'leave out Rebalancing on Standard brokers',
    check: (resource) => {
      const set = valueAt(resource.properties, 'Rebalancing') !== undefined;
      return findingIf(set && !isExpress(resource), 'Rebalancing', 'set on Standard brokers');
    },
  },
  {
    id: 'MSK-ZOOKEEPER',
    types: cluster,
    must: 'a cluster in KRaft mode has no ZooKeeper to give access to',
    fix: 'leave out ZookeeperAccess',
    check: ({ properties }) =>
      findingIf(valueAt(properties, 'ZookeeperAccess') !== undefined, 'ZookeeperAccess', 'set'),
  },
  {
    id: 'MSK-PUBLIC',
    types: cluster,
    must: 'public access and multi-VPC access are off when a cluster is made; AWS takes them in a later update only',
    fix: 'leave out ConnectivityInfo.PublicAccess and VpcConnectivity; reach the cluster from its VPC',
    check: ({ properties }) => {
      const access = valueAt(properties, publicPath);
      const vpc = 'BrokerNodeGroupInfo.ConnectivityInfo.VpcConnectivity';
      return [
        ...findingIf(access !== undefined && access !== 'DISABLED', publicPath, JSON.stringify(access)),
        ...findingIf(valueAt(properties, vpc) !== undefined, vpc, 'set'),
      ];
    },
  },
  {
    id: 'MSK-LOG-GROUP',
    types: cluster,
    must: 'broker logs go to CloudWatch, and name their log group',
    fix: 'set LoggingInfo.BrokerLogs.CloudWatchLogs with Enabled and LogGroup',
    check: ({ properties }) => {
      const at = 'LoggingInfo.BrokerLogs.CloudWatchLogs';
      if (!isTrueAt(properties, `${at}.Enabled`)) return [{ at, found: 'no broker logs' }];
      return findingIf(valueAt(properties, `${at}.LogGroup`) === undefined, at, 'enabled without a log group');
    },
  },
  {
    id: 'MSK-TLS',
    types: cluster,
    must: 'clients and brokers speak TLS alone',
    fix: 'set EncryptionInTransit to ClientBroker TLS, InCluster true',
    check: ({ properties }) => {
      const at = 'EncryptionInfo.EncryptionInTransit';
      const client = textAt(properties, `${at}.ClientBroker`);
      return [
        ...findingIf(client !== 'TLS', `${at}.ClientBroker`, client ?? 'not set'),
        ...findingIf(!isTrueAt(properties, `${at}.InCluster`), `${at}.InCluster`, 'not true'),
      ];
    },
  },
  {
    id: 'MSK-AUTHENTICATION',
    types: cluster,
    must: 'every client authenticates, with IAM at least',
    fix: 'set ClientAuthentication.Sasl.Iam, and Unauthenticated to false',
    check: ({ properties }) => [
      ...findingIf(
        !isTrueAt(properties, 'ClientAuthentication.Sasl.Iam.Enabled'),
        'ClientAuthentication.Sasl.Iam',
        'off',
      ),
      ...findingIf(
        isTrueAt(properties, 'ClientAuthentication.Unauthenticated.Enabled'),
        'ClientAuthentication.Unauthenticated',
        'on',
      ),
    ],
  },
  {
    id: 'MSK-SERVERLESS-NETWORK',
    types: ['AWS::MSK::ServerlessCluster'],
    must: 'a Serverless cluster has subnets in at least 2 zones, in at most 5 VPCs',
    fix: 'name a subnet in each of 2 or 3 zones',
    check: ({ properties }) => {
      const vpcs = listAt(properties, 'VpcConfigs');
      const subnets = vpcs.map((vpc) => listAt(vpc as Record<string, unknown>, 'SubnetIds').length);
      return findingIf(
        vpcs.length < 1 || vpcs.length > 5 || subnets.some((count) => count < 2),
        'VpcConfigs',
        `${vpcs.length} VPCs with ${subnets.join(', ')} subnets`,
      );
    },
  },
];
