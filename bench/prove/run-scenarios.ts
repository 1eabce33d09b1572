/** The scenarios of a run in their order: the use case's own load first, experiments after it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { statedNetwork } from '../limit/network.ts';
import type { LimitSettings } from '../limit/settings.ts';
import type { ClusterRun } from '../run-on-cluster.ts';
import type { BrokerWatch } from '../target/brokers.ts';
import { rootCause } from '../target/connect.ts';
import { measureCatchUp } from './catch-up.ts';
import type { ScenarioContext } from './context.ts';
import type { Experiments } from './experiments.ts';
import { measureLimit, resourcesOf } from './limit.ts';
import { runPhases } from './phases.ts';
import { measureRetention } from './retention.ts';
import { measureTradeOff } from './trade-off.ts';

const lookMs = 100;
/** A local process is seen at once; elsewhere `broker.session.timeout.ms`, 9 s by default, has to pass. */
const lossKnownWithinMs = { local: 1_000, existing: 12_000 } as const;

interface Surroundings {
  readonly prefix: string;
  readonly experiments: Experiments;
  readonly watch: BrokerWatch;
}

interface Scenario {
  readonly name: string;
  readonly run: () => Promise<void>;
}

/**
 * Runs them one after the other. Once a broker is lost the rest is left out with a note, since its figures could not be
 * compared with a whole cluster's; once a worker is lost, since nothing can be concluded from the run any more. Rejects when the run is interrupted, and when a scenario fails on a whole cluster: neither
 * bad input nor a defect may hide behind an inconclusive line.
 */
export async function runScenarios(run: ClusterRun, surroundings: Surroundings): Promise<void> {
  const { record, options } = run;
  for (const scenario of scenariosOf(run, surroundings)) {
    if (!mayStart(run, surroundings.watch, scenario.name)) continue;
    try {
      await scenario.run();
    } catch (error) {
      if (options.signal.aborted) throw options.signal.reason;
      if (!(await hasLostBroker(surroundings.watch, lossKnownWithinMs[run.cluster.target]))) throw error;
      record.incident('clientError', `${scenario.name} ended early: ${rootCause(error)}`);
    } finally {
      await run.folder.write('measurement', record.measurement());
    }
  }
}

/** Clients may notice a dead broker before its session ends and the cluster says so. */
async function hasLostBroker({ lost }: BrokerWatch, withinMs: number): Promise<boolean> {
  const untilMs = performance.now() + withinMs;
  while (lost.size === 0 && performance.now() < untilMs) await sleep(lookMs);
  return lost.size > 0;
}

function mayStart({ record }: ClusterRun, watch: BrokerWatch, scenario: string): boolean {
  const lost =
    watch.lost.size > 0 ? `broker ${[...watch.lost].join(', ')}` : record.has('workerLost') ? 'a worker' : null;
  if (lost === null) return true;
  record.note(`${scenario} was left out: ${lost} was lost before it`);
  return false;
}

function scenariosOf(run: ClusterRun, { prefix, experiments, watch }: Surroundings): readonly Scenario[] {
  const { options, cluster, record, timetable, privacy } = run;
  const context = contextOf(run);
  if (options.lengths.limit !== undefined)
    return [limitScenario(run, context, options.lengths.limit, { prefix, watch })];
  const { tradeOff, retention, catchUp } = experiments;
  const workers = options.workers?.count ?? 1;
  if (workers > 1) record.note(`the average and the peak rate were driven by ${workers} processes, the rest by one`);
  const scenarios: Scenario[] = [
    {
      name: 'the load of the use case',
      run: () =>
        runPhases(context, {
          topics: options.plan.topics,
          nameOnCluster: (name) => `${prefix}${name}`,
          lengths: options.lengths.phases,
          curve: options.curve,
          search: privacy?.records ?? null,
          brokerCpuSeconds: () => cluster.brokerCpuSeconds(),
          onMeasured: (phase, integrity) => record.addPhase(phase, integrity),
          mayStart: (phase) => {
            timetable.enter(phase);
            return mayStart(run, watch, `the ${phase} rate`);
          },
        }),
    },
  ];
  if (tradeOff !== null)
    scenarios.push({
      name: 'the acks trade-off',
      run: async () => {
        timetable.enter('trade-off');
        const { topic, clusterTopic, lengths } = tradeOff;
        record.tradeOff = await measureTradeOff(context, {
          topic,
          clusterTopic,
          ratePerSec: topic.load.peakPerSec,
          ...lengths,
        });
      },
    });
  if (retention !== null)
    scenarios.push({
      name: 'retention on disk',
      run: async () => {
        timetable.enter('retention');
        record.retention = await measureRetention(context, { admin: cluster.admin, ...retention });
      },
    });
  for (const { topic, ...spec } of catchUp)
    scenarios.push({
      name: `catching up on ${topic.name}`,
      run: async () => {
        timetable.enter('catch-up');
        record.catchUp.push(await measureCatchUp(context, { topic, ...spec }));
      },
    });
  return scenarios;
}

function limitScenario(
  { options, cluster, record, timetable }: ClusterRun,
  context: ScenarioContext,
  settings: LimitSettings,
  { prefix, watch }: Pick<Surroundings, 'prefix' | 'watch'>,
): Scenario {
  const nameOnCluster = (name: string): string => `${prefix}${name}`;
  const topics = options.plan.topics.map(({ name }) => nameOnCluster(name));
  return {
    name: 'the search for the limit',
    run: async () => {
      timetable.enter('limit');
      await measureLimit(context, {
        plan: options.plan,
        nameOnCluster,
        settings,
        resources: resourcesOf(cluster, topics),
        network: statedNetwork(cluster.msk),
        onMeasured: (limit, integrity) => record.setLimit(limit, integrity),
        mayGoOn: () => watch.lost.size === 0,
      });
    },
  };
}

function contextOf({ options, cluster, record, timetable }: ClusterRun): ScenarioContext {
  return {
    load: {
      target: { bootstrap: cluster.bootstrap, security: cluster.security, clientId: 'headroom' },
      driver: options.driver,
      seed: options.seed,
      publishP99Ms: options.plan.slo.publishP99Ms,
      onIncident: ({ kind, message }) => record.incident(kind, message),
      ...(options.mask === undefined ? {} : { mask: options.mask }),
      ...(options.shape === undefined ? {} : { shape: options.shape }),
      ...(options.observer === undefined ? {} : { observer: options.observer }),
    },
    ...(options.workers === undefined ? {} : { open: options.workers.open }),
    signal: options.signal,
    onProgress: timetable.onProgress,
    onNote: (note) => record.note(note),
  };
}
