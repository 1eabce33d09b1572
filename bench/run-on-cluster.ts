/**
 * The part of a run that touches a cluster: manifest, topics, scenarios, read-back, search for private values, clean-up.
 * Nothing is written to the cluster before the manifest is on disk, and nothing outside of it is ever deleted.
 */
import type { SettingReadBack } from '../lib/measurement/types.ts';
import { clusterRows } from './aws/compare-plan.ts';
import { orderMemoryNotes } from './order-memory.ts';
import { privateFieldsOf, searchPlaces } from './privacy/places.ts';
import type { PrivacySearch } from './privacy/search.ts';
import { clientSettings } from './prove/client-settings.ts';
import { planExperiments, topicsToCreate } from './prove/experiments.ts';
import { readingGroups } from './prove/reading-groups.ts';
import { runScenarios } from './prove/run-scenarios.ts';
import type { ProveOptions } from './prove.ts';
import type { ResultsFolder } from './results.ts';
import type { RunRecord } from './run-record.ts';
import { type RunTopics, withRunTopics } from './run-topics.ts';
import { type BrokerWatch, watchBrokers } from './target/brokers.ts';
import { reach } from './target/connect.ts';
import { topicPrefixOf } from './target/manifest.ts';
import type { RunCluster } from './target/run-cluster.ts';
import { readBrokerSettings, readTopicSettings } from './target/settings.ts';
import type { Timetable } from './timetable.ts';
import { controlTopicToCreate } from './workers/control-topic.ts';
import { groupOfWorker } from './workers/share.ts';

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

/**
 * Fills the record. Rejects when the run was interrupted or could not be carried out; clean-up is done by then, and what it
 * had to leave is in the error's hint.
 */
export async function runOnCluster(run: ClusterRun): Promise<void> {
  const { options, cluster, folder, record } = run;
  const { plan } = options;
  const { admin } = cluster;
  const prefix = topicPrefixOf(run.runId);
  const brokerIds = cluster.brokers.map(({ id }) => id);
  const brokerSettings = await readBrokerSettings(admin, brokerIds, (note) => record.note(note));
  const experiments = planExperiments(plan, prefix, options.lengths, brokerSettings);
  for (const note of [...orderMemoryNotes(plan, options), ...experiments.notes, ...(cluster.msk?.notes ?? [])])
    record.note(note);
  const controlTopic = options.workers?.controlTopic ?? null;
  const topics = [
    ...topicsToCreate(plan, prefix, experiments),
    ...(controlTopic === null ? [] : [controlTopicToCreate(controlTopic, plan)]),
  ];
  const groups = plan.topics.flatMap((topic) =>
    readingGroups(topic).flatMap(({ name }) => groupsOnCluster(`${prefix}${name}`, options.workers?.count ?? 1)),
  );
  const watch = watchForLoss(run, brokerIds);
  const created: RunTopics = {
    runId: run.runId,
    cluster,
    folder,
    topics,
    groups: [...groups, ...experiments.catchUp.flatMap(({ clusterGroups }) => clusterGroups)],
    signal: options.signal,
    beforeCleanUp: () => {
      watch.stop();
      if (cluster.target === 'existing') run.timetable.enter('clean-up');
    },
    onLeft: (what) => record.incident('cleanup', what),
  };
  await withRunTopics(created, async () => {
    record.settings = [
      ...(await readTopics(run, prefix)),
      ...(cluster.msk === null ? [] : clusterRows(plan, cluster.msk.provisioned)),
      ...brokerSettings,
      ...clientSettings(plan, options.driver),
    ];
    await runScenarios(run, { prefix, experiments, watch });
    await searchPrivate(run);
  });
}

/** Each worker has a group of its own. */
function groupsOnCluster(clusterGroup: string, workers: number): readonly string[] {
  if (workers === 1) return [clusterGroup];
  return Array.from({ length: workers }, (_, worker) => groupOfWorker(clusterGroup, worker));
}

async function readTopics({ options, cluster }: ClusterRun, prefix: string): Promise<readonly SettingReadBack[]> {
  const onCluster = options.plan.topics.map((topic) => ({ plan: topic, clusterTopic: `${prefix}${topic.name}` }));
  return await reach(cluster.bootstrap, "cannot read the topics' settings back", () =>
    readTopicSettings(cluster.admin, onCluster),
  );
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
