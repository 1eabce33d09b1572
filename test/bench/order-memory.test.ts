import { expect, it } from 'vitest';
import { orderMemoryFaults, orderMemoryNotes } from '../../bench/order-memory.ts';
import type { Plan, TopicLoad, TopicPlan } from '../../lib/plan/types.ts';
import { examplePlan, exampleTopic } from './example-plan.ts';

/** With one consumer group. */
const topic = exampleTopic();

function withLoad(load: Partial<TopicLoad>, name = topic.name): TopicPlan {
  return { ...topic, name, load: { ...topic.load, producers: 4, ...load } };
}

function withTopics(...topics: readonly TopicPlan[]): Plan {
  return { ...examplePlan(), topics };
}

it('is told where it is more than the memory promised has room for, and not for one key less', () => {
  expect(orderMemoryNotes(withTopics(withLoad({ keys: 1e6 })), {})).toEqual([]);
  expect(orderMemoryNotes(withTopics(withLoad({ keys: 6e6 })), {})).toEqual([
    'categoryChanged: the order of 6,000,000 keys x 4 producers x 1 consumer group is judged in 96 MB of memory, more than the 16 MB with which the load generator stays within 300 MB; it does with 1,000,000 keys or less, or with fewer producers',
  ]);
  expect(orderMemoryNotes(withTopics(withLoad({ keys: 1e6 + 1 })), {})).toHaveLength(1);
});

it('is refused where one process would hold a gigabyte, and not for one key less', () => {
  const keys = 1e9 / 4 / 4;
  expect(orderMemoryFaults(withTopics(withLoad({ keys })), {})).toEqual([]);
  const [fault] = orderMemoryFaults(withTopics(withLoad({ keys: keys + 1 })), {});
  expect(fault?.message).toMatch(/62,500,001 keys x 4 producers x 1 consumer group .* at most 1 GB are allowed/);
  expect(fault?.remedy).toContain('with 62,500,000 keys or less, or with fewer producers');
});

it('counts all topics, the producers that are opened, the groups, and one of its own where there is none', () => {
  const load = { keys: 2e6 };
  const [note] = orderMemoryNotes(withTopics(withLoad(load), withLoad(load, 'other')), {});
  expect(note).toMatch(/in 32 MB of memory, 64 MB with the other topics, .* 500,000 keys or less, and as much less of/);
  const many = withLoad({ keys: 62_500, producers: 1_000 });
  expect(orderMemoryNotes(withTopics({ ...many, groups: [] }), {})).toEqual([]);
  const twice = { ...many, groups: [...many.groups, ...many.groups] };
  expect(orderMemoryNotes(withTopics(twice), {})[0]).toContain('x 64 producers x 2 consumer groups is judged in 32 MB');
});

it('is that of partitions where records have no key', () => {
  expect(orderMemoryNotes(withTopics(withLoad({ keys: 1e8, keyField: null, keyBytes: 0 })), {})).toEqual([]);
  const keyless = { shape: { keys: { kind: 'none' } } } as const;
  expect(orderMemoryFaults(withTopics(withLoad({ keys: 1e8 })), keyless)).toEqual([]);
});

it('is that of one worker, who has some of the producers', () => {
  const plan = withTopics(withLoad({ keys: 2e6 }));
  expect(orderMemoryNotes(plan, {})).toHaveLength(1);
  expect(orderMemoryNotes(plan, { workers: { count: 2 } })).toEqual([]);
});
