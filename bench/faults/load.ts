/** The load of a drill: one topic at a steady rate, told to Prometheus; it goes on through every fault until it is stopped. */
import type { ProducerConfig, TopicPlan } from '../../lib/plan/types.ts';
import type { Slo } from '../../lib/requirements/types.ts';
import { defaultDriver } from '../drivers/index.ts';
import type { LoadObserver, ObservedTopic } from '../load/observer.ts';
import { openLoad } from '../load/open-load.ts';
import type { LoadSession } from '../load/types.ts';
import type { LocalCluster } from '../local/local-cluster.ts';
import { type MetricServer, startMetricServer } from '../metrics/metric-server.ts';

/** Client id of the load's connections: what a quota is set on. */
export const loadClientId = 'drill-load';

export interface LoadOptions {
  readonly cluster: LocalCluster;
  readonly topic: TopicPlan;
  /** Name on the cluster; the topic's own when left out. */
  readonly clusterTopic?: string;
  readonly slo: Slo;
  readonly ratePerSec: number;
  readonly metricsPort: number;
  /** Groups and topics beside the load's own whose lag is told, too. */
  readonly alsoWatched: readonly ObservedTopic[];
  readonly producer?: Partial<ProducerConfig>;
}

const longestPhaseMs = 3_600_000;
const membersPerGroup = 2;

export class Load {
  readonly options: LoadOptions;
  #running: Running | null = null;
  #fault: string | null = null;

  constructor(options: LoadOptions) {
    this.options = options;
  }

  /** Resolves when producers and groups are connected and the load has begun. */
  async start(): Promise<void> {
    this.#running ??= await open(this.options);
    this.#running.server.fault(this.#fault);
  }

  async stop(): Promise<void> {
    const running = this.#running;
    this.#running = null;
    if (running === null) return;
    running.ending.abort(new Error('stopped'));
    await running.phases;
    await running.session.close();
    await running.server.close();
  }

  /** What Prometheus is told of the fault that is injected now; null: none. */
  markFault(name: string | null): void {
    this.#fault = name;
    this.#running?.server.fault(name);
  }

  /** Counts what was lost and what is there twice so far, and tells it. */
  integrity(): ReturnType<LoadSession['integrity']> {
    return this.#running?.session.integrity() ?? [];
  }
}

interface Running {
  readonly server: MetricServer;
  readonly session: LoadSession;
  readonly ending: AbortController;
  readonly phases: Promise<void>;
}

async function open(options: LoadOptions): Promise<Running> {
  const { cluster, topic, slo, metricsPort, alsoWatched } = options;
  const server = await startMetricServer({ port: metricsPort, slo });
  const clusterTopic = options.clusterTopic ?? topic.name;
  const ending = new AbortController();
  try {
    const session = await openLoad({
      target: { bootstrap: cluster.bootstrap, clientId: loadClientId },
      driver: defaultDriver,
      topics: [
        {
          plan: topic,
          clusterTopic,
          ...(options.producer === undefined ? {} : { producer: options.producer }),
          groups: topic.groups.map(({ name }) => ({
            name,
            clusterGroup: clusterTopic === topic.name ? name : `${name}-${clusterTopic}`,
            members: membersPerGroup,
          })),
        },
      ],
      seed: 7,
      onIncident: () => {},
      observer: watching(server.observer, alsoWatched),
    });
    session.integrity();
    return { server, session, ending, phases: keepRunning(session, options, ending.signal) };
  } catch (error) {
    await server.close();
    throw error;
  }
}

function watching(observer: LoadObserver, more: readonly ObservedTopic[]): LoadObserver {
  return { ...observer, opened: (target, topics) => observer.opened(target, merged([...topics, ...more])) };
}

/** One entry a topic, with all its groups. */
function merged(topics: readonly ObservedTopic[]): readonly ObservedTopic[] {
  const groups = new Map<string, readonly string[]>();
  for (const each of topics) groups.set(each.topic, [...(groups.get(each.topic) ?? []), ...each.groups]);
  return [...groups].map(([topic, names]) => ({ topic, groups: names }));
}

/** A phase that a fault ended is followed by another: the load of a drill does not give up. */
async function keepRunning(session: LoadSession, options: LoadOptions, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await session
      .run({
        ratePerSec: { [options.topic.name]: options.ratePerSec },
        measureMs: longestPhaseMs,
        warmUpMinMs: 500,
        warmUpMaxMs: 500,
        drainMaxMs: 1_000,
        stage: 'drill',
        signal,
        onProgress: () => {},
      })
      .catch(() => {});
  }
}
