/** The load that the use case states, as numbers a harness can drive. */
import { toNumber } from '../rational.ts';
import { keyBytes } from '../requirements/envelope.ts';
import { eventTypeOf, eventTypeOfName } from '../requirements/naming.ts';
import type { TopicRequirement } from '../requirements/types.ts';
import { wireRatio } from './traffic.ts';
import type { TopicLoad, Why } from './types.ts';

export function planLoad(topic: TopicRequirement): { load: TopicLoad; why: readonly Why[] } {
  const { message, produce, retention } = topic;
  const load: TopicLoad = {
    averagePerSec: toNumber(produce.ratePerSec),
    peakPerSec: toNumber(produce.peakPerSec),
    producers: produce.producers,
    messageSizeBytes: message.sizeBytes,
    keyBytes: message.key === null ? 0 : Math.min(keyBytes, message.sizeBytes),
    keyField: message.key,
    keys: retention.keys,
    envelope: message.envelope,
    eventType: eventType(topic),
    privateFields: message.private,
    compressionRatio: toNumber(wireRatio(message)),
    growthPerMonth: toNumber(produce.growthPerMonth),
  };
  const why: Why = {
    figure: 'load.keyBytes',
    value: load.keyBytes,
    unit: 'bytes',
    formula: `${keyBytes} with a key but no more than the message has, 0 without`,
    inputs: { key: message.key ?? 'none' },
    source: 'record keys of the load are 8 digits: the use case names the key field, not its size',
  };
  return { load, why: [why] };
}

function eventType({ name, service, entity, action }: TopicRequirement): string {
  return service === null || action === null ? eventTypeOfName(name) : eventTypeOf({ service, entity, action });
}
