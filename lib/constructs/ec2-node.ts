/**
 * One node: a volume and a network interface that are kept whatever happens, a name in DNS, and a group of one instance
 * that is replaced when it fails and takes volume and interface over.
 */
import * as autoscaling from 'aws-cdk-lib/aws-autoscaling';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as route53 from 'aws-cdk-lib/aws-route53';
import { type CfnTag, Fn, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { nodeRole, nodeTagName } from './ec2-node-role.ts';
import type { Ec2NodePlan } from './ec2-nodes.ts';
import { renderUserData } from './ec2-user-data.ts';

export interface Ec2NodeProps {
  readonly node: Ec2NodePlan;
  readonly clusterName: string;
  /** The subnet of the node's zone. */
  readonly subnet: ec2.ISubnet;
  readonly availabilityZone: string;
  readonly securityGroup: ec2.ISecurityGroup;
  /** Id of an Amazon Linux 2023 image. */
  readonly imageId: string;
  readonly dnsZone: route53.IHostedZone;
  /** Full name of the node in `dnsZone`. */
  readonly host: string;
  readonly bootUri: string;
  readonly objectArns: readonly string[];
  readonly secretArns: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
  readonly properties: Readonly<Record<string, string>>;
  /** More tags of the instances. */
  readonly tags: Readonly<Record<string, string>>;
}

/** A node recovers its log after a crash before it signals; CloudFormation waits for an hour at most. */
const signalTimeout = 'PT45M';

export class Ec2Node extends Construct {
  /** The group of one instance; a later node depends on it, so that nodes change one after the other. */
  readonly group: autoscaling.CfnAutoScalingGroup;
  /** The node's name in DNS. */
  readonly record: route53.CfnRecordSet;

  constructor(scope: Construct, id: string, props: Ec2NodeProps) {
    super(scope, id);
    const nodeTag = `${props.clusterName}/${props.node.id}`;
    const volume = this.volume(props, nodeTag);
    const networkInterface = this.networkInterface(props, nodeTag);
    this.record = new route53.CfnRecordSet(this, 'Name', {
      hostedZoneId: props.dnsZone.hostedZoneId,
      name: props.host,
      type: 'A',
      ttl: '60',
      resourceRecords: [networkInterface.attrPrimaryPrivateIpAddress],
    });
    const template = new ec2.CfnLaunchTemplate(this, 'Template', { launchTemplateData: {} });
    this.group = this.instanceGroup(props, template, nodeTag);
    const role = nodeRole(this, 'Role', {
      volumeId: volume.ref,
      interfaceId: networkInterface.ref,
      nodeTag,
      secretArns: props.secretArns,
      objectArns: props.objectArns,
    });
    const userData = renderUserData({
      bootUri: props.bootUri,
      properties: props.properties,
      variables: {
        AWS_REGION: Stack.of(this).region,
        STACK_NAME: Stack.of(this).stackName,
        RESOURCE_ID: Stack.of(this).getLogicalId(this.group),
        VOLUME_ID: volume.ref,
        INTERFACE_ID: networkInterface.ref,
        ...props.variables,
      },
    });
    template.launchTemplateData = this.instance(props, role, userData);
  }

  private volume({ node, availabilityZone }: Ec2NodeProps, nodeTag: string): ec2.CfnVolume {
    const { sizeGiB, throughputMiBps, iops, generation } = node.volume;
    // The generation is part of the id: a lost volume is replaced on purpose, never by a change of its size.
    const volume = new ec2.CfnVolume(this, generation === 1 ? 'Volume' : `Volume${generation}`, {
      availabilityZone,
      volumeType: 'gp3',
      size: sizeGiB,
      throughput: throughputMiBps,
      iops,
      encrypted: true,
      tags: namedTags(nodeTag),
    });
    // Sets DeletionPolicy and UpdateReplacePolicy: without the second, a replacing update deletes what the first would keep.
    volume.applyRemovalPolicy(RemovalPolicy.RETAIN);
    return volume;
  }

  private networkInterface(props: Ec2NodeProps, nodeTag: string): ec2.CfnNetworkInterface {
    const networkInterface = new ec2.CfnNetworkInterface(this, 'Interface', {
      subnetId: props.subnet.subnetId,
      groupSet: [props.securityGroup.securityGroupId],
      description: `Kafka node ${nodeTag}`,
      tags: namedTags(nodeTag),
    });
    networkInterface.applyRemovalPolicy(RemovalPolicy.RETAIN);
    return networkInterface;
  }

  private instance(
    { node, imageId, securityGroup }: Ec2NodeProps,
    role: iam.Role,
    userData: string,
  ): ec2.CfnLaunchTemplate.LaunchTemplateDataProperty {
    const profile = new iam.CfnInstanceProfile(this, 'Profile', { roles: [role.roleName] });
    return {
      imageId,
      instanceType: node.instanceType,
      ebsOptimized: true,
      iamInstanceProfile: { arn: profile.attrArn },
      securityGroupIds: [securityGroup.securityGroupId],
      metadataOptions: { httpEndpoint: 'enabled', httpTokens: 'required', httpPutResponseHopLimit: 1 },
      blockDeviceMappings: [
        {
          deviceName: '/dev/xvda',
          ebs: { volumeType: 'gp3', volumeSize: 16, encrypted: true, deleteOnTermination: true },
        },
      ],
      userData: Fn.base64(userData),
    };
  }

  private instanceGroup(
    { subnet, tags }: Ec2NodeProps,
    template: ec2.CfnLaunchTemplate,
    nodeTag: string,
  ): autoscaling.CfnAutoScalingGroup {
    const group = new autoscaling.CfnAutoScalingGroup(this, 'Group', {
      minSize: '1',
      maxSize: '1',
      vpcZoneIdentifier: [subnet.subnetId],
      launchTemplate: { launchTemplateId: template.ref, version: template.attrLatestVersionNumber },
      healthCheckType: 'EC2',
      tags: Object.entries({ Name: `kafka ${nodeTag}`, [nodeTagName]: nodeTag, ...tags }).map(([key, value]) => ({
        key,
        value,
        propagateAtLaunch: true,
      })),
    });
    Validations.of(group).acknowledge({
      id: 'AwsSolutions::AwsSolutions-AS3',
      reason: 'a group of one instance never scales; a lost node is told of by the alarms on the cluster',
    });
    group.cfnOptions.creationPolicy = { resourceSignal: { count: 1, timeout: signalTimeout } };
    group.cfnOptions.updatePolicy = {
      autoScalingRollingUpdate: {
        // The old instance must go first, because a volume is attached to one instance at a time.
        minInstancesInService: 0,
        maxBatchSize: 1,
        waitOnResourceSignals: true,
        pauseTime: signalTimeout,
        suspendProcesses: ['HealthCheck', 'ReplaceUnhealthy', 'AZRebalance', 'AlarmNotification', 'ScheduledActions'],
      },
    };
    return group;
  }
}

function namedTags(nodeTag: string): CfnTag[] {
  return [
    { key: 'Name', value: `kafka ${nodeTag}` },
    { key: nodeTagName, value: nodeTag },
  ];
}
