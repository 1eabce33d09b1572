/** The eyes on a cluster: alarms and their dashboard in CloudWatch, rules and the plan's figures in a managed Prometheus. */
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sns from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { AlarmDashboard } from '../constructs/alarm-dashboard.ts';
import { Alarms } from '../constructs/alarms.ts';
import type { KafkaCluster } from '../constructs/kafka-cluster.ts';
import { type GrafanaSignIn, ManagedGrafana } from '../constructs/managed-grafana.ts';
import { ManagedPrometheus } from '../constructs/managed-prometheus.ts';
import { alarmDefinitions } from '../metrics/cloudwatch-alarms.ts';
import type { CloudWatchLevel } from '../metrics/types.ts';
import type { Plan } from '../plan/types.ts';

export interface MonitoringStackProps extends StackProps {
  /** The plan the cluster was made from: its numbers are the thresholds. */
  readonly plan: Plan;
  readonly cluster: KafkaCluster;
  /**
   * What the cluster reports to CloudWatch; alarms that need more are left out.
   *
   * @default 'PER_BROKER'
   */
  readonly monitoringLevel?: CloudWatchLevel;
  /**
   * Told of pages; it has to confirm the subscription.
   *
   * @default - nobody; subscribe to the topics
   */
  readonly email?: string;
  /**
   * Address in front of `runbooks/<alert>.md`.
   *
   * @default '' - the path in the repository
   */
  readonly runbookUrl?: string;
  /**
   * Host names of the brokers for Prometheus, known once an MSK cluster is there.
   *
   * @default - those of a cluster on EC2; of MSK none, so that nothing is scraped yet
   */
  readonly brokerHosts?: readonly string[];
  /**
   * A managed Grafana beside the Prometheus, and who may look at it.
   *
   * @default - none; query the endpoint from a Grafana of yours
   */
  readonly grafana?: GrafanaSignIn;
}

export class MonitoringStack extends Stack {
  constructor(scope: Construct, id: string, props: MonitoringStackProps) {
    super(scope, id, { description: `Monitoring of ${props.cluster.clusterName}`, ...props });
    const { plan, cluster } = props;
    const pages = this.topic('Pages', 'wants a person now');
    const tickets = this.topic('Tickets', 'for a working day');
    if (props.email !== undefined) pages.addSubscription(new EmailSubscription(props.email));
    // CloudWatch knows the clusters of MSK; of Kafka on EC2 only Prometheus does.
    if (cluster.kind !== 'ec2') {
      const { alarms: definitions } = alarmDefinitions({
        plan,
        kind: cluster.kind,
        clusterName: cluster.clusterName,
        level: props.monitoringLevel ?? 'PER_BROKER',
        runbookUrl: props.runbookUrl ?? '',
      });
      const common = { definitions, clusterName: cluster.clusterName };
      const alarms = new Alarms(this, 'Alarms', { ...common, pages, tickets });
      new AlarmDashboard(this, 'Dashboard', { ...common, alarms });
    }
    if (cluster.exporterPorts !== null) {
      const { brokerHosts } = props;
      const prometheus = new ManagedPrometheus(this, 'Prometheus', {
        plan,
        cluster,
        pages,
        ...(brokerHosts === undefined ? {} : { brokerHosts }),
      });
      new CfnOutput(this, 'PrometheusEndpoint', { value: prometheus.endpoint });
      if (props.grafana !== undefined) {
        const name = cluster.clusterName;
        const from = { name, prometheusArn: prometheus.workspaceArn, signIn: props.grafana };
        new CfnOutput(this, 'GrafanaEndpoint', { value: new ManagedGrafana(this, 'Grafana', from).endpoint });
      }
    }
    new CfnOutput(this, 'PagesTopic', { value: pages.topicArn });
    new CfnOutput(this, 'TicketsTopic', { value: tickets.topicArn });
  }

  /** Only the services that raise alarms, from this account, may publish. */
  private topic(id: string, meaning: string): sns.Topic {
    const topic = new sns.Topic(this, id, { displayName: `Kafka: ${meaning}`, enforceSSL: true });
    topic.addToResourcePolicy(
      new iam.PolicyStatement({
        principals: [
          new iam.ServicePrincipal('cloudwatch.amazonaws.com'),
          new iam.ServicePrincipal('aps.amazonaws.com'),
        ],
        // A managed Alertmanager looks at the topic before it publishes.
        actions: ['sns:GetTopicAttributes', 'sns:Publish'],
        resources: [topic.topicArn],
        conditions: { StringEquals: { 'AWS:SourceAccount': this.account } },
      }),
    );
    return topic;
  }
}
