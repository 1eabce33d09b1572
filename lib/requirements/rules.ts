/**
 * Rules that join topics with each other, with the cluster and with what is judged.
 */
import { topicNameOf } from './derived.ts';
import { type Path, quoted, type Report } from './fault.ts';
import type { Lenient } from './lenient.ts';
import { groupName, nameClashes } from './naming.ts';
import type { UseCaseFile } from './schema.ts';
import { checkTopic } from './topic-rules.ts';

/** `has` tells whether the file states anything at a path, faulty or not. */
export function checkRules(file: Lenient<UseCaseFile>, has: (path: Path) => boolean, report: Report): void {
  checkCluster(file, report);
  file.topics?.forEach((topic, index) => {
    if (topic === undefined) return;
    const below = (path: Path): Path => ['topics', index, ...path];
    checkTopic(
      topic,
      (path) => has(below(path)),
      (path, expected, remedy, got) => report(below(path), expected, remedy, got),
    );
    checkReplicas(file, index, report);
  });
  checkNames(file, has, report);
  checkSlo(file, report);
}

function checkCluster({ cluster }: Lenient<UseCaseFile>, report: Report): void {
  const zones = cluster?.zones;
  if (zones === undefined) return;
  // Amazon MSK developer guide, Express brokers.
  if (cluster?.target === 'msk-express' && zones !== 3) {
    report(
      ['cluster', 'zones'],
      '3 with target: msk-express',
      'write zones: 3, Express brokers always span three',
      `"${zones}"`,
    );
  }
}

function checkReplicas(file: Lenient<UseCaseFile>, index: number, report: Report): void {
  const brokers = file.cluster?.brokers;
  const replicas = file.topics?.[index]?.replicas;
  if (brokers === undefined || replicas === undefined || replicas <= brokers) return;
  const remedy = 'lower replicas or raise cluster.brokers: each copy needs a broker of its own';
  report(['topics', index, 'replicas'], `at most cluster.brokers (${brokers})`, remedy);
}

const clashExplanations = {
  duplicate: 'a topic name of its own',
  collision: 'a topic name that differs in more than "." and "_", which collide in metric names',
  case: 'a topic name that differs in more than case',
} as const;

function checkNames(file: Lenient<UseCaseFile>, has: (path: Path) => boolean, report: Report): void {
  const topics = file.topics ?? [];
  const names = topics.map((topic) => (topic === undefined ? undefined : topicNameOf(topic)));
  for (const { kind, first, second } of nameClashes(names)) {
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

function checkSlo({ slo, topics }: Lenient<UseCaseFile>, report: Report): void {
  if (topics === undefined || topics.some((topic) => topic === undefined || topic.consumers?.length !== 0)) return;
  const remedy = 'add consumers to a topic, or remove it: without a consumer it cannot be measured';
  if (slo?.endToEnd !== undefined) report(['slo', 'endToEnd'], 'a topic with consumers', remedy, 'none');
  if (slo?.lag !== undefined) report(['slo', 'lag'], 'a topic with consumers', remedy, 'none');
}
