/** What the script load.k6.ts is told: scenarios and thresholds in k6's own words, and the records of each topic. */
import { acksValues } from '../drivers/acks.ts';
import type { ProgramSpec, ProgramTopic } from '../drivers/program.ts';

/** Iterations a second that k6 starts of one topic; above, an iteration hands over several records that are due together. */
const mostIterationsPerSec = 1_000;
/** Virtual users cover a publish latency of this much, as far as there are enough. Beyond it k6 drops iterations, and the run says so. */
const coveredMs = 1_000;
/** Each is a JavaScript engine of its own, of some MB. */
const mostUsers = 300;
const leastUsers = 10;
const nanosPerMs = 1_000_000;

export interface ScriptTopic {
  /** Of the constructor of a Writer, in xk6-kafka's words. */
  readonly writer: object;
  readonly producers: number;
  readonly firstId: number;
  readonly recordsPerIteration: number;
  /** Between two iterations. */
  readonly everyMs: number;
  readonly records: ProgramTopic['records'];
  readonly idOffset: number;
  readonly idDigits: number;
  readonly timestampOffset: number | null;
}

export interface ScriptPlan {
  readonly options: object;
  readonly topics: Readonly<Record<string, ScriptTopic>>;
}

/** Records due together, so that k6 can start the iterations. */
export function recordsPerIteration(ratePerSec: number): number {
  return Math.max(1, Math.ceil(ratePerSec / mostIterationsPerSec));
}

export function scriptPlan(spec: ProgramSpec): ScriptPlan {
  const { topics, durationMs, publishP99Ms } = spec;
  return {
    options: {
      scenarios: Object.fromEntries(topics.map((topic) => [topic.topic, scenarioOf(topic, durationMs)])),
      thresholds: {
        dropped_iterations: ['count==0'],
        kafka_writer_error_count: ['count==0'],
        ...(publishP99Ms === null
          ? {}
          : Object.fromEntries(
              topics.map(({ topic }) => [`headroom_publish{topic:${topic}}`, [`p(99)<=${publishP99Ms}`]]),
            )),
      },
      summaryTrendStats: ['count', 'med', 'p(90)', 'p(99)', 'p(99.9)', 'max'],
    },
    topics: Object.fromEntries(topics.map((topic) => [topic.topic, scriptTopic(topic, spec)])),
  };
}

function scenarioOf({ topic, ratePerSec }: ProgramTopic, durationMs: number): object {
  const perSec = ratePerSec / recordsPerIteration(ratePerSec);
  const users = Math.min(mostUsers, Math.max(leastUsers, Math.ceil((perSec * coveredMs) / 1_000)));
  // k6 takes whole iterations a time unit: nanoseconds carry any rate.
  const iterationsPerUnit = 1_000_000;
  return {
    executor: 'constant-arrival-rate',
    exec: 'send',
    rate: iterationsPerUnit,
    timeUnit: `${Math.round((iterationsPerUnit / perSec) * 1e9)}ns`,
    duration: `${Math.ceil(durationMs)}ms`,
    preAllocatedVUs: users,
    maxVUs: users,
    gracefulStop: '30s',
    env: { HEADROOM_TOPIC: topic },
  };
}

function scriptTopic(topic: ProgramTopic, { target }: ProgramSpec): ScriptTopic {
  const { acks, idempotent, compression, deliveryTimeoutMs } = topic.settings;
  const { ratePerSec, records, idOffset, idDigits, timestampOffset, firstId, producers } = topic;
  const together = recordsPerIteration(ratePerSec);
  return {
    writer: {
      brokers: target.bootstrap,
      topic: topic.topic,
      clientId: target.clientId,
      requiredAcks: acksValues[acks],
      idempotent,
      ...(compression === 'none' ? {} : { compression }),
      batchTimeout: topic.lingerMs * nanosPerMs,
      batchBytes: topic.batchBytes,
      deliveryTimeout: deliveryTimeoutMs * nanosPerMs,
    },
    producers,
    firstId,
    recordsPerIteration: together,
    everyMs: (together * 1_000) / ratePerSec,
    records,
    idOffset,
    idDigits,
    timestampOffset,
  };
}
