/**
 * Logical ids of what is lost, or breaks others, when it is replaced. A changed id is a new, empty resource: a line that
 * changes here deletes somebody's data, so it changes only with a way to move it. Volumes of EC2: ec2-stack.test.ts.
 */
import { describe, expect, it } from 'vitest';
import type { Plan } from '../../lib/plan/types.ts';
import { dataBearing } from '../../lib/stacks/rules/data-rules.ts';
import { topicOf } from '../plan/use-cases.ts';
import { artifacts, ec2Plan, imageId } from './ec2-app.ts';
import { planOf, synthesise } from './synthesise.ts';

const stateful: readonly string[] = [
  ...dataBearing,
  'AWS::EC2::VPC',
  'AWS::EC2::Subnet',
  'AWS::EC2::SecurityGroup',
  'AWS::MSK::Configuration',
  'AWS::SecretsManager::Secret',
  'AWS::APS::Workspace',
  'AWS::Route53::HostedZone',
];

/** `stack/LogicalId` of all of them but volumes, in order. */
function idsOf(plan: Plan, props: Parameters<typeof synthesise>[1] = {}): readonly string[] {
  return Object.entries(synthesise(plan, props))
    .flatMap(([stack, template]) =>
      Object.entries(template.toJSON().Resources as Record<string, { Type: string }>)
        .filter(([, { Type }]) => stateful.includes(Type) && Type !== 'AWS::EC2::Volume')
        .map(([id]) => `${stack}/${id}`),
    )
    .toSorted();
}

const topics = [topicOf(), topicOf({ name: 'order-Created' })];

describe('logical ids that never change', () => {
  it('on MSK Standard', () => {
    expect(idsOf(planOf({}, topics), { msk: { scramUsers: ['alice'] } })).toMatchInlineSnapshot(`
      [
        "cluster/KafkaAccessBrokersCB50B6FD",
        "cluster/KafkaAccessClientsF9B9C7C8",
        "cluster/KafkaCluster21A1BE89",
        "cluster/KafkaConfiguration2E1CE142",
        "cluster/KafkaScramKey25303A09",
        "cluster/KafkaScramaliceD50136D9",
        "cluster/TopicscategoryChangedD1B2EB25",
        "cluster/TopicsorderCreated25A3DA57",
        "monitoring/PrometheusWorkspaceF3098DB6",
        "network/NetworkVpc7FB7348F",
        "network/NetworkVpcBrokersSubnet1Subnet87DC0DEB",
        "network/NetworkVpcBrokersSubnet2Subnet9256E58D",
        "network/NetworkVpcBrokersSubnet3Subnet41027F1D",
      ]
    `);
  });

  it('on MSK Express and Serverless', () => {
    const cluster = (target: 'msk-express' | 'msk-serverless') =>
      idsOf(planOf({ target, brokers: null })).filter((id) => id.startsWith('cluster/'));
    expect([cluster('msk-express'), cluster('msk-serverless')]).toMatchInlineSnapshot(`
      [
        [
          "cluster/KafkaAccessBrokersCB50B6FD",
          "cluster/KafkaAccessClientsF9B9C7C8",
          "cluster/KafkaCluster21A1BE89",
          "cluster/KafkaConfiguration2E1CE142",
          "cluster/TopicscategoryChangedD1B2EB25",
        ],
        [
          "cluster/KafkaAccessBrokersCB50B6FD",
          "cluster/KafkaAccessClientsF9B9C7C8",
          "cluster/KafkaCluster21A1BE89",
        ],
      ]
    `);
  });

  it('on EC2', () => {
    expect(
      idsOf(ec2Plan(), { ec2: { imageId, artifacts } }).filter((id) => !id.startsWith('network/')),
    ).toMatchInlineSnapshot(`
      [
        "cluster/KafkaAccessBrokersCB50B6FD",
        "cluster/KafkaAccessClientsF9B9C7C8",
        "cluster/KafkaDns93C5A804",
        "cluster/KafkaEndpointsGroup98BAA66F",
        "monitoring/PrometheusReaders9F9A8B2B",
        "monitoring/PrometheusWorkspaceF3098DB6",
      ]
    `);
  });

  it('not with the order of topics, another size, version or generation, nor with the bench beside it', () => {
    const usual = idsOf(planOf({}, topics));
    expect(idsOf(planOf({}, topics.toReversed()))).toEqual(usual);
    expect(idsOf(planOf({ brokers: 6 }, topics))).toEqual(usual);
    expect(idsOf(planOf({}, topics), { msk: { generation: 2, kafkaVersion: '3.9.x.kraft', volumeGiB: 500 } })).toEqual(
      usual,
    );
    const priced = planOf({ region: 'us-east-1' }, topics);
    const benched = idsOf(priced, { bench: { image: 'headroom:1', useCaseText: 'useCase: x' } });
    expect(benched).toEqual(expect.arrayContaining([...usual]));
  });
});
