/**
 * The list of what a run creates, on disk before it is created. Clean-up deletes only what this list allows:
 * a name in it, with the run's prefix, whose topic id is the one recorded after creation.
 */
import { HeadroomError } from '../../lib/errors.ts';
import { topicNameMaxLength } from '../../lib/requirements/naming.ts';

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
    if (name.length > topicNameMaxLength) {
      throw new HeadroomError(
        'USE_CASE_INVALID',
        `"${name}" is ${name.length} characters long with the run's prefix; Kafka allows ${topicNameMaxLength}`,
        { hint: `shorten the topic's name by ${name.length - topicNameMaxLength} characters` },
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

/** Ids of the topics that may be deleted: in the manifest, with the run's prefix, and of recorded id. */
export function deletableTopicIds({ topics, topicPrefix }: RunManifest): readonly string[] {
  return topics.flatMap(({ name, topicId }) => (topicId !== null && isOurs(topicPrefix, name) ? [topicId] : []));
}

/** Why a topic of the manifest's names, with this id, is on the cluster after deletion. */
export function whyLeft({ topics, topicPrefix }: RunManifest, name: string, found: string): string {
  const recorded = topics.find((topic) => topic.name === name)?.topicId ?? null;
  if (!isOurs(topicPrefix, name)) return `topic ${name} was left alone: its name lacks the run's prefix ${topicPrefix}`;
  if (recorded === null) return `topic ${name} was left alone: its topic id was not recorded when it was created`;
  if (recorded === found) return `topic ${name} is still there`;
  return `topic ${name} was left alone: its topic id is ${found}, recorded was ${recorded}: somebody created it anew`;
}

/** Groups that may be deleted: in the manifest and with the run's prefix. */
export function deletableGroups(manifest: RunManifest): readonly string[] {
  return manifest.groups.filter((group) => isOurs(manifest.topicPrefix, group));
}

function isOurs(prefix: string, name: string): boolean {
  return prefix !== '' && name.startsWith(prefix);
}
