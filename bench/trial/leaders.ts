import type { Admin } from '@platformatic/kafka';

/** Partitions of the topics that the broker leads now. */
export async function readLeaders(admin: Admin, topics: readonly string[], broker: number): Promise<number> {
  const metadata = await admin.metadata({ topics: [...topics], forceUpdate: true });
  return [...metadata.topics.values()].reduce(
    (sum, { partitions }) => sum + partitions.filter(({ leader }) => leader === broker).length,
    0,
  );
}
