/**
 * What a run must see beyond its own topics, names and offsets only: whether others use the cluster, and how its brokers are
 * set. Without it the check for foreign use would see nobody and prove nothing.
 */
import * as iam from 'aws-cdk-lib/aws-iam';
import { Fn } from 'aws-cdk-lib/core';

export function grantObserve(grantee: iam.IGrantable, clusterArn: string): void {
  const halves = Fn.split(':cluster/', clusterArn);
  const part = (kind: string): string => Fn.join('', [Fn.select(0, halves), `:${kind}/`, Fn.select(1, halves), '/*']);
  iam.Grant.addToPrincipal({
    grantee,
    actions: ['kafka-cluster:DescribeTopic', 'kafka-cluster:DescribeGroup'],
    resourceArns: [part('topic'), part('group')],
  });
  iam.Grant.addToPrincipal({
    grantee,
    actions: ['kafka-cluster:DescribeClusterDynamicConfiguration'],
    resourceArns: [clusterArn],
  });
  // The configuration's ARN is known to the cluster alone; its lines hold no secret.
  iam.Grant.addToPrincipal({
    grantee,
    actions: ['kafka:DescribeConfigurationRevision'],
    resourceArns: [Fn.join('', [Fn.select(0, halves), ':configuration/*'])],
  });
}
