/**
 * The list of what a run creates, on disk before it is created. Clean-up deletes only what this list allows:
 * a name in it, with the run's prefix, whose topic id is the one recorded after creation.
 */
import { HeadroomError } from '../../lib/errors.ts';

export interface RunManifest {
  readonly schemaVersion: 1;
  readonly runId: string;
  readonly clusterId: string;
  readonly topicPrefix: string;
  readonly topics: readonly ManifestTopic[];
  readonly groups: readonly string[];
}

export interface ManifestTopic {
  readonly name: string;
  /** Null until the cluster has said it. */
  readonly topicId: string | null;
}

export interface DeletionPlan {
  readonly deletable: readonly string[];
  /** On the cluster and in the manifest, but not ours by the rule; each with the reason. */
  readonly refused: readonly { readonly name: string; readonly reason: string }[];
}

const maxNameLength = 249;

export function topicPrefixOf(runId: string): string {
  return `headroom-${runId}-`;
}

/** Throws USE_CASE_INVALID when a name is longer than Kafka allows once it carries the run's prefix. */
export function createManifest(
  identity: { readonly runId: string; readonly clusterId: string },
  topics: readonly string[],
  groups: readonly string[],
): RunManifest {
  const topicPrefix = topicPrefixOf(identity.runId);
  for (const name of [...topics, ...groups]) {
    if (name.length > maxNameLength) {
      throw new HeadroomError(
        'USE_CASE_INVALID',
        `"${name}" is ${name.length} characters long with the run's prefix; Kafka allows ${maxNameLength}`,
        { hint: `shorten the topic's name by ${name.length - maxNameLength} characters` },
      );
    }
  }
  return {
    schemaVersion: 1,
    ...identity,
    topicPrefix,
    topics: topics.map((name) => ({ name, topicId: null })),
    groups: [...groups],
  };
}

/** The manifest with the topic ids that the cluster gave; a name that is not in the manifest is not taken in. */
export function withTopicIds(manifest: RunManifest, ids: ReadonlyMap<string, string>): RunManifest {
  return {
    ...manifest,
    topics: manifest.topics.map((topic) => ({ ...topic, topicId: topic.topicId ?? ids.get(topic.name) ?? null })),
  };
}

/** What may be deleted, given the ids of the topics that are on the cluster now. */
export function planDeletion(manifest: RunManifest, onCluster: ReadonlyMap<string, string>): DeletionPlan {
  const deletable: string[] = [];
  const refused: { name: string; reason: string }[] = [];
  for (const { name, topicId } of manifest.topics) {
    const found = onCluster.get(name);
    if (found === undefined) continue;
    const reason = whyNotOurs(manifest.topicPrefix, name, topicId, found);
    if (reason === null) deletable.push(name);
    else refused.push({ name, reason });
  }
  return { deletable, refused };
}

function whyNotOurs(prefix: string, name: string, recorded: string | null, found: string): string | null {
  if (prefix === '' || !name.startsWith(prefix)) return `its name does not begin with the run's prefix ${prefix}`;
  if (recorded === null) return 'its topic id was not recorded when it was created';
  if (recorded !== found) return `its topic id is ${found}, recorded was ${recorded}: somebody created it anew`;
  return null;
}

/** Groups that may be deleted: in the manifest and with the run's prefix. */
export function deletableGroups(manifest: RunManifest): readonly string[] {
  return manifest.groups.filter((group) => manifest.topicPrefix !== '' && group.startsWith(manifest.topicPrefix));
}
