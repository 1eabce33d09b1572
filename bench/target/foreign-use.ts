/**
 * Does somebody else use this cluster? Asked before anything is written: a load would disturb them, and they the figures.
 * Two looks at every topic's end offsets tell who writes, the groups with members who reads.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Admin } from '@platformatic/kafka';
import { HeadroomError } from '../../lib/errors.ts';
import { formatCount, formatDurationMs } from '../../lib/units.ts';
import { reach } from './connect.ts';

/** Topic -> sum of the end offsets of its partitions. */
export type EndOffsets = ReadonlyMap<string, bigint>;

export interface ForeignUse {
  readonly writtenTopics: readonly { readonly topic: string; readonly records: bigint }[];
  readonly activeGroups: readonly string[];
}

const latest = -1n;
const mostAttempts = 3;
const pauseMs = 500;
/** Of groups without members. */
const idleStates: ReadonlySet<string> = new Set(['EMPTY', 'DEAD']);
/** More names say nothing new. */
const shownNames = 5;

/** Asked again when a topic goes away between the questions. */
export async function readEndOffsets(admin: Admin, bootstrap: readonly string[]): Promise<EndOffsets> {
  return await reach(bootstrap, "cannot read the topics' end offsets", async () => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await sumEndOffsets(admin);
      } catch (error) {
        if (attempt === mostAttempts) throw error;
        await sleep(pauseMs);
      }
    }
  });
}

async function sumEndOffsets(admin: Admin): Promise<EndOffsets> {
  const topics = await admin.listTopics();
  if (topics.length === 0) return new Map();
  const { topics: described } = await admin.metadata({ topics, forceUpdate: true });
  const listed = await admin.listOffsets({
    topics: topics.map((name) => ({
      name,
      partitions: [...(described.get(name)?.partitions ?? []).keys()].map((partitionIndex) => ({
        partitionIndex,
        timestamp: latest,
      })),
    })),
  });
  const sums = new Map<string, bigint>();
  for (const { name, partitions } of listed)
    for (const { offset } of partitions) sums.set(name, (sums.get(name) ?? 0n) + offset);
  return sums;
}

export async function readActiveGroups(admin: Admin, bootstrap: readonly string[]): Promise<readonly string[]> {
  return await reach(bootstrap, 'cannot list the groups', async () => {
    const groups = await admin.listGroups({ types: ['classic', 'consumer'] });
    return [...groups.values()].filter(({ state }) => !idleStates.has(state.toUpperCase())).map(({ id }) => id);
  });
}

/** A topic that came up between the looks counts from zero; one that went is no longer written. */
export function foreignUse(before: EndOffsets, after: EndOffsets, activeGroups: readonly string[]): ForeignUse {
  const writtenTopics = [...after].flatMap(([topic, end]) => {
    const records = end - (before.get(topic) ?? 0n);
    return records > 0n ? [{ topic, records }] : [];
  });
  return { writtenTopics, activeGroups };
}

/** In words, one entry a kind of use; empty when nobody uses the cluster. */
export function describeForeignUse({ writtenTopics, activeGroups }: ForeignUse, withinMs: number): readonly string[] {
  const written = writtenTopics.map(({ topic, records }) => `${topic} (${formatCount(Number(records))} records)`);
  return [
    ...(written.length === 0 ? [] : [`within ${formatDurationMs(withinMs)} others wrote to ${shown(written)}`]),
    ...(activeGroups.length === 0 ? [] : [`groups of others have members: ${shown(activeGroups)}`]),
  ];
}

/** Throws CLUSTER_BUSY when somebody uses the cluster. */
export function requireUnused(use: readonly string[], bootstrap: readonly string[]): void {
  if (use.length === 0) return;
  throw new HeadroomError(
    'CLUSTER_BUSY',
    `others use the cluster at ${bootstrap.join(',')}; nothing was written\n${use.map((line) => `  ${line}`).join('\n')}`,
    { hint: 'choose a quiet hour or a cluster of your own; to load it beside them all the same, add --shared' },
  );
}

function shown(names: readonly string[]): string {
  const more = names.length > shownNames ? ` and ${names.length - shownNames} more` : '';
  return `${names.slice(0, shownNames).join(', ')}${more}`;
}
