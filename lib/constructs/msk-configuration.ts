/** Broker settings that a promise rests on, pinned against MSK's defaults: MSK elects unclean leaders unless told not to. */
import { replicaFetchers } from '../plan/facts/msk-standard.ts';
import type { ClusterPlan } from '../plan/types.ts';

export interface ConfigurationInput {
  readonly plan: Pick<ClusterPlan, 'brokers'>;
  readonly instanceType: string;
  /** Bought for each volume beyond what the type gives; 0: none. */
  readonly throughputMiBps: number;
}

/**
 * The configuration of Standard brokers. Topics of the plan state their own replication and min.insync.replicas; these
 * lines hold for all others, such as internal ones.
 */
export function standardProperties({ plan, instanceType, throughputMiBps }: ConfigurationInput): string {
  const replicas = Math.min(3, plan.brokers);
  return text({
    'auto.create.topics.enable': false,
    'default.replication.factor': replicas,
    'min.insync.replicas': Math.max(1, replicas - 1),
    ...(throughputMiBps > 0 ? { 'num.replica.fetchers': replicaFetchers(instanceType) } : {}),
    'unclean.leader.election.enable': false,
  });
}

/** Express fixes 3 replicas, 2 in sync and no unclean election itself, and refuses a configuration that names them. */
export function expressProperties(): string {
  return text({ 'auto.create.topics.enable': false });
}

function text(properties: Readonly<Record<string, string | number | boolean>>): string {
  return `${Object.entries(properties)
    .map(([name, value]) => `${name}=${value}`)
    .join('\n')}\n`;
}
