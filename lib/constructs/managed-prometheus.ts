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
import type { ExporterPorts, KafkaCluster } from './kafka-cluster.ts';

export interface ManagedPrometheusProps {
  readonly plan: Plan;
  readonly cluster: KafkaCluster;
  /** Told of what the rules find. */
  readonly pages: sns.ITopic;
  /**
   * Host names of the brokers, without ports. MSK tells them only once the cluster is there (GetBootstrapBrokers), and
   * CloudFormation cannot ask: name them in the second deployment.
   *
   * @default - those of `cluster.bootstrapServers`; where that is null too, nothing is scraped yet
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
    const profile = cluster.kind === 'ec2' ? 'ec2' : 'msk';
    const namespaces = {
      alerts: prometheusRules({ profile, evaluationSec: 30 }),
      plan: planRecords(plannedFigures(plan), cluster.clusterName, plan),
    };
    for (const [name, data] of Object.entries(namespaces)) {
      new aps.CfnRuleGroupsNamespace(this, `Rules-${name}`, {
        workspace: workspace.attrArn,
        name: `headroom-${name}`,
        data,
      });
    }
    const hosts = props.brokerHosts ?? hostsOf(cluster);
    if (hosts.length > 0 && cluster.exporterPorts !== null) this.scrape(props, hosts);
  }

  private scrape({ cluster, scrapeSec = 30 }: ManagedPrometheusProps, hosts: readonly string[]): void {
    const ports = cluster.exporterPorts;
    if (ports === null) return;
    const job = (name: string, port: number) => ({
      job_name: name,
      static_configs: hosts.map((host, index) => ({
        targets: [`${host}:${port}`],
        labels: { cluster: cluster.clusterName, broker: String(index + 1) },
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

function hostsOf({ bootstrapServers }: KafkaCluster): readonly string[] {
  return bootstrapServers?.split(',').map((address) => address.replace(/:\d+$/, '')) ?? [];
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
