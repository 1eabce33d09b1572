/**
 * A managed Grafana that reads the managed Prometheus of a cluster, and CloudWatch. Boards are no resource of CloudFormation:
 * scripts/provision-grafana.mjs brings them in, again after each change. Never run on AWS by us.
 */
import * as grafana from 'aws-cdk-lib/aws-grafana';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Stack, Validations } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';

export const grafanaSignIns = ['AWS_SSO', 'SAML'] as const;
export type GrafanaSignIn = (typeof grafanaSignIns)[number];

export interface ManagedGrafanaProps {
  /** Unique in account and region. */
  readonly name: string;
  /** ARN of the workspace it may query, and no other. */
  readonly prometheusArn: string;
  /** Who may look: users of IAM Identity Center, or of an identity provider that is set up afterwards. */
  readonly signIn: GrafanaSignIn;
}

/** By Amazon Managed Service for Prometheus user guide, permissions for Grafana. */
const queryActions = ['aps:GetLabels', 'aps:GetMetricMetadata', 'aps:GetSeries', 'aps:QueryMetrics'];
const cloudWatchActions = ['cloudwatch:DescribeAlarms', 'cloudwatch:GetMetricData', 'cloudwatch:ListMetrics'];

export class ManagedGrafana extends Construct {
  /** Host name, to be put after https://. */
  readonly endpoint: string;

  constructor(scope: Construct, id: string, { name, prometheusArn, signIn }: ManagedGrafanaProps) {
    super(scope, id);
    const { account } = Stack.of(this);
    const role = new iam.Role(this, 'Role', {
      assumedBy: new iam.ServicePrincipal('grafana.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': account } },
      }),
    });
    role.addToPolicy(new iam.PolicyStatement({ actions: queryActions, resources: [prometheusArn] }));
    role.addToPolicy(new iam.PolicyStatement({ actions: cloudWatchActions, resources: ['*'] }));
    Validations.of(role).acknowledge({
      id: 'AwsSolutions::AwsSolutions-IAM5[Resource::*]',
      reason: 'metrics of CloudWatch know no resource',
    });
    const workspace = new grafana.CfnWorkspace(this, 'Workspace', {
      name,
      accountAccessType: 'CURRENT_ACCOUNT',
      authenticationProviders: [signIn],
      permissionType: 'CUSTOMER_MANAGED',
      roleArn: role.roleArn,
      dataSources: ['PROMETHEUS', 'CLOUDWATCH'],
    });
    this.endpoint = workspace.attrEndpoint;
  }
}
