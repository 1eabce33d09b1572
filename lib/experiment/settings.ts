/**
 * What may vary in an experiment: every setting that the harness applies itself, hands to the
 * driver, or sets on the topic; by Kafka's own name where it has one.
 */
import type { Settings, SettingValue } from './types.ts';

/** `config`: goes to the topic's own configuration as it is; `consumer`: to the consumers of whatever driver. */
export type SettingPlace = 'driver' | 'producer' | 'consumer' | 'topic' | 'config' | 'load';

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

/** Of a whole, 0 to 1. */
interface Share {
  readonly place: SettingPlace;
  readonly kind: 'share';
}

interface Flag {
  readonly place: SettingPlace;
  readonly kind: 'flag';
}

export type VariableSetting = Choice | Whole | Share | Flag;

/** Ranges are Kafka's own where it has one (https://kafka.apache.org/documentation/#configuration). */
export const variableSettings: Readonly<Record<string, VariableSetting>> = {
  driver: { place: 'driver', kind: 'choice', choices: ['engine', '@platformatic/kafka', 'kafkajs'] },
  acks: { place: 'producer', kind: 'choice', choices: ['0', '1', 'all'] },
  'enable.idempotence': { place: 'producer', kind: 'flag' },
  'max.in.flight.requests.per.connection': whole('producer', 'requests', 1, 1_000),
  'linger.ms': whole('producer', 'ms', 0, 60_000),
  'batch.size': whole('producer', 'bytes', 0, 16_777_216),
  'buffer.memory': whole('producer', 'bytes', 65_536, 1_073_741_824),
  'compression.type': { place: 'producer', kind: 'choice', choices: ['none', 'gzip', 'snappy', 'lz4', 'zstd'] },
  'fetch.min.bytes': whole('consumer', 'bytes', 1, 1_073_741_824),
  'fetch.max.wait.ms': whole('consumer', 'ms', 0, 60_000),
  'fetch.max.bytes': whole('consumer', 'bytes', 1_024, 1_073_741_824),
  'max.partition.fetch.bytes': whole('consumer', 'bytes', 1_024, 1_073_741_824),
  'isolation.level': { place: 'consumer', kind: 'choice', choices: ['read_uncommitted', 'read_committed'] },
  'session.timeout.ms': whole('consumer', 'ms', 6_000, 1_800_000),
  'heartbeat.interval.ms': whole('consumer', 'ms', 100, 60_000),
  partitions: whole('topic', 'partitions', 1, 10_000),
  'replication.factor': whole('topic', 'replicas', 1, 7),
  'min.insync.replicas': whole('topic', 'replicas', 1, 7),
  'flush.messages': whole('config', 'records', 1, 1_000_000_000),
  'flush.ms': whole('config', 'ms', 1, 3_600_000),
  'segment.bytes': whole('config', 'bytes', 1_048_576, 2_147_483_647),
  'segment.ms': whole('config', 'ms', 1_000, 2_592_000_000),
  'index.interval.bytes': whole('config', 'bytes', 128, 1_073_741_824),
  'max.message.bytes': whole('config', 'bytes', 1_024, 104_857_600),
  'message.timestamp.type': { place: 'config', kind: 'choice', choices: ['CreateTime', 'LogAppendTime'] },
  'unclean.leader.election.enable': { place: 'config', kind: 'flag' },
  partitioner: { place: 'load', kind: 'choice', choices: ['key', 'sticky', 'roundRobin'] },
  entropy: { place: 'load', kind: 'share' },
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
  if (setting.kind === 'share') {
    const share = /^[01](\.\d{1,4})?$/.test(text) ? Number(text) : Number.NaN;
    return share <= 1 ? { value: share } : `"${text}" is not a share from 0 to 1, such as 0.5`;
  }
  const { least, most, unit } = setting;
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  return value >= least && value <= most
    ? { value }
    : `"${text}" is not a whole number of ${unit} from ${least} to ${most}`;
}

/** Those of the settings that belong there. */
export function settingsAt(place: SettingPlace, settings: Settings): Settings {
  return Object.fromEntries(Object.entries(settings).filter(([name]) => variableSettings[name]?.place === place));
}
