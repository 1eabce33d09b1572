import { type CfnResource, Validations } from 'aws-cdk-lib/core';
import { describe, expect, it } from 'vitest';
import { addKafkaStacks } from '../../../lib/stacks/kafka-stacks.ts';
import { addChecks } from '../../../lib/stacks/rules/checks.ts';
import { newApp, planOf } from '../synthesise.ts';

function synthesiseWith(property: string, value: unknown, accepted: string | null = null): void {
  const app = newApp();
  addKafkaStacks(app, { plan: planOf() });
  addChecks(app);
  const found = app.node.findAll().find((node) => (node as CfnResource).cfnResourceType === 'AWS::MSK::Cluster');
  (found as CfnResource).addPropertyOverride(property, value);
  if (accepted !== null && found !== undefined) Validations.of(found).acknowledge({ id: accepted, reason: 'planted' });
  app.synth();
}

describe('a synth fails', () => {
  it('with what to change when a template breaks one of our rules', () => {
    const synth = () => synthesiseWith('KafkaVersion', '9.9.9');
    expect(synth).toThrowError(/KafkaVersion: "9\.9\.9"/);
    expect(synth).toThrowError(/MSK-VERSION/);
    expect(synth).toThrowError(/set kafkaVersion to one of them/);
  });

  it('when a value is of another list, which CloudFormation would refuse and the CDK only warns of', () => {
    expect(() => synthesiseWith('EnhancedMonitoring', 'PER_CLUSTER')).toThrowError(/EnhancedMonitoring/);
  });

  it('not when the rule was acknowledged there, and that one alone', () => {
    expect(() => synthesiseWith('KafkaVersion', '9.9.9', 'Headroom::MSK-NAME')).toThrowError(/MSK-VERSION/);
    expect(() =>
      synthesiseWith('EnhancedMonitoring', 'PER_CLUSTER', 'CloudFormation-Validate::W3030'),
    ).not.toThrowError();
    expect(() => synthesiseWith('KafkaVersion', '9.9.9', 'Headroom::MSK-VERSION')).not.toThrowError();
  });

  it('not when nothing is wrong', () => {
    expect(() => synthesiseWith('EnhancedMonitoring', 'PER_BROKER')).not.toThrowError();
  });
});
