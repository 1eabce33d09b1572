/**
 * The highest rate that a cluster sustains under the objectives of a use case, with all producers and groups of the plan.
 * One session for all probes, so consumers keep their assignments and the ids are checked over everything that was sent.
 */
import { cpus } from 'node:os';
import type { LimitMeasurement } from '../../lib/measurement/limit/types.ts';
import type { TopicIntegrity } from '../../lib/measurement/types.ts';
import type { Plan } from '../../lib/plan/types.ts';
import type { StatedNetwork } from '../limit/network.ts';
import { findLimit } from '../limit/probing.ts';
import { readReplication } from '../limit/replication.ts';
import { type ResourceSource, watchResources } from '../limit/resources.ts';
import type { LimitSettings } from '../limit/settings.ts';
import { openLoad } from '../load/open-load.ts';
import type { RunCluster } from '../target/run-cluster.ts';
import type { ScenarioContext } from './context.ts';
import { loadTopicOf } from './phases.ts';

export interface LimitSpec {
  readonly plan: Plan;
  /** Name on the cluster of a topic or a group of the plan; the topics must be there. */
  readonly nameOnCluster: (name: string) => string;
  readonly settings: LimitSettings;
  readonly resources: ResourceSource;
  readonly network: StatedNetwork | null;
  /** After each probe and at the end, so that a search that is cut short keeps what it has. */
  readonly onMeasured: (limit: LimitMeasurement, integrity: readonly TopicIntegrity[]) => void;
  readonly mayGoOn: () => boolean;
}

export async function measureLimit(context: ScenarioContext, spec: LimitSpec): Promise<LimitMeasurement> {
  const { plan, nameOnCluster, settings, network, mayGoOn } = spec;
  let isWhole = true;
  const session = await (context.open ?? openLoad)({
    ...context.load,
    onIncident: (incident) => {
      if (incident.kind === 'workerLost') isWhole = false;
      context.load.onIncident(incident);
    },
    signal: context.signal,
    topics: plan.topics.map((topic) => loadTopicOf(topic, nameOnCluster, context.onNote)),
  });
  const resources = watchResources(spec.resources);
  try {
    const limit = await findLimit({
      session,
      plan,
      settings,
      resources,
      network,
      mayGoOn: () => isWhole && mayGoOn(),
      signal: context.signal,
      onProgress: context.onProgress,
      onProbe: (soFar) => spec.onMeasured(soFar, session.integrity()),
    });
    spec.onMeasured(limit, session.integrity());
    return limit;
  } finally {
    resources.stop();
    await session.close();
  }
}

/** What can be seen of a cluster from here. A caller that confines brokers or their network says so in `known`. */
export function resourcesOf(
  cluster: RunCluster,
  topics: readonly string[],
  known: Partial<ResourceSource> = {},
): ResourceSource {
  const cores = cpus().length;
  return {
    brokerCpuSeconds: () => cluster.brokerCpuSeconds(),
    coresOf: () => cores,
    folders: cluster.folders,
    replication: () => readReplication(cluster.admin, topics),
    network: null,
    sharesHost: cluster.target === 'local',
    ...known,
  };
}
