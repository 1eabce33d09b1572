/**
 * Kafka Streams joins records of two topics only where the same key lies in the same partition of both, so both need as
 * many partitions (and the same partitioner). Streams refuses to start otherwise; other consumers just miss each other.
 */
import type { TopicRequirement, Warning } from '../requirements/types.ts';
import type { TopicPlan } from './types.ts';

/** A service that reads several topics with the same key field may join them: told where their partitions differ. */
export function coPartitioningWarnings(
  topics: readonly TopicRequirement[],
  plans: readonly TopicPlan[],
): readonly Warning[] {
  const read = new Map<string, number[]>();
  topics.forEach(({ message, consumers }, index) => {
    if (message.key === null) return;
    for (const { service } of consumers) {
      const id = JSON.stringify([service, message.key]);
      read.set(id, [...(read.get(id) ?? []), index]);
    }
  });
  return [...read].flatMap(([id, indexes]) => {
    const [service, key] = JSON.parse(id) as [string, string];
    const counts = indexes.map((index) => plans[index]?.partitions ?? 0);
    const most = Math.max(...counts);
    const first = indexes.find((_, at) => counts[at] !== most);
    if (first === undefined) return [];
    const named = indexes.map((index, at) => `${topics[index]?.name} ${counts[at]}`).join(', ');
    return [
      {
        code: 'CO_PARTITIONING_UNEQUAL',
        path: `topics[${first}].consumers`,
        message: `${service} reads topics keyed by ${key} with unequal numbers of partitions (${named}): Kafka Streams cannot join them, equal keys lie in unequal partitions`,
        remedy: `state rates that give all of them ${most} partitions, or join through a repartition topic; of no concern where ${service} joins nothing`,
      },
    ];
  });
}
