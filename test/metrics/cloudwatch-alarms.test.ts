import { describe, expect, it } from 'vitest';
import { alarmDefinitions, type WatchedCluster } from '../../lib/metrics/cloudwatch-alarms.ts';
import { isAvailable } from '../../lib/metrics/types.ts';
import { alerts, signalOf } from '../../lib/metrics.ts';
import type { Plan } from '../../lib/plan/types.ts';
import { examplePlan } from '../bench/example-plan.ts';

const plan = examplePlan();
const watched = (changes: Partial<WatchedCluster> = {}): WatchedCluster => ({
  plan,
  kind: 'msk',
  clusterName: 'course-events-1',
  level: 'PER_BROKER',
  runbookUrl: '',
  ...changes,
});
const withInstance = (instanceType: string): Plan => ({ ...plan, cluster: { ...plan.cluster, instanceType } });
const named = (ids: readonly { alert: string }[]) => [...new Set(ids.map(({ alert }) => alert))];

describe('CloudWatch alarms of a plan', () => {
  it('stand for every broker of the plan, with the dimensions that AWS writes with a space', () => {
    const disks = alarmDefinitions(watched()).alarms.filter(({ alert }) => alert === 'KafkaDiskCritical');
    expect(disks.map(({ id }) => id)).toEqual([1, 2, 3].map((broker) => `KafkaDiskCritical-Broker${broker}`));
    expect(disks[1]?.metrics[0]).toEqual({
      id: 'm2',
      metric: 'KafkaDataLogsDiskUsed',
      statistic: 'Maximum',
      dimensions: { 'Cluster Name': 'course-events-1', 'Broker ID': '2' },
    });
  });

  it('take their thresholds from the plan', () => {
    const { alarms } = alarmDefinitions(watched());
    const threshold = (alert: string) => alarms.find((each) => each.alert === alert)?.threshold;
    const capacity = (resource: string) =>
      plan.cluster.resources.find((each) => each.resource === resource)?.capacity ?? 0;
    expect(threshold('MskVolumeThroughput')).toBe(0.8 * capacity('volumeThroughput'));
    expect(threshold('KafkaConnectionsNearLimit')).toBe(0.8 * capacity('connections'));
    expect(threshold('MskIngressNearLimit')).toBe(0.8 * capacity('safeIngress'));
    expect(threshold('KafkaConsumerLagOverObjective')).toBe(plan.slo.lagMaxRecords);
  });

  it('are left out, with the reason, where the plan has no such number', () => {
    const silent = { ...plan, slo: { ...plan.slo, lagMaxRecords: null } };
    const { alarms, left } = alarmDefinitions(watched({ plan: silent }));
    expect(named(alarms)).not.toContain('KafkaConsumerLagOverObjective');
    expect(left).toContainEqual({ alert: 'KafkaConsumerLagOverObjective', reason: 'the plan has no such figure' });
  });

  it.each(['msk', 'msk-express', 'msk-serverless'] as const)('alarm on nothing that %s does not report', (kind) => {
    for (const { alert, metrics } of alarmDefinitions(watched({ kind })).alarms) {
      for (const { metric } of metrics) {
        const source = alerts
          .flatMap(({ cloudWatch }) => (isAvailable(cloudWatch) ? Object.values(cloudWatch.metrics) : []))
          .map((id) => signalOf(id).sources.cloudWatch)
          .filter(isAvailable)
          .find((each) => each.metric === metric);
        expect(source?.kinds, `${alert} on ${metric}`).toContain(kind);
      }
    }
  });

  it('know Express by its throttling and its storage, and Serverless by its lag alone', () => {
    const express = named(alarmDefinitions(watched({ kind: 'msk-express' })).alarms);
    expect(express).toEqual(
      expect.arrayContaining(['MskExpressThrottled', 'MskExpressStorage', 'KafkaNoActiveController']),
    );
    expect(express).not.toContain('KafkaDiskCritical');
    expect(express).not.toContain('KafkaUnderReplicated');
    const serverless = named(alarmDefinitions(watched({ kind: 'msk-serverless' })).alarms);
    expect(serverless).toEqual(['KafkaConsumerLagOverObjective', 'KafkaConsumerLagTime']);
  });

  it('need the level that their metrics come with', () => {
    const free = named(alarmDefinitions(watched({ level: 'DEFAULT' })).alarms);
    expect(free).toContain('KafkaDiskCritical');
    expect(free).not.toContain('KafkaRequestHandlersBusy');
  });

  it('watch CPU credits only where there are some', () => {
    expect(named(alarmDefinitions(watched({ plan: withInstance('kafka.t3.small') })).alarms)).toContain(
      'MskCpuCredits',
    );
    expect(named(alarmDefinitions(watched()).alarms)).not.toContain('MskCpuCredits');
  });

  it('name their runbook, each', () => {
    for (const { alert, description } of alarmDefinitions(watched({ runbookUrl: 'https://wiki.example/' })).alarms) {
      expect(description).toContain(`https://wiki.example/runbooks/${alert}.md`);
      expect(description.length).toBeLessThanOrEqual(1024);
    }
  });

  it('say for the controller that silence is the fault', () => {
    const [alarm] = alarmDefinitions(watched()).alarms.filter(({ alert }) => alert === 'KafkaNoActiveController');
    expect(alarm).toMatchObject({ missing: 'breaching', comparison: '<', metrics: [{ statistic: 'Maximum' }] });
  });
});
