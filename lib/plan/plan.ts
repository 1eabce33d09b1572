/**
 * The plan of a use case: pure arithmetic over its requirements. Knows no clock, file, network, Kafka or AWS client.
 * Every figure carries its formula, inputs and source; what cannot be known yet is null with a reason in `missing`.
 */
import { HeadroomError } from '../errors.ts';
import type { Requirements } from '../requirements/types.ts';
import { planCluster } from './cluster.ts';
import { clusterWarnings } from './cluster-warnings.ts';
import { planFaults } from './faults.ts';
import { planGrowth } from './growth.ts';
import { planStorage } from './storage.ts';
import { topicWarnings } from './topic-warnings.ts';
import { planTopic } from './topics.ts';
import { type ClusterPlan, type Plan, planSchemaVersion } from './types.ts';

/** Throws PLAN_IMPOSSIBLE, with every fault listed, when no plan can satisfy the requirements. */
export function planUseCase(requirements: Requirements): Plan {
  const faults = planFaults(requirements);
  if (faults.length > 0)
    throw new HeadroomError(
      'PLAN_IMPOSSIBLE',
      [
        `${requirements.useCase} cannot be planned, ${faults.length} ${faults.length === 1 ? 'fault' : 'faults'}:`,
        ...faults.map(({ path, message }) => `  ${path}: ${message}`),
      ].join('\n'),
      { hint: 'change the use case file at the paths named' },
    );
  const topics = requirements.topics.map((topic) => planTopic(topic, requirements));
  const storage = planStorage(requirements.storage.buffer, topics);
  const cluster = planCluster(requirements, topics);
  const growth = planGrowth(requirements, topics, storage);
  return {
    schemaVersion: planSchemaVersion,
    useCase: requirements.useCase,
    description: requirements.description,
    topics,
    storage,
    cluster,
    cost: { monthlyUsd: null, items: [], pricesAsOf: null, region: requirements.cluster.region, reason: noPrices },
    growth,
    slo: requirements.slo,
    warnings: [
      ...requirements.warnings,
      ...topicWarnings(requirements.cluster, requirements.topics, topics, growth),
      ...clusterWarnings(requirements, topics, cluster, storage),
    ],
    missing: missingFigures(cluster, requirements.cluster.region),
  };
}

const noPrices = 'no price table is part of this version, and prices are never guessed';
const noInstances = 'instance types are not compared in this version; a type is never guessed';

function missingFigures(cluster: ClusterPlan, region: string | null): Plan['missing'] {
  const unlimited = 'the limits of a broker follow from the instance type, which is not chosen yet';
  const figures: Readonly<Record<string, string>> = {
    instanceType: noInstances,
    ...(cluster.bindingConstraint === null ? { bindingConstraint: unlimited, headroom: unlimited } : {}),
  };
  const under = (path: string): [string, string][] =>
    Object.entries(figures).map(([figure, reason]) => [`${path}.${figure}`, reason]);
  return {
    ...Object.fromEntries([...under('cluster'), ...under('cluster.degraded')]),
    'storage.provisionedBytesPerBroker': 'how much disk a broker gets is decided with its instance type',
    'cost.monthlyUsd': noPrices,
    'cost.pricesAsOf': noPrices,
    ...(region === null ? { 'cost.region': 'the use case names no region' } : {}),
  };
}
