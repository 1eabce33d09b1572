/**
 * The life of what a run creates on a cluster: the manifest is on disk before anything is written, topics are created from
 * it, and in the end nothing but what it names is deleted.
 */
import { HeadroomError } from '../lib/errors.ts';
import { type ResultsFolder, resultFiles } from './results.ts';
import { deleteRunResources } from './target/clean-up.ts';
import { reach } from './target/connect.ts';
import { createManifest, topicPrefixOf } from './target/manifest.ts';
import type { RunCluster } from './target/run-cluster.ts';
import { createTopics, requireUnusedPrefix, type TopicToCreate } from './target/topics.ts';

export interface RunTopics {
  readonly runId: string;
  readonly cluster: RunCluster;
  readonly folder: ResultsFolder;
  readonly topics: readonly TopicToCreate[];
  /** By their name on the cluster. */
  readonly groups: readonly string[];
  readonly signal: AbortSignal;
  readonly beforeCleanUp?: () => void;
  /** Told of each thing that could not be deleted, in words. */
  readonly onLeft: (what: string) => void;
}

/** Long enough for a controller to be elected anew. */
const cleanUpWithinMs = 20_000;

/**
 * Creates the topics, uses them, and deletes topics and groups whatever happens; a local cluster is deleted as a whole by
 * whoever started it. Rejects as `use` does; what could not be deleted is then in the error's hint, too.
 */
export async function withRunTopics<T>(run: RunTopics, use: () => Promise<T>): Promise<T> {
  const { runId, cluster, folder, topics, groups, signal } = run;
  const { admin } = cluster;
  let manifest = createManifest(
    { runId, clusterId: cluster.clusterId },
    topics.map(({ name }) => name),
    groups,
  );
  await reach(cluster.bootstrap, 'cannot list topics and groups', () =>
    requireUnusedPrefix(admin, topicPrefixOf(runId)),
  );
  await folder.write('manifest', manifest);
  const cleanUp = async (): Promise<readonly string[]> => {
    run.beforeCleanUp?.();
    if (cluster.target === 'local') return [];
    const left = await deleteRunResources(admin, manifest, cleanUpWithinMs);
    for (const what of left) run.onLeft(what);
    return left;
  };
  let result: T;
  try {
    await createTopics(admin, manifest, topics, {
      signal,
      save: async (withIds) => {
        // Before the write: a full disk must not keep clean-up from knowing the ids.
        manifest = withIds;
        await folder.write('manifest', withIds);
      },
    });
    result = await use();
  } catch (error) {
    throw namingLeftovers(error, await cleanUp(), folder.path);
  }
  await cleanUp();
  return result;
}

/** A run that fails renders no report, so its error is where a user learns what to delete by hand. */
function namingLeftovers(error: unknown, left: readonly string[], folder: string): unknown {
  if (left.length === 0) return error;
  const leftovers = `left on the cluster: ${left.join('; ')}; see ${resultFiles.manifest} in ${folder}`;
  if (error instanceof HeadroomError) {
    const hint = error.hint === null ? leftovers : `${error.hint}\n${leftovers}`;
    return new HeadroomError(error.code, error.message, { hint, cause: error });
  }
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new HeadroomError('INTERNAL', `internal error, please report it\n${detail}`, {
    hint: leftovers,
    cause: error,
  });
}
