/**
 * Rules that join several keys of one topic. A value that is missing here has been reported already, or is allowed to be.
 */
import { compare, multiply, type Rational, rational } from '../rational.ts';
import { type LenientTopic, recordsPerSec, retainedBytesOf, topicNameOf } from './derived.ts';
import { type Path, quoted, type Report } from './fault.ts';
import { checkMessage } from './message-rules.ts';
import { topicNameFault } from './naming.ts';

/** The plan never closes segments sooner; MSK's tiered storage does not take shorter ones either. */
export const shortestSegmentMs = 600_000;

export function checkTopic(topic: LenientTopic, has: (path: Path) => boolean, report: Report): void {
  checkName(topic, has, report);
  checkMessage(topic, report);
  checkProduce(topic, report);
  checkRetention(topic, has, report);
  checkClients(topic, report);
}

function checkName(topic: LenientTopic, has: (path: Path) => boolean, report: Report): void {
  const givesRule = has(['service']) || has(['entity']) || has(['action']);
  if (!givesRule && !has(['name'])) {
    report([], 'service and action, or a name', 'add for instance service: category and action: Changed', 'neither');
  }
  if (givesRule && !has(['service'])) {
    report(['service'], 'the service that writes', 'add service: the naming rule needs service and action');
  }
  if (givesRule && !has(['action'])) {
    report(['action'], 'an action in the past tense', 'add for instance action: Changed, the naming rule needs it');
  }
  const rule = topicNameOf(topic);
  if (rule === undefined) return;
  const fault = topicNameFault(rule);
  if (fault !== null) {
    const path = rule === topic.name ? ['name'] : ['service'];
    report(path, fault.expected, fault.remedy, rule === topic.name ? undefined : quoted(rule));
  }
  if (topic.name !== undefined && topic.name !== rule) {
    report(['name'], `the name by the naming rule, ${quoted(rule)}`, `write name: ${rule}, or leave the name out`);
  }
}

function checkProduce(topic: LenientTopic, report: Report): void {
  const size = topic.message?.size;
  const { rate, peak } = topic.produce ?? {};
  if (rate === undefined) return;
  const peakRate = peak ?? rate;
  // Rates of the same kind can be compared even when the size is the fault.
  const sizeBytes = size ?? (rate.kind === peakRate.kind ? 1 : undefined);
  if (sizeBytes === undefined) return;
  const average = recordsPerSec(rate, sizeBytes);
  const highest = recordsPerSec(peakRate, sizeBytes);
  if (compare(highest, average) < 0) {
    report(
      ['produce', 'peak'],
      'a peak of at least produce.rate',
      'raise the peak, or leave it out: it defaults to the rate',
    );
  }
  if (size === undefined) return;
  const { retention, replicas = 3 } = topic;
  const sums = [
    multiply(highest, rational(size)),
    retainedBytesOf(average, size, retention?.time ?? 0, replicas),
    multiply(rational(retention?.keys ?? 0), rational(size), rational(replicas)),
  ];
  if (sums.some(isAbsurd)) {
    const remedy = 'this is absurd: what is written or kept comes to more than 2^53 bytes, check the units';
    report(['produce', 'rate'], 'a rate that can be planned for', remedy);
  }
}

function isAbsurd(bytes: Rational): boolean {
  return compare(bytes, rational(Number.MAX_SAFE_INTEGER)) > 0;
}

function checkRetention(topic: LenientTopic, has: (path: Path) => boolean, report: Report): void {
  const { retention } = topic;
  if (retention === undefined) return;
  const { time, guaranteed, cleanup } = retention;
  const hasTime = has(['retention', 'time']);
  if (cleanup === 'delete' && !hasTime) {
    report(['retention', 'time'], 'a duration such as 7d', 'state how long messages are kept, for instance time: 7d');
  }
  if (cleanup === 'delete' && time !== undefined && time < shortestSegmentMs) {
    report(
      ['retention', 'time'],
      'at least 10m, the shortest segment',
      'keep it longer: Kafka deletes whole segments, and shorter ones cost more files than they free',
    );
  }
  if (cleanup === 'compact' && !has(['retention', 'keys'])) {
    report(
      ['retention', 'keys'],
      'the number of distinct keys',
      'add for instance keys: 1000000, it gives the size kept',
    );
  }
  if (cleanup === 'delete' && has(['retention', 'keys'])) {
    report(['retention', 'keys'], 'no number of keys with cleanup: delete', 'remove it, or write cleanup: compact');
  }
  if (cleanup === 'compact' && !has(['message', 'key'])) {
    report(
      ['retention', 'cleanup'],
      'delete for messages without a key',
      'add message.key: compaction keeps one message a key',
    );
  }
  if (cleanup === 'compact' && guaranteed !== undefined && !hasTime) {
    report(['retention', 'guaranteed'], 'a retention.time beside it', 'add time, or remove it: compaction has no time');
  }
  if (time !== undefined && guaranteed !== undefined && guaranteed > time) {
    report(['retention', 'guaranteed'], 'at most retention.time', 'raise time or lower guaranteed');
  }
}

function checkClients(topic: LenientTopic, report: Report): void {
  const services = (topic.consumers ?? []).map((consumer) => consumer?.service);
  services.forEach((service, index) => {
    if (service === undefined || services.indexOf(service) === index) return;
    const remedy = 'put both into one entry: a service reads a topic with one consumer group';
    report(['consumers', index, 'service'], 'each consuming service once', remedy);
  });
  const reuse = topic.reuse ?? [];
  reuse.forEach((use, index) => {
    if (use === undefined || reuse.indexOf(use) === index) return;
    report(['reuse', index], 'each use once', 'remove the second mention');
  });
}
