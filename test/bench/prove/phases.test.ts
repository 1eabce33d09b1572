import { describe, expect, it } from 'vitest';
import { maxProducersPerTopic } from '../../../bench/load/driven-plan.ts';
import { loadTopicOf, maxMembersPerGroup } from '../../../bench/prove/phases.ts';
import type { TopicPlan } from '../../../lib/plan/types.ts';
import { exampleTopic } from '../example-plan.ts';

const plan = exampleTopic();

function notesOf(topic: TopicPlan): readonly string[] {
  const notes: string[] = [];
  loadTopicOf(
    topic,
    (name) => `run-${name}`,
    (note) => notes.push(note),
  );
  return notes;
}

const withProducers = (producers: number): TopicPlan => ({ ...plan, load: { ...plan.load, producers } });

describe('loadTopicOf', () => {
  it('has the groups fetch as planned', () => {
    const planned = { ...plan.consumer, 'isolation.level': 'read_committed', 'fetch.min.bytes': 4_096 };
    const { consumer } = loadTopicOf(
      { ...plan, consumer: planned },
      (name) => name,
      () => {},
    );
    expect(consumer).toEqual({
      'isolation.level': 'read_committed',
      'fetch.min.bytes': 4_096,
      'fetch.max.wait.ms': plan.consumer['fetch.max.wait.ms'],
      'fetch.max.bytes': plan.consumer['fetch.max.bytes'],
      'max.partition.fetch.bytes': plan.consumer['max.partition.fetch.bytes'],
    });
  });

  it('notes that fewer producers run than planned, at the same rate', () => {
    expect(notesOf(withProducers(500))).toEqual([
      expect.stringMatching(/written by 64 producer clients instead of the 500 planned, at the same rate/),
    ]);
    expect(notesOf(withProducers(maxProducersPerTopic))).toEqual([]);
  });

  it('notes that fewer members run than planned', () => {
    const groups = plan.groups.map((group) => ({ ...group, threads: maxMembersPerGroup + 1 }));
    const notes = notesOf({ ...plan, groups });
    expect(notes).toHaveLength(groups.length);
    expect(notes[0]).toContain(`ran with ${maxMembersPerGroup} members instead of the ${maxMembersPerGroup + 1}`);
  });

  it('reads a topic without consumers back with a group of its own, and says so', () => {
    const notes: string[] = [];
    const topic = { ...plan, groups: [] };
    const { groups } = loadTopicOf(
      topic,
      (name) => `run-${name}`,
      (note) => notes.push(note),
    );
    const name = `CGR-headroom-${topic.name}`;
    expect(groups).toEqual([{ name, clusterGroup: `run-${name}`, members: 1 }]);
    expect(notes).toEqual([expect.stringMatching(/no consumers: a group of Headroom's own read it back/)]);
  });
});
