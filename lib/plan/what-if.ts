/** A use case with some of its figures changed, as `peak=x3,retention=14d` says. */
import { HeadroomError } from '../errors.ts';
import { nearest } from '../nearest.ts';
import { compare, fromDecimal, multiply, type Rational, toNumber } from '../rational.ts';
import {
  type ConsumerRequirement,
  type Requirements,
  type Survive,
  survivals,
  type TopicRequirement,
} from '../requirements/types.ts';
import { parseDurationMs, parseGrowthPerMonth, parseRate, parseSize } from '../units.ts';

/** A change, or what was expected instead. */
type Change = ((requirements: Requirements) => Requirements) | { readonly expected: string };

/** What can be changed, with an example of each. */
export const whatIfKeys: Readonly<Record<string, string>> = {
  load: 'load=x2 (average and peak)',
  rate: 'rate=x2 or rate=500/s',
  peak: 'peak=x3 or peak=3000/s',
  size: 'size=x2 or size=1 KB',
  retention: 'retention=x2 or retention=14d',
  growth: 'growth=10%/month',
  replicas: 'replicas=3',
  groups: 'groups=+1',
  brokers: 'brokers=6 or brokers=free',
  zones: 'zones=3',
  survive: 'survive=zone',
};

/**
 * Applies the changes from left to right, to every topic alike. `xN` multiplies, anything else replaces.
 * Throws USAGE with every fault listed.
 */
export function whatIf(requirements: Requirements, text: string): Requirements {
  const faults: string[] = [];
  let changed = requirements;
  for (const part of text.split(',').map((piece) => piece.trim())) {
    const [key = '', value = ''] = part.split(/=(.*)/s);
    const change = parseChange(key.trim(), value.trim());
    if (typeof change === 'function') changed = change(changed);
    else faults.push(`${part === '' ? 'nothing' : `"${part}"`}: expected ${change.expected}`);
  }
  if (faults.length > 0)
    throw new HeadroomError('USAGE', `--what-if: ${faults.join('; ')}`, {
      hint: `for instance --what-if peak=x3,retention=14d; known: ${Object.keys(whatIfKeys).join(', ')}`,
    });
  return changed;
}

function parseChange(key: string, value: string): Change {
  const change = Object.hasOwn(changes, key) ? changes[key] : undefined;
  if (change !== undefined) return change(value) ?? { expected: whatIfKeys[key] ?? key };
  const known = nearest(key, Object.keys(changes));
  return {
    expected: known === null ? `one of ${Object.keys(changes).join(', ')}` : `a known figure, did you mean ${known}?`,
  };
}

