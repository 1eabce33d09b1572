/**
 * The part of a run that touches a cluster: manifest, topics, scenarios, read-back, search for private values, clean-up.
 * Nothing is written to the cluster before the manifest is on disk, and nothing outside of it is ever deleted.
 */
import { privateFieldsOf, searchPlaces } from './privacy/places.ts';
import type { PrivacySearch } from './privacy/search.ts';
import type { ProveOptions } from './prove.ts';
import type { ResultsFolder } from './results.ts';
import type { RunRecord } from './run-record.ts';
import { clientSettings } from './scenarios/client-settings.ts';
import { planExperiments, topicsToCreate } from './scenarios/experiments.ts';
import { runScenarios } from './scenarios/run-scenarios.ts';
import { type BrokerWatch, watchBrokers } from './target/brokers.ts';
import { deleteRunResources } from './target/clean-up.ts';
import { createManifest, type RunManifest, topicPrefixOf } from './target/manifest.ts';
import type { RunCluster } from './target/run-cluster.ts';
import { readBrokerSettings, readTopicSettings } from './target/settings.ts';
import { createTopics, requireUnusedPrefix } from './target/topics.ts';
import type { Timetable } from './timetable.ts';

export interface ClusterRun {
  readonly options: ProveOptions;
  readonly runId: string;
  readonly cluster: RunCluster;
  readonly folder: ResultsFolder;
  readonly record: RunRecord;
  readonly timetable: Timetable;
  readonly privacy: PrivacySearch | null;
}

const brokerLookMs = { local: 250, existing: 1_000 } as const;
/** Long enough for a controller to be elected anew. */
const cleanUpWithinMs = 20_000;

/** Fills the record. Rejects when the run was interrupted or could not be carried out; clean-up is done by then. */
export async function runOnCluster(run: ClusterRun): Promise<void> {
  const { options, cluster, folder, record } = run;
  const { plan } = options;
  const prefix = topicPrefixOf(run.runId);
  const brokerIds = cluster.brokers.map(({ id }) => id);
  const brokerSettings = await readBrokerSettings(cluster.admin, brokerIds);
  const experiments = planExperiments(plan, prefix, options.lengths, brokerSettings);
  for (const note of experiments.notes) record.note(note);
  const topics = topicsToCreate(plan, prefix, experiments);
  const groups = plan.topics.flatMap((topic) => topic.groups.map(({ name }) => `${prefix}${name}`));
  let manifest = createManifest(
    { runId: run.runId, clusterId: cluster.clusterId },
    topics.map(({ name }) => name),
    groups,
  );
  await requireUnusedPrefix(cluster.admin, prefix);
  await folder.write('manifest', manifest);
  const watch = watchForLoss(run, brokerIds);
  try {
    await createTopics(cluster.admin, manifest, topics, {
      signal: options.signal,
      save: async (withIds) => {
        // Before the write: a full disk must not keep clean-up from knowing the ids.
        manifest = withIds;
        await folder.write('manifest', withIds);
      },
    });
    const onCluster = plan.topics.map((topic) => ({ plan: topic, clusterTopic: `${prefix}${topic.name}` }));
    record.settings = [
      ...(await readTopicSettings(cluster.admin, onCluster)),
      ...brokerSettings,
      ...clientSettings(plan, options.driver),
    ];
    await runScenarios(run, { prefix, experiments, watch });
    await searchPrivate(run);
  } finally {
    watch.stop();
    await cleanUp(run, manifest);
  }
}

function watchForLoss({ cluster, record }: ClusterRun, expected: readonly number[]): BrokerWatch {
  return watchBrokers({
    expected,
    alive: () => cluster.aliveBrokers(),
    everyMs: brokerLookMs[cluster.target],
    onLost: (id) => {
      const address = cluster.brokers.find((broker) => broker.id === id);
      const where = address === undefined ? '' : ` (${address.host}:${address.port}, rack ${address.rack ?? 'none'})`;
      record.incident('brokerLost', `broker ${id}${where} was lost during the run`);
    },
  });
}

async function searchPrivate({ options, cluster, folder, record, privacy }: ClusterRun): Promise<void> {
  if (privacy === null) return;
  await folder.write('measurement', record.measurement());
  if (cluster.folders === null) {
    record.note("the logs and data of an existing cluster's brokers cannot be searched for private values from here");
  }
  record.privacy = {
    fields: privateFieldsOf(options.plan),
    places: await searchPlaces(privacy, { brokers: cluster.folders, results: folder.path }),
  };
}

/** A local cluster is deleted as a whole with its data; on any other one the manifest is worked off. */
async function cleanUp({ cluster, record, timetable }: ClusterRun, manifest: RunManifest): Promise<void> {
  if (cluster.target === 'local') return;
  timetable.enter('clean-up');
  const left = await deleteRunResources(cluster.admin, manifest, cleanUpWithinMs);
  for (const what of left) record.incident('cleanup', what);
}
