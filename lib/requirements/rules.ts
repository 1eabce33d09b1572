/**
 * Rules that join topics with each other and with the cluster.
 */
import { topicNameOf } from './derived.ts';
import { type Path, quoted, type Report } from './fault.ts';
import type { Lenient } from './lenient.ts';
import { groupName, nameClashes } from './naming.ts';
import { regionFault } from './regions.ts';
import type { UseCaseFile } from './schema.ts';
import { checkTopic } from './topic-rules.ts';

/** `has` tells whether the file states anything at a path, faulty or not. */
export function checkRules(file: Lenient<UseCaseFile>, has: (path: Path) => boolean, report: Report): void {
  file.topics?.forEach((topic, index) => {
    if (topic === undefined) return;
    const below = (path: Path): Path => ['topics', index, ...path];
    checkTopic(
      topic,
      (path) => has(below(path)),
      (path, expected, remedy, got) => report(below(path), expected, remedy, got),
    );
    checkReplicas(file, index, has, report);
  });
  checkNames(file, has, report);
  checkCluster(file.cluster, report);
}

/** Express keeps one replica in each of three zones; it exists in no other shape. */
export const expressZones = 3;

function checkCluster(cluster: Lenient<UseCaseFile>['cluster'], report: Report): void {
  const { region, target, zones } = cluster ?? {};
  if (target === 'msk-express' && zones !== undefined && zones !== expressZones)
    report(['cluster', 'zones'], `${expressZones} with target msk-express`, 'write zones: 3, or another target');
  const fault = region === undefined ? null : regionFault(region);
  if (fault !== null) report(['cluster', 'region'], 'a region of AWS', fault);
}

function checkReplicas(
  { cluster, topics }: Lenient<UseCaseFile>,
  index: number,
  has: (path: Path) => boolean,
  report: Report,
): void {
  const path = ['topics', index, 'replicas'];
  const brokers = cluster?.brokers;
  const isStated = has(path);
  const replicas = isStated ? topics?.[index]?.replicas : defaultReplicas(cluster);
  if (brokers === undefined || replicas === undefined || replicas <= brokers) return;
  const remedy = 'lower replicas or raise cluster.brokers: each copy needs a broker of its own';
  report(path, `at most cluster.brokers (${brokers})`, remedy, isStated ? undefined : `the default of ${replicas}`);
}

/** Undefined where the target sets its own number, or where what it follows from is faulty. */
function defaultReplicas(cluster: Lenient<UseCaseFile>['cluster']): number | undefined {
  if (cluster?.survive === undefined || cluster.target === undefined) return undefined;
  if (cluster.target === 'msk-express' || cluster.target === 'msk-serverless') return undefined;
  return cluster.survive === 'none' ? 1 : 3;
}

const clashExplanations = {
  duplicate: 'a topic name of its own',
  collision: 'a topic name that differs in more than "." and "_", which collide in metric names',
} as const;

function checkNames(file: Lenient<UseCaseFile>, has: (path: Path) => boolean, report: Report): void {
  const topics = file.topics ?? [];
  const names = topics.map((topic) => (topic === undefined ? undefined : topicNameOf(topic)));
  for (const { kind, first, second } of nameClashes(names)) {
    if (kind === 'case') continue;
    const path = ['topics', second, ...(has(['topics', second, 'name']) ? ['name'] : [])];
    const remedy = `topics[${first}] is ${quoted(names[first] ?? '')} already, rename one`;
    report(path, clashExplanations[kind], remedy, quoted(names[second] ?? ''));
  }
  const groups = new Map<string, string>();
  topics.forEach((topic, index) => {
    topic?.consumers?.forEach((consumer, position) => {
      const name = names[index];
      // Equal topics, or a service listed twice, have been reported as such.
      if (consumer?.service === undefined || name === undefined || names.indexOf(name) !== index) return;
      const group = groupName(consumer.service, name);
      const owner = groups.get(group);
      if (owner !== undefined && owner !== name) {
        const path = ['topics', index, 'consumers', position, 'service'];
        report(
          path,
          'a consumer group of its own',
          `the group ${quoted(group)} also reads ${quoted(owner)}, rename a service or topic`,
        );
      }
      groups.set(group, name);
    });
  });
}
