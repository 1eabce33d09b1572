/** What a node may do: take its own volume and interface, read its own secret, its software, and be administered. */
import * as iam from 'aws-cdk-lib/aws-iam';
import { Stack, Token, Validations } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';

export interface NodeRoleProps {
  readonly volumeId: string;
  readonly interfaceId: string;
  /** Value of the tag `headroom:node` on the node's instances. */
  readonly nodeTag: string;
  readonly secretArns: readonly string[];
  /** ARNs of objects in S3. */
  readonly objectArns: readonly string[];
}

/** Tag of instances, volumes and interfaces; what may be attached to what is decided by it. */
export const nodeTagName = 'headroom:node';

/** Rule of cdk-nag; it wants each wildcard acknowledged on its own, with the account unknown as in every stack of ours. */
const wildcards = 'AwsSolutions::AwsSolutions-IAM5';

export function nodeRole(scope: Construct, id: string, props: NodeRoleProps): iam.Role {
  const { volumeId, interfaceId, nodeTag, secretArns, objectArns } = props;
  const arn = (resource: string, resourceName: string): string =>
    Stack.of(scope).formatArn({ service: 'ec2', resource, resourceName });
  const role = new iam.Role(scope, id, {
    assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com'),
    inlinePolicies: {
      Node: new iam.PolicyDocument({
        statements: [
          allow(['ec2:AttachVolume'], [arn('volume', volumeId)]),
          allow(['ec2:AttachNetworkInterface'], [arn('network-interface', interfaceId)]),
          allow(['ec2:AttachVolume', 'ec2:AttachNetworkInterface'], [arn('instance', '*')], {
            StringEquals: { [`aws:ResourceTag/${nodeTagName}`]: nodeTag },
          }),
          // EC2 knows no narrower resource for describing.
          allow(['ec2:DescribeVolumes', 'ec2:DescribeNetworkInterfaces'], ['*']),
          allow(['secretsmanager:GetSecretValue'], secretArns),
          allow(['s3:GetObject'], objectArns),
        ],
      }),
      Administration: new iam.PolicyDocument({ statements: [allow(administration, ['*'])] }),
    },
  });
  const { region } = Stack.of(scope);
  const place = Token.isUnresolved(region) ? '<AWS::Region>' : region;
  Validations.of(role).acknowledge(
    {
      id: `${wildcards}[Resource::arn:<AWS::Partition>:ec2:${place}:<AWS::AccountId>:instance/*]`,
      reason: 'the condition on the tag leaves the instances of the node itself',
    },
    {
      id: `${wildcards}[Resource::*]`,
      reason: 'EC2 describes, and the agent of Systems Manager talks, without a resource',
    },
  );
  return role;
}

/** Of AmazonSSMManagedInstanceCore, what the agent needs; left out is reading every parameter of the account. */
const administration = [
  'ec2messages:AcknowledgeMessage',
  'ec2messages:DeleteMessage',
  'ec2messages:FailMessage',
  'ec2messages:GetEndpoint',
  'ec2messages:GetMessages',
  'ec2messages:SendReply',
  'ssm:DescribeAssociation',
  'ssm:DescribeDocument',
  'ssm:GetDocument',
  'ssm:ListAssociations',
  'ssm:ListInstanceAssociations',
  'ssm:UpdateAssociationStatus',
  'ssm:UpdateInstanceAssociationStatus',
  'ssm:UpdateInstanceInformation',
  'ssmmessages:CreateControlChannel',
  'ssmmessages:CreateDataChannel',
  'ssmmessages:OpenControlChannel',
  'ssmmessages:OpenDataChannel',
] as const;

function allow(actions: readonly string[], resources: readonly string[], conditions?: object): iam.PolicyStatement {
  return new iam.PolicyStatement({
    actions: [...actions],
    resources: [...resources],
    ...(conditions === undefined ? {} : { conditions: { ...conditions } }),
  });
}