const changes: Readonly<Record<string, (value: string) => Change | null>> = {
  load: (value) => {
    const factor = factorOf(value);
    return factor === null ? null : everyTopic((topic) => scaled(topic, factor, factor));
  },
  rate: (value) => {
    const factor = factorOf(value);
    if (factor !== null) return everyTopic((topic) => atLeastAverage(scaled(topic, factor, null)));
    const ratePerSec = recordsPerSec(value);
    return ratePerSec === null
      ? null
      : everyTopic((topic) => atLeastAverage({ ...topic, produce: { ...topic.produce, ratePerSec } }));
  },
  peak: (value) => {
    const factor = factorOf(value);
    if (factor !== null) return everyTopic((topic) => atLeastAverage(scaled(topic, null, factor)));
    const peakPerSec = recordsPerSec(value);
    return peakPerSec === null
      ? null
      : everyTopic((topic) => atLeastAverage({ ...topic, produce: { ...topic.produce, peakPerSec } }));
  },
  size: (value) => {
    const bytes = changedNumber(value, (text) => {
      const parsed = parseSize(text);
      return parsed.ok && parsed.value > 0 ? parsed.value : null;
    });
    return bytes === null
      ? null
      : everyTopic((topic) => ({
          ...topic,
          message: { ...topic.message, sizeBytes: Math.max(1, Math.ceil(bytes(topic.message.sizeBytes))) },
        }));
  },
  retention: (value) => {
    const time = changedNumber(value, (text) => {
      const parsed = parseDurationMs(text);
      return parsed.ok ? toNumber(parsed.value) : null;
    });
    return time === null
      ? null
      : everyTopic((topic) =>
          topic.retention.timeMs === null
            ? topic
            : { ...topic, retention: { ...topic.retention, timeMs: Math.ceil(time(topic.retention.timeMs)) } },
        );
  },
  growth: (value) => {
    const parsed = parseGrowthPerMonth(value);
    if (!parsed.ok) return null;
    return everyTopic((topic) => ({ ...topic, produce: { ...topic.produce, growthPerMonth: parsed.value } }));
  },
  replicas: (value) => {
    const replicas = wholeNumber(value);
    return replicas === null ? null : everyTopic((topic) => ({ ...topic, replicas }));
  },
  groups: (value) => {
    const more = value.startsWith('+') ? wholeNumber(value.slice(1)) : null;
    return more === null ? null : everyTopic((topic) => ({ ...topic, consumers: withGroups(topic, more) }));
  },
  brokers: (value) => {
    const brokers = value === 'free' ? null : wholeNumber(value);
    if (brokers === null && value !== 'free') return null;
    return (requirements) => ({ ...requirements, cluster: { ...requirements.cluster, brokers } });
  },
  zones: (value) => {
    const zones = wholeNumber(value);
    return zones === null ? null : (requirements) => ({ ...requirements, cluster: { ...requirements.cluster, zones } });
  },
  survive: (value) =>
    survivals.some((known) => known === value)
      ? (requirements) => ({ ...requirements, cluster: { ...requirements.cluster, survive: value as Survive } })
      : null,
};

function everyTopic(change: (topic: TopicRequirement) => TopicRequirement): Change {
  return (requirements) => ({ ...requirements, topics: requirements.topics.map(change) });
}

function scaled(topic: TopicRequirement, rate: Rational | null, peak: Rational | null): TopicRequirement {
  const { produce } = topic;
  return {
    ...topic,
    produce: {
      ...produce,
      ratePerSec: rate === null ? produce.ratePerSec : multiply(produce.ratePerSec, rate),
      peakPerSec: peak === null ? produce.peakPerSec : multiply(produce.peakPerSec, peak),
    },
  };
}

/** A peak below the average would be no peak. */
function atLeastAverage(topic: TopicRequirement): TopicRequirement {
  const { ratePerSec, peakPerSec } = topic.produce;
  return compare(peakPerSec, ratePerSec) >= 0
    ? topic
    : { ...topic, produce: { ...topic.produce, peakPerSec: ratePerSec } };
}

/** More groups like the topic's first; a topic that nobody reads gets groups that keep up with one thread. */
function withGroups({ consumers, produce }: TopicRequirement, more: number): readonly ConsumerRequirement[] {
  const like = consumers[0] ?? { service: 'reader', ratePerSec: produce.peakPerSec, catchUp: null };
  const added = Array.from({ length: more }, (_, index) => ({
    ...like,
    service: `${like.service}-what-if-${index + 1}`,
  }));
  return [...consumers, ...added];
}

function factorOf(value: string): Rational | null {
  if (!/^x\d+(\.\d+)?$/.test(value)) return null;
  const factor = fromDecimal(value.slice(1));
  return factor.numerator === 0n ? null : factor;
}

function changedNumber(value: string, absolute: (text: string) => number | null): ((old: number) => number) | null {
  const factor = factorOf(value);
  if (factor !== null) return (old) => old * toNumber(factor);
  const replaced = absolute(value);
  return replaced === null ? null : () => replaced;
}

function recordsPerSec(value: string): Rational | null {
  const parsed = parseRate(value);
  return parsed.ok && parsed.value.kind === 'records' && parsed.value.perSec.numerator > 0n
    ? parsed.value.perSec
    : null;
}

function wholeNumber(value: string): number | null {
  return /^[1-9]\d{0,5}$/.test(value) ? Number(value) : null;
}
