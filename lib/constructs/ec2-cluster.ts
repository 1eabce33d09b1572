/** Kafka on EC2, KRaft only: one group of one instance a node, TLS with certificates on both ends, rules by certificate. */
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as route53 from 'aws-cdk-lib/aws-route53';
import type { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { CfnAssociation } from 'aws-cdk-lib/aws-ssm';
import { Lazy, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { Plan } from '../plan/types.ts';
import { BrokerAccess } from './broker-access.ts';
import type { BrokerNetwork } from './broker-network.ts';
import {
  type AccessRule,
  accessCommand,
  clientNameOf,
  consumeRules,
  produceRules,
  requireName,
  testRules,
  topicCommand,
} from './ec2-access-rules.ts';
import { artifactNames, artifactVariables, type Ec2Artifacts } from './ec2-artifacts.ts';
import { bootAsset } from './ec2-boot.ts';
import { Ec2Endpoints } from './ec2-endpoints.ts';
import { Ec2Node } from './ec2-node.ts';
import type { Ec2NodePlan } from './ec2-nodes.ts';
import { authoritySecret, clientSecret, nodeSecret, secretArn } from './ec2-secrets.ts';
import * as settings from './ec2-settings.ts';
import type { KafkaCluster, WatchedNode } from './kafka-cluster.ts';

export interface Ec2ClusterProps {
  readonly plan: Plan;
  /** From `planNodes`, controllers first. */
  readonly nodes: readonly Ec2NodePlan[];
  readonly network: BrokerNetwork;
  /** Unique in the account and region: ids, names in DNS and names of secrets are made of it. */
  readonly clusterName: string;
  /** Id of an Amazon Linux 2023 image for the processor of the instances. */
  readonly imageId: string;
  readonly artifacts: Ec2Artifacts;
  /** Whether the VPC needs endpoints for the AWS APIs. */
  readonly endpoints: boolean;
}

/** Tag of the one broker that Systems Manager runs administer.sh on. */
const administersTag = 'headroom:administers';
const javaPackage = 'java-21-amazon-corretto-headless';
/** How long boot waits: for AWS to let volume and interface go, for the service to listen, for the cluster to be healthy. */
const patience = { ATTACH_SECONDS: '600', START_SECONDS: '300', HEALTH_SECONDS: '1500' } as const;

export class Ec2Cluster extends Construct implements KafkaCluster {
  readonly kind = 'ec2';
  readonly clusterArn = null;
  readonly clientPort = settings.clientListenerPort;
  readonly exporterPorts = settings.exporterPorts;
  readonly clusterName: string;
  readonly network: BrokerNetwork;
  readonly connections: ec2.Connections;
  readonly clients: ec2.ISecurityGroup;
  readonly bootstrapServers: string;
  readonly watchedNodes: readonly WatchedNode[];
  private readonly nodeIds: readonly number[];
  private readonly rules = new Map<string, readonly AccessRule[]>();

  constructor(scope: Construct, id: string, props: Ec2ClusterProps) {
    super(scope, id);
    const { network, clusterName, nodes } = props;
    this.network = network;
    this.clusterName = clusterName;
    this.nodeIds = nodes.map((node) => node.id);
    this.watchedNodes = nodes.map((node) => ({ id: node.id, host: settings.hostOf(clusterName, node.id) }));
    this.bootstrapServers = settings.bootstrapServers({ clusterName, nodes });
    const access = new BrokerAccess(this, 'Access', { network, clientPorts: [settings.clientListenerPort] });
    this.connections = access.connections;
    this.clients = access.clients;
    const endpoints = props.endpoints
      ? new Ec2Endpoints(this, 'Endpoints', { network, nodes: access.brokers })
      : undefined;
    const groups = this.addNodes(props, access.brokers);
    if (endpoints !== undefined) groups.first.node.addDependency(endpoints);
    this.administer(props).node.addDependency(groups.last);
  }

  private addNodes(props: Ec2ClusterProps, brokers: ec2.ISecurityGroup): { first: Construct; last: Construct } {
    const { clusterName, network, nodes, artifacts, imageId } = props;
    const boot = bootAsset(this, 'Boot');
    const dnsZone = new route53.PrivateHostedZone(this, 'Dns', {
      vpc: network.vpc,
      zoneName: settings.domainOf(clusterName),
    });
    const software = { bootUri: boot.s3ObjectUrl, objectArns: this.objectArns(boot, artifacts) };
    const administering = nodes.find(settings.isBroker);
    const made = nodes.map(
      (node) =>
        new Ec2Node(this, node.name, {
          ...software,
          ...this.nodeText(props, node),
          node,
          clusterName,
          imageId,
          dnsZone,
          securityGroup: brokers,
          subnet: at(network.brokerSubnets, node.zone),
          availabilityZone: at(network.availabilityZones, node.zone),
          tags: node === administering ? { [administersTag]: clusterName } : {},
        }),
    );
    const [first, last] = [at(made, 0), at(made, -1)];
    // The first node asks for the names of all.
    for (const { record } of made) first.group.addResourceDependency(record);
    // One after the other: CloudFormation replaces a node only when the one before has signalled that all is well.
    made.slice(1).forEach(({ group }, index) => {
      group.addResourceDependency(at(made, index).group);
    });
    return { first, last };
  }

  /** What a node is told, and which secrets it may read. */
  private nodeText({ plan, nodes, clusterName, artifacts }: Ec2ClusterProps, node: Ec2NodePlan) {
    const names: settings.ClusterNames = { clusterName, nodes };
    const secrets = { NODE_SECRET: nodeSecret(clusterName, node.id), AUTHORITY_SECRET: authoritySecret(clusterName) };
    return {
      host: settings.hostOf(clusterName, node.id),
      secretArns: Object.values(secrets).map((name) => secretArn(this, name)),
      properties: settings.nodeProperties(plan, names, node),
      variables: {
        ...settings.nodeVariables(names, node),
        ...artifactVariables(artifacts),
        ...patience,
        ...secrets,
        JAVA_PACKAGE: javaPackage,
      },
    };
  }

  private objectArns(boot: Asset, { bucketName, ...artifacts }: Ec2Artifacts): readonly string[] {
    const arn = (bucket: string, key: string): string =>
      Stack.of(this).formatArn({ service: 's3', region: '', account: '', resource: bucket, resourceName: key });
    return [
      arn(boot.s3BucketName, boot.s3ObjectKey),
      ...artifactNames.map((name) => arn(bucketName, artifacts[name].key)),
    ];
  }

  /** The stack waits for it and fails with it: a topic that could not be made must not pass for one. */
  private administer({ plan, clusterName }: Ec2ClusterProps): CfnAssociation {
    const commands = Lazy.list({
      produce: () => [
        'set -eu',
        ...plan.topics.map(topicCommand),
        ...[...this.rules].flatMap(([client, rules]) => rules.map((rule) => accessCommand(client, rule))),
      ],
    });
    return new CfnAssociation(this, 'Administration', {
      name: 'AWS-RunShellScript',
      targets: [{ key: `tag:${administersTag}`, values: [clusterName] }],
      parameters: { commands, executionTimeout: ['3600'] },
      waitForSuccessTimeoutSeconds: 3600,
    });
  }

  /** Names of the secrets that must hold certificates, those of the clients granted so far included. */
  get certificateSecrets(): readonly string[] {
    return [
      authoritySecret(this.clusterName),
      ...this.nodeIds.map((id) => nodeSecret(this.clusterName, id)),
      ...[...this.rules.keys()].map((client) => clientSecret(this.clusterName, client)),
    ];
  }

  /** Where the brokers are is known from the template; nobody needs a permission to ask. */
  grantDescribe(grantee: iam.IGrantable): iam.Grant {
    return iam.Grant.drop(grantee, 'bootstrapServers is known');
  }

  grantProduce(grantee: iam.IGrantable, topicName: string): iam.Grant {
    requireName('topic', topicName);
    return this.admit(grantee, produceRules(topicName));
  }

  grantConsume(grantee: iam.IGrantable, topicName: string, groupName: string): iam.Grant {
    requireName('topic', topicName);
    requireName('group', groupName);
    return this.admit(grantee, consumeRules(topicName, groupName));
  }

  grantTest(grantee: iam.IGrantable, prefix: string): iam.Grant {
    requireName('prefix', prefix, 3);
    return this.admit(grantee, testRules(prefix));
  }

  /** The grantee may read its own certificate; what that certificate may do is decided by the rules. */
  private admit(grantee: iam.IGrantable, rules: readonly AccessRule[]): iam.Grant {
    const client = clientNameOf(grantee);
    this.rules.set(client, [...(this.rules.get(client) ?? []), ...rules]);
    return iam.Grant.addToPrincipal({
      grantee,
      actions: ['secretsmanager:GetSecretValue'],
      resourceArns: [clientSecret(this.clusterName, client), authoritySecret(this.clusterName)].map((name) =>
        secretArn(this, name),
      ),
    });
  }
}

/** The nodes are planned for as many zones as the network has; a stack that breaks this has a defect. */
function at<T>(items: readonly T[], index: number): T {
  const item = items.at(index);
  if (item === undefined) throw new Error(`nothing at ${index} of ${items.length}`);
  return item;
}
