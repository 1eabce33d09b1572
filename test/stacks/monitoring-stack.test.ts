import { Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import type { Target } from '../../lib/requirements/types.ts';
import { addKafkaStacks } from '../../lib/stacks/kafka-stacks.ts';
import { MonitoringStack, type MonitoringStackProps } from '../../lib/stacks/monitoring-stack.ts';
import { ec2Plan, ec2StackIn } from './ec2-app.ts';
import { errorsIn, rules, schemas } from './rules/planted.ts';
import { newApp, planOf } from './synthesise.ts';

function monitoringOf(
  target: Target = 'msk',
  props: Partial<MonitoringStackProps> & { readonly brokers?: number } = {},
): Template {
  const { brokers = 3, ...rest } = props;
  const app = newApp();
  const plan = planOf({ target, brokers });
  const { cluster } = addKafkaStacks(app, { plan });
  return Template.fromStack(new MonitoringStack(app, 'Watch', { plan, cluster, ...rest }));
}

const brokerHosts = ['b-1.example', 'b-2.example', 'b-3.example'];
const usual = monitoringOf();
const alarmsOf = (template: Template) => Object.values(template.findResources('AWS::CloudWatch::Alarm'));

describe('the monitoring stack', () => {
  it('alarms on every broker, by the cluster’s name', () => {
    usual.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'KafkaDataLogsDiskUsed',
      Namespace: 'AWS/Kafka',
      Threshold: 85,
      Dimensions: Match.arrayWith([{ Name: 'Broker ID', Value: '3' }]),
      AlarmDescription: Match.stringLikeRegexp('runbooks/KafkaDiskCritical.md'),
    });
    expect(alarmsOf(monitoringOf('msk', { brokers: 30 })).length).toBeGreaterThan(9 * alarmsOf(usual).length);
  });

  it('tells a topic when an alarm goes off and when it ends', () => {
    for (const { Properties } of alarmsOf(usual)) {
      expect(Properties.AlarmActions).toHaveLength(1);
      expect(Properties.OKActions).toEqual(Properties.AlarmActions);
    }
  });

  it('adds up CPU by metric math', () => {
    usual.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: Match.stringLikeRegexp('MskCpuHigh-Broker2$'),
      Metrics: Match.arrayWith([Match.objectLike({ Expression: 'user2 + system2' })]),
    });
  });

  it('lets only the services that alarm publish, over TLS', () => {
    usual.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: ['sns:GetTopicAttributes', 'sns:Publish'],
            Principal: { Service: ['aps.amazonaws.com', 'cloudwatch.amazonaws.com'] },
            Condition: { StringEquals: { 'AWS:SourceAccount': Match.anyValue() } },
          }),
        ]),
      },
    });
  });

  it('scrapes nothing while the brokers’ names are unknown, and through its own group once they are', () => {
    usual.resourceCountIs('AWS::APS::Scraper', 0);
    const second = monitoringOf('msk', { brokerHosts });
    second.resourceCountIs('AWS::APS::Scraper', 1);
    second.hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
      FromPort: 11001,
      ToPort: 11001,
      IpProtocol: 'tcp',
    });
    second.hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
      FromPort: 11002,
      ToPort: 11002,
      IpProtocol: 'tcp',
    });
  });

  it('keeps the workspace when the stack goes, with the rules and the figures of the plan', () => {
    usual.hasResource('AWS::APS::Workspace', { DeletionPolicy: 'Retain' });
    // Without brokers to read, the rules would page that there are none.
    usual.resourceCountIs('AWS::APS::RuleGroupsNamespace', 0);
    const watching = monitoringOf('msk', { brokerHosts });
    const rules = Object.values(watching.findResources('AWS::APS::RuleGroupsNamespace')).map(({ Properties }) =>
      String(Properties.Data),
    );
    expect(rules.some((data) => data.includes('KafkaUnderReplicated'))).toBe(true);
    expect(rules.some((data) => data.includes('headroom_plan_brokers'))).toBe(true);
  });

  it('reads every node on EC2, controllers too, and raises no alarm of AWS/Kafka there', () => {
    const app = newApp();
    const plan = ec2Plan();
    const { cluster } = ec2StackIn(app, plan);
    const template = Template.fromStack(new MonitoringStack(app, 'Watch', { plan, cluster }));
    template.resourceCountIs('AWS::CloudWatch::Alarm', 0);
    const [scraper] = Object.values(template.findResources('AWS::APS::Scraper'));
    const blob = JSON.stringify(scraper?.Properties.ScrapeConfiguration);
    expect(cluster.watchedNodes.length).toBeGreaterThan(plan.cluster.brokers);
    for (const { host } of cluster.watchedNodes) expect(blob).toContain(`${host}:11001`);
  });

  it('has neither Prometheus nor alarms on brokers where MSK hides them', () => {
    const serverless = monitoringOf('msk-serverless');
    serverless.resourceCountIs('AWS::APS::Workspace', 0);
    for (const { Properties } of alarmsOf(serverless)) expect(JSON.stringify(Properties)).not.toContain('Broker ID');
  });

  it('has a Grafana when asked, which may query this Prometheus and no other', () => {
    usual.resourceCountIs('AWS::Grafana::Workspace', 0);
    const template = monitoringOf('msk', { grafana: 'AWS_SSO' });
    template.hasResourceProperties('AWS::Grafana::Workspace', {
      AuthenticationProviders: ['AWS_SSO'],
      DataSources: ['PROMETHEUS', 'CLOUDWATCH'],
    });
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: Match.arrayWith(['aps:QueryMetrics']),
            Resource: { 'Fn::GetAtt': [Match.stringLikeRegexp('^PrometheusWorkspace'), 'Arn'] },
          }),
        ]),
      },
    });
    expect(errorsIn([template.toJSON()], [schemas, rules])).toEqual([]);
    monitoringOf('msk-serverless', { grafana: 'AWS_SSO' }).resourceCountIs('AWS::Grafana::Workspace', 0);
  });

  it('is the same twice', () => {
    expect(JSON.stringify(monitoringOf().toJSON())).toBe(JSON.stringify(monitoringOf().toJSON()));
  });
});
