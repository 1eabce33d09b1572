/**
 * A managed Prometheus with the rules and the plan's figures of a cluster, and a scraper that reads its brokers. Who looks
 * at it is a Grafana with the committed dashboards; see docs/monitoring.md.
 */
import * as aps from 'aws-cdk-lib/aws-aps';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as logs from 'aws-cdk-lib/aws-logs';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Fn, RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { stringify } from 'yaml';
import { plannedFigures, planRecords } from '../metrics/planned.ts';
import { prometheusRules } from '../metrics/prometheus-rules.ts';
import type { Plan } from '../plan/types.ts';
import type { ExporterPorts, KafkaCluster, WatchedNode } from './kafka-cluster.ts';

export interface ManagedPrometheusProps {
  readonly plan: Plan;
  readonly cluster: KafkaCluster;
  /** Told of what the rules find. */
  readonly pages: sns.ITopic;
  /**
   * Host names of the brokers in the order of their ids, without ports. MSK tells them only once the cluster is there (GetBootstrapBrokers), and
   * CloudFormation cannot ask: name them in the second deployment.
   *
   * @default - the cluster's `watchedNodes`; where those are null, nothing is scraped yet
   */
  readonly brokerHosts?: readonly string[];
  /** @default 30, as often as brokers are worth reading */
  readonly scrapeSec?: number;
}

export class ManagedPrometheus extends Construct {
  readonly workspaceArn: string;
  /** Where a Grafana queries. */
  readonly endpoint: string;

  constructor(scope: Construct, id: string, props: ManagedPrometheusProps) {
    super(scope, id);
    const { plan, cluster } = props;
    const log = new logs.LogGroup(this, 'Log', {
      logGroupName: `/aws/vendedlogs/prometheus/${cluster.clusterName}`,
      retention: logs.RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const workspace = new aps.CfnWorkspace(this, 'Workspace', {
      alias: cluster.clusterName,
      loggingConfiguration: { logGroupArn: log.logGroupArn },
      alertManagerDefinition: alertManager(props.pages.topicArn, Stack.of(this).region),
    });
    // What was measured outlives a stack that is torn down by mistake.
    workspace.applyRemovalPolicy(RemovalPolicy.RETAIN);
    this.workspaceArn = workspace.attrArn;
    this.endpoint = workspace.attrPrometheusEndpoint;
    const nodes = props.brokerHosts?.map((host, index) => ({ id: index + 1, host })) ?? cluster.watchedNodes ?? [];
    // Rules without anything to read would page that there is nothing to read.
    if (nodes.length === 0) return;
    this.scrape(props, nodes);
    this.addRules(plan, cluster);
  }

  private addRules(plan: Plan, { kind, clusterName }: KafkaCluster): void {
    const namespaces = {
      alerts: prometheusRules({ profile: kind === 'ec2' ? 'ec2' : 'msk', evaluationSec: 30 }),
      plan: planRecords(plannedFigures(plan), clusterName, plan),
    };
    for (const [name, data] of Object.entries(namespaces)) {
      new aps.CfnRuleGroupsNamespace(this, `Rules-${name}`, {
        workspace: this.workspaceArn,
        name: `headroom-${name}`,
        data,
      });
    }
  }

  private scrape({ cluster, scrapeSec = 30 }: ManagedPrometheusProps, nodes: readonly WatchedNode[]): void {
    const ports = cluster.exporterPorts;
    if (ports === null) return;
    const job = (name: string, port: number) => ({
      job_name: name,
      static_configs: nodes.map(({ id, host }) => ({
        targets: [`${host}:${port}`],
        labels: { cluster: cluster.clusterName, broker: String(id) },
      })),
    });
    const configuration = stringify({
      global: { scrape_interval: `${scrapeSec}s` },
      scrape_configs: [job('kafka', ports.jmx), job('node', ports.node)],
    });
    new aps.CfnScraper(this, 'Scraper', {
      alias: cluster.clusterName,
      scrapeConfiguration: { configurationBlob: Fn.base64(configuration) },
      source: {
        vpcConfiguration: {
          subnetIds: cluster.network.brokerSubnets.map(({ subnetId }) => subnetId),
          securityGroupIds: [this.scraperGroup(cluster, ports).securityGroupId],
        },
      },
      destination: { ampConfiguration: { workspaceArn: this.workspaceArn } },
    });
  }

  /** May read the exporters and nothing else. The rules stand in this stack: in the brokers' own they would tie the stacks in a ring. */
  private scraperGroup({ network, connections }: KafkaCluster, ports: ExporterPorts): ec2.SecurityGroup {
    const group = new ec2.SecurityGroup(this, 'Readers', { vpc: network.vpc, description: 'Prometheus' });
    for (const [name, port] of Object.entries(ports)) {
      for (const [index, brokers] of connections.securityGroups.entries()) {
        new ec2.CfnSecurityGroupIngress(this, `Read-${name}-${index}`, {
          groupId: brokers.securityGroupId,
          sourceSecurityGroupId: group.securityGroupId,
          ipProtocol: 'tcp',
          fromPort: port,
          toPort: port,
          description: `Prometheus reads the ${name} exporter`,
        });
      }
    }
    return group;
  }
}

/** Everything to the one topic; the Watchdog only proves that alerts arrive and is kept apart by its receiver. */
function alertManager(topicArn: string, region: string): string {
  const receiver = { name: 'pages', sns_configs: [{ topic_arn: topicArn, sigv4: { region }, send_resolved: true }] };
  return stringify({
    alertmanager_config: stringify({
      route: {
        receiver: 'pages',
        group_by: ['alertname', 'cluster'],
        routes: [{ receiver: 'nobody', matchers: ['severity="none"'] }],
      },
      receivers: [receiver, { name: 'nobody' }],
    }),
  });
}
