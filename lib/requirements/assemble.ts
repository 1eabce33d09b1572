/**
 * From a file without faults to requirements: defaults that depend on other keys, rates in records, names by the rule.
 */
import { formatBytes } from '../units.ts';
import { hasEnvelope, recordsPerSec, topicNameOf } from './derived.ts';
import { minimumPlainBytes } from './envelope.ts';
import { isPastTense, nameClashes, topicNameRemark } from './naming.ts';
import type { UseCaseFile } from './schema.ts';
import type { TopicEntry } from './topic-schema.ts';
import type { Requirements, TopicRequirement, Warning } from './types.ts';

export function assemble(file: UseCaseFile): Requirements {
  const { apiVersion, useCase, description, cluster, storage, slo } = file;
  return {
    apiVersion,
    useCase,
    description,
    cluster: { ...cluster, region: cluster.region ?? null, brokers: cluster.brokers ?? null },
    storage,
    topics: file.topics.map(assembleTopic),
    slo: {
      publishP99Ms: slo.publish?.p99 ?? null,
      endToEndP99Ms: slo.endToEnd?.p99 ?? null,
      lagMaxRecords: slo.lag?.max ?? null,
      costMaxUsdPerMonth: slo.cost?.max ?? null,
    },
    warnings: [
      ...file.topics.flatMap((topic, index) => topicWarnings(topic, `topics[${index}]`)),
      ...caseWarnings(file.topics),
      ...sloWarnings(file),
    ],
  };
}

function assembleTopic(topic: TopicEntry): TopicRequirement {
  const { message, produce, retention, guarantee } = topic;
  const ratePerSec = recordsPerSec(produce.rate, message.size);
  return {
    name: topicNameOf(topic) ?? '',
    service: topic.service ?? null,
    entity: topic.entity ?? null,
    action: topic.action ?? null,
    message: {
      sizeBytes: message.size,
      key: message.key ?? null,
      compression: message.compression,
      ratio: message.ratio,
      private: message.private,
      envelope: hasEnvelope(message),
    },
    produce: {
      ratePerSec,
      peakPerSec: produce.peak === undefined ? ratePerSec : recordsPerSec(produce.peak, message.size),
      producers: produce.producers,
      growthPerMonth: produce.growth,
    },
    handover: topic.handover,
    retention: {
      cleanup: retention.cleanup,
      timeMs: retention.time ?? null,
      guaranteedMs: retention.guaranteed ?? null,
      keys: retention.keys ?? null,
    },
    reuse: topic.reuse,
    replicas: topic.replicas ?? null,
    guarantee: { ...guarantee, order: guarantee.order ?? (message.key === undefined ? 'none' : 'key') },
    consumers: topic.consumers.map(({ service, rate, catchUp, threads }) => ({
      service,
      ratePerSec: recordsPerSec(rate, message.size),
      catchUp: catchUp === undefined ? null : { outageMs: catchUp.outage, withinMs: catchUp.within },
      ...(threads === undefined ? {} : { threads }),
    })),
  };
}

/** `message.max.bytes` of a broker that nobody changed: Apache Kafka 4.3 documentation, broker configs. */
const defaultMaxMessageBytes = 1_048_588;

function topicWarnings(topic: TopicEntry, path: string): readonly Warning[] {
  const name = topicNameOf(topic) ?? '';
  const warnings: Warning[] = [];
  const warn = (code: string, key: string, message: string, remedy: string): void => {
    warnings.push({ code, path: `${path}.${key}`, message, remedy });
  };
  if (topic.action === undefined) {
    const message = `the topic "${name}" is given by its name alone, so the naming rule cannot be checked`;
    warn('TOPIC_NAME_UNCHECKED', 'name', message, 'state service, entity and action');
  } else if (!isPastTense(topic.action)) {
    const message = `the action "${topic.action}" is not in the past tense, an event says what has happened`;
    warn('ACTION_NOT_PAST_TENSE', 'action', message, 'use a past tense such as Changed or Sent');
  }
  if (topic.action !== undefined && /^[a-z]/.test(topic.action)) {
    const message = `the action "${topic.action}" begins in lower case, which makes the name "${name}" hard to read`;
    warn(
      'ACTION_LOWER_CASE',
      'action',
      message,
      `write ${topic.action.charAt(0).toUpperCase()}${topic.action.slice(1)}`,
    );
  }
  const remark = topicNameRemark(name);
  if (remark !== null) {
    warn('TOPIC_NAME_UNUSUAL', topic.name === undefined ? 'service' : 'name', remark, `rename the topic "${name}"`);
  }
  const measurable = minimumPlainBytes(topic.message.key !== undefined);
  if (!hasEnvelope(topic.message) && topic.message.size < measurable) {
    const message = `messages of ${topic.message.size} B can be planned but not proven: the key and the id that count them take ${measurable} B`;
    warn('MESSAGE_TOO_SMALL_TO_PROVE', 'message.size', message, `write at least ${measurable} B to prove the use case`);
  }
  if (topic.message.private.length > 0 && !hasEnvelope(topic.message)) {
    const message = 'private fields without an envelope: a load has no such fields, so a proof cannot look for them';
    warn('PRIVATE_WITHOUT_ENVELOPE', 'message.private', message, 'write envelope: true, or leave it out');
  }
  if (topic.message.size > defaultMaxMessageBytes) {
    const message = `messages of ${formatBytes(topic.message.size)} exceed what a broker takes by default (1 MiB)`;
    warn('MESSAGE_LARGE', 'message.size', message, 'store the payload elsewhere and send its address');
  }
  return warnings;
}

/** Two topics to Kafka; one folder to a disk that does not tell case apart, and one name to most readers. */
function caseWarnings(topics: readonly TopicEntry[]): readonly Warning[] {
  const names = topics.map((topic) => topicNameOf(topic) ?? '');
  return nameClashes(names)
    .filter(({ kind }) => kind === 'case')
    .map(({ first, second }) => ({
      code: 'TOPIC_NAMES_DIFFER_IN_CASE',
      path: `topics[${second}]${topics[second]?.name === undefined ? '' : '.name'}`,
      message: `the topics "${names[first]}" and "${names[second]}" differ only in upper and lower case`,
      remedy: 'rename one, so that nobody takes it for the other',
    }));
}

/** What only a consumer shows stays inconclusive when no topic has one. */
function sloWarnings({ slo, topics }: UseCaseFile): readonly Warning[] {
  if (topics.some(({ consumers }) => consumers.length > 0)) return [];
  return (['endToEnd', 'lag'] as const)
    .filter((key) => slo[key] !== undefined)
    .map((key) => ({
      code: 'SLO_WITHOUT_CONSUMERS',
      path: `slo.${key}`,
      message: 'no topic has consumers, so this cannot be measured: a proof stays inconclusive',
      remedy: 'add consumers to a topic, or remove it',
    }));
}
