import { expect, it } from 'vitest';
import { pictureOf } from '../../lib/stacks/picture.ts';
import type { NamedTemplate } from '../../lib/stacks/references.ts';

const name = { 'Fn::GetAtt': ['Net', 'Id'] };
const templates: readonly NamedTemplate[] = [
  {
    templatePath: 'x-cluster',
    template: {
      Resources: {
        Kafka: {
          Type: 'AWS::MSK::Cluster',
          Properties: {
            ClusterName: 'x-1',
            KafkaVersion: '4.1.x.kraft',
            NumberOfBrokerNodes: 3,
            BrokerNodeGroupInfo: { InstanceType: 'kafka.m7g.large', ClientSubnets: [{ 'Fn::ImportValue': 'net' }] },
          },
        },
        Group: { Type: 'AWS::EC2::SecurityGroup', Properties: { VpcId: { Ref: 'Kafka' } } },
        Made: { Type: 'AWS::MSK::Topic', Properties: { ClusterArn: { 'Fn::Sub': '$' + '{Group.Arn}' } } },
      },
    },
  },
  {
    templatePath: 'x-network',
    template: {
      Resources: { Net: { Type: 'AWS::EC2::VPC', Properties: {} }, Role: { Type: 'AWS::IAM::Role', Properties: {} } },
      Outputs: { Out: { Value: name, Export: { Name: 'net' } } },
    },
  },
  {
    templatePath: 'x-monitoring',
    template: {
      Resources: {
        Bell: {
          Type: 'AWS::CloudWatch::Alarm',
          Properties: { Dimensions: [{ Name: 'Cluster Name', Value: 'x-1' }] },
        },
      },
    },
  },
];

it('draws a box a kind, and arrows within a stack, across stacks, by way of others and by the name of a cluster', () => {
  expect(pictureOf(templates)).toBe(`flowchart LR
  subgraph network
    network_EC2_VPC["VPC"]
  end
  subgraph cluster
    cluster_MSK_Cluster["MSK cluster<br>3 x kafka.m7g.large<br>Kafka 4.1.x.kraft"]
    cluster_MSK_Topic["1 topic"]
  end
  subgraph monitoring
    monitoring_CloudWatch_Alarm["1 alarm"]
  end
  cluster_MSK_Cluster --> network_EC2_VPC
  cluster_MSK_Topic --> cluster_MSK_Cluster
  monitoring_CloudWatch_Alarm --> cluster_MSK_Cluster
`);
});

it('is the same whatever the order of templates', () => {
  expect(pictureOf(templates.toReversed())).toBe(pictureOf(templates));
});
