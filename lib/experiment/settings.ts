/** What may vary in an experiment: every setting that the harness applies itself or sets on the topic, by Kafka's own name. */
import type { SettingValue } from './types.ts';

export type SettingPlace = 'driver' | 'producer' | 'topic' | 'load';

interface Choice {
  readonly place: SettingPlace;
  readonly kind: 'choice';
  readonly choices: readonly string[];
}

interface Whole {
  readonly place: SettingPlace;
  readonly kind: 'whole';
  readonly unit: string;
  readonly least: number;
  readonly most: number;
}

interface Flag {
  readonly place: SettingPlace;
  readonly kind: 'flag';
}

export type VariableSetting = Choice | Whole | Flag;

/** Ranges are Kafka's own where it has one (https://kafka.apache.org/documentation/#producerconfigs). */
export const variableSettings: Readonly<Record<string, VariableSetting>> = {
  driver: { place: 'driver', kind: 'choice', choices: ['engine', '@platformatic/kafka', 'kafkajs'] },
  acks: { place: 'producer', kind: 'choice', choices: ['0', '1', 'all'] },
  'enable.idempotence': { place: 'producer', kind: 'flag' },
  'max.in.flight.requests.per.connection': whole('producer', 'requests', 1, 1_000),
  'linger.ms': whole('producer', 'ms', 0, 60_000),
  'batch.size': whole('producer', 'bytes', 0, 16_777_216),
  'buffer.memory': whole('producer', 'bytes', 65_536, 1_073_741_824),
  'compression.type': { place: 'producer', kind: 'choice', choices: ['none', 'gzip', 'snappy', 'lz4', 'zstd'] },
  partitions: whole('topic', 'partitions', 1, 10_000),
  'replication.factor': whole('topic', 'replicas', 1, 7),
  'min.insync.replicas': whole('topic', 'replicas', 1, 7),
  'message.size': whole('load', 'bytes', 32, 1_000_000),
  rate: whole('load', 'records/s', 1, 1_000_000),
  producers: whole('load', 'producers', 1, 64),
  groups: whole('load', 'consumer groups', 0, 16),
};

function whole(place: SettingPlace, unit: string, least: number, most: number): Whole {
  return { place, kind: 'whole', unit, least, most };
}

/** Reads one value; a string is the fault in words, without the setting's name. */
export function readValue(setting: VariableSetting, text: string): { readonly value: SettingValue } | string {
  if (setting.kind === 'choice') {
    return setting.choices.includes(text)
      ? { value: text }
      : `"${text}" is not one of its values: ${setting.choices.join(', ')}`;
  }
  if (setting.kind === 'flag') {
    return text === 'true' || text === 'false' ? { value: text === 'true' } : `"${text}" is neither true nor false`;
  }
  const { least, most, unit } = setting;
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  return value >= least && value <= most
    ? { value }
    : `"${text}" is not a whole number of ${unit} from ${least} to ${most}`;
}
