/** A connector of MSK Connect that reads or writes the topics named and no others. Never run on AWS by us. */
import * as iam from 'aws-cdk-lib/aws-iam';
import * as connect from 'aws-cdk-lib/aws-kafkaconnect';
import * as logs from 'aws-cdk-lib/aws-logs';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { RemovalPolicy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { HeadroomError } from '../errors.ts';
import { mskConnectLimits } from '../plan/facts/msk-limits.ts';
import type { KafkaCluster } from './kafka-cluster.ts';

export interface MskConnectorProps {
  /** Of MSK. */
  readonly cluster: KafkaCluster;
  /** `host:9098,...`, which MSK tells only when asked (GetBootstrapBrokers): the connector comes with the second deployment. */
  readonly bootstrapServers: string;
  /** Unique in account and region; its group is `connect-<name>`. */
  readonly name: string;
  /** Archive of the connector's classes. */
  readonly plugin: { readonly bucket: s3.IBucket; readonly key: string; readonly contentType: 'JAR' | 'ZIP' };
  /** By the connector's own names, `connector.class` and `tasks.max` among them. */
  readonly configuration: Readonly<Record<string, string>>;
  /**
   * Topics that a sink reads.
   *
   * @default - none
   */
  readonly reads?: readonly string[];
  /**
   * Topics that a source writes.
   *
   * @default - none
   */
  readonly writes?: readonly string[];
  /** @default 1 */
  readonly workers?: number;
  /**
   * Of each worker: 1 vCPU and 4 GiB an MCU.
   *
   * @default 1
   */
  readonly mcu?: 1 | 2 | 4 | 8;
  /** @default '3.7.x' */
  readonly kafkaConnectVersion?: string;
}

/** Topics and groups that MSK Connect keeps for itself, by Amazon MSK developer guide, IAM roles and policies for MSK Connect. */
const ownPrefix = '__amazon_msk_connect_';

export class MskConnector extends Construct {
  /** Assumed by the connector; what it reaches beside Kafka is for the caller to grant. */
  readonly role: iam.Role;

  /** Throws USAGE, with every fault, when a prop does not allow it. */
  constructor(scope: Construct, id: string, props: MskConnectorProps) {
    super(scope, id);
    refuse(faultsOf(props));
    const { cluster, name, plugin, reads = [], writes = [] } = props;
    this.role = new iam.Role(this, 'Role', { assumedBy: new iam.ServicePrincipal('kafkaconnect.amazonaws.com') });
    const granted = [
      cluster.grantTest(this.role, ownPrefix),
      ...reads.map((topic) => cluster.grantConsume(this.role, topic, `connect-${name}`)),
      ...writes.map((topic) => cluster.grantProduce(this.role, topic)),
    ];
    const classes = new connect.CfnCustomPlugin(this, 'Plugin', {
      name: `${name}-plugin`,
      contentType: plugin.contentType,
      location: { s3Location: { bucketArn: plugin.bucket.bucketArn, fileKey: plugin.key } },
    });
    const log = new logs.LogGroup(this, 'Log', {
      retention: logs.RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const connector = new connect.CfnConnector(this, 'Connector', {
      connectorName: name,
      kafkaConnectVersion: props.kafkaConnectVersion ?? '3.7.x',
      capacity: { provisionedCapacity: { mcuCount: props.mcu ?? 1, workerCount: props.workers ?? 1 } },
      connectorConfiguration: { ...props.configuration },
      kafkaCluster: {
        apacheKafkaCluster: {
          bootstrapServers: props.bootstrapServers,
          vpc: {
            subnets: cluster.network.clientSubnets.map(({ subnetId }) => subnetId),
            securityGroups: [cluster.clients.securityGroupId],
          },
        },
      },
      kafkaClusterClientAuthentication: { authenticationType: 'IAM' },
      kafkaClusterEncryptionInTransit: { encryptionType: 'TLS' },
      logDelivery: { workerLogDelivery: { cloudWatchLogs: { enabled: true, logGroup: log.logGroupName } } },
      plugins: [{ customPlugin: { customPluginArn: classes.attrCustomPluginArn, revision: classes.attrRevision } }],
      serviceExecutionRoleArn: this.role.roleArn,
    });
    for (const grant of granted) grant.applyBefore(connector);
  }
}

function faultsOf({ cluster, name, bootstrapServers, workers = 1, reads = [], writes = [] }: MskConnectorProps) {
  const most = mskConnectLimits.workersPerConnector.value ?? Number.NaN;
  return [
    ...(cluster.clusterArn === null ? [`cluster: MSK Connect serves clusters of MSK, not ${cluster.kind}`] : []),
    ...(/^[a-zA-Z0-9-]{1,128}$/.test(name) ? [] : [`name: 1 to 128 letters, digits and "-", got "${name}"`]),
    ...(bootstrapServers.split(',').every((server) => server.endsWith(`:${cluster.clientPort}`))
      ? []
      : [`bootstrapServers: expected HOST:${cluster.clientPort},... of the IAM listener, got "${bootstrapServers}"`]),
    ...(Number.isInteger(workers) && workers >= 1 && workers <= most ? [] : [`workers: 1 to ${most}, got ${workers}`]),
    ...(reads.length + writes.length > 0 ? [] : ['reads, writes: name the topics, or the connector may use none']),
  ];
}

function refuse(faults: readonly string[]): void {
  if (faults.length > 0)
    throw new HeadroomError('USAGE', `the connector cannot be made:\n${faults.map((one) => `  ${one}`).join('\n')}`, {
      hint: 'change the prop named',
    });
}
