/** How a topic takes a change, on every target: what Kafka does in place, what it never does, what moves keys or deletes records. */
import type { Effect } from './types.ts';

export interface TopicChange {
  /** `partitions`, `replicationFactor` or the name of a setting. */
  readonly setting: string;
  readonly before: string | null;
  readonly after: string | null;
}

export interface TopicJudgement {
  readonly effect: Effect;
  readonly reason: string;
}

export function judgeTopic({ setting, before, after }: TopicChange): TopicJudgement {
  const [old, new_] = [Number(before), Number(after)];
  switch (setting) {
    case 'partitions':
      return new_ < old
        ? { effect: 'refused', reason: 'Kafka never removes partitions: keep them, or make a topic of another name' }
        : { effect: 'inPlace', reason: 'keys move to other partitions: their order breaks across the change' };
    case 'replicationFactor':
      return {
        effect: 'refused',
        reason: 'replicas of a topic that is there change by kafka-reassign-partitions alone',
      };
    case 'retention.ms':
    case 'retention.bytes':
      // -1 keeps everything.
      return new_ >= 0 && (old < 0 || new_ < old || before === null)
        ? { effect: 'inPlace', reason: 'older records are deleted' }
        : { effect: 'inPlace', reason: '' };
    case 'cleanup.policy':
      return {
        effect: 'inPlace',
        reason: `records are ${after === 'compact' ? 'compacted by key' : 'deleted by age'} from now on`,
      };
    case 'remote.storage.enable':
      return after === 'true'
        ? { effect: 'inPlace', reason: 'once switched off for a topic it stays off' }
        : { effect: 'refused', reason: 'what lies in tiered storage is deleted, and a topic never gets it again' };
    default:
      return { effect: 'inPlace', reason: '' };
  }
}
