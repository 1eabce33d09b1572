import { Port } from 'aws-cdk-lib/aws-ec2';
import { Validations } from 'aws-cdk-lib/core';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';
import type { Plan } from '../../lib/plan/types.ts';
import { addKafkaStacks, type KafkaStacksProps } from '../../lib/stacks/kafka-stacks.ts';
import { artifacts, imageId } from './ec2-app.ts';
import { newApp, planOf } from './synthesise.ts';

function synthesise(plan: Plan, props: Omit<KafkaStacksProps, 'plan'> = {}): void {
  const app = newApp();
  addKafkaStacks(app, { plan, ...props });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  // Throws with every finding that no construct acknowledges with a reason.
  app.synth();
}

describe('cdk-nag, AwsSolutions', () => {
  it.each<[string, Plan, Omit<KafkaStacksProps, 'plan'>]>([
    ['Standard with users and tiers', planOf(), { msk: { scramUsers: ['alice'], tieredLocalMs: 7_200_000 } }],
    [
      'Express with a Grafana',
      planOf({ target: 'msk-express', brokers: null }),
      { monitoring: { grafana: 'AWS_SSO' } },
    ],
    ['EC2', planOf({ target: 'ec2', brokers: null }), { ec2: { imageId, artifacts } }],
    ['Serverless', planOf({ target: 'msk-serverless', brokers: null }), {}],
  ])('has nothing against the stacks of %s', (_, plan, props) => {
    expect(() => synthesise(plan, props)).not.toThrowError();
  });

  it('would have, were there something', () => {
    const app = newApp();
    const { cluster } = addKafkaStacks(app, { plan: planOf() });
    cluster.connections.allowFromAnyIpv4(Port.tcp(cluster.clientPort));
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    expect(() => app.synth()).toThrowError(/AwsSolutions-EC23/);
  });
});
