/**
 * A k6 script: the load of one phase, a scenario a topic at a constant arrival rate. It runs on the k6 of this folder and on one
 * with xk6-kafka. What to send is in the file that HEADROOM_PLAN names (script-plan.ts), with the thresholds of the use case.
 */
import { scenario } from 'k6/execution';
import { Trend } from 'k6/metrics';
import { SCHEMA_TYPE_STRING, SchemaRegistry, Writer } from 'k6/x/kafka';
import type { ScriptPlan, ScriptTopic } from './script-plan.ts';

const plan = JSON.parse(open(__ENV.HEADROOM_PLAN ?? '')) as ScriptPlan;
export const options = plan.options;

/** From the slot of an iteration to the acknowledgement of its records, in whole milliseconds as the clock here counts. */
const publish = new Trend('headroom_publish', true);
/** Enough keys for the records to reach every broker. */
const connectingRecords = 100;
const registry = new SchemaRegistry();
const topics = new Map(
  Object.entries(plan.topics).map(([name, topic]) => {
    // As many connections as the use case has producers, shared by the virtual users.
    return [name, { ...topic, client: new Writer({ ...topic.writer, instance: __VU % topic.producers }) }] as const;
  }),
);

/** Connects every producer by records without an id, which nobody counts: a cold start would drop iterations. */
export function setup(): void {
  for (const [, topic] of topics) {
    const { writer, producers, records, idOffset, idDigits } = topic;
    const messages = records.slice(0, connectingRecords).map(({ key, value }) => {
      const message = { value: bytesOf(replaced(value, idOffset, '-'.repeat(idDigits))) };
      return key === null ? message : { ...message, key: bytesOf(key) };
    });
    for (let instance = 0; instance < producers; instance += 1)
      new Writer({ ...writer, instance }).produce({ messages });
  }
}

export function send(): void {
  const name = __ENV.HEADROOM_TOPIC ?? '';
  const topic = topics.get(name);
  if (topic === undefined) throw new Error(`no topic ${name} in the plan`);
  const { startTime, iterationInTest } = scenario;
  // biome-ignore lint/suspicious/noConsole: k6's log is how a script tells whoever started it.
  if (iterationInTest === 0) console.log(`began ${name} ${startTime}`);
  const { recordsPerIteration } = topic;
  const firstId = topic.firstId + iterationInTest * recordsPerIteration;
  const nowMs = Date.now();
  const messages = Array.from({ length: recordsPerIteration }, (_, index) => messageOf(topic, firstId + index, nowMs));
  topic.client.produce({ messages });
  publish.add(Date.now() - (startTime + iterationInTest * topic.everyMs), { topic: name });
}

function messageOf({ records, idOffset, idDigits, timestampOffset }: ScriptTopic, id: number, nowMs: number) {
  const { key, value } = records[id % records.length] ?? { key: null, value: '' };
  let text = replaced(value, idOffset, id.toString(16).padStart(idDigits, '0'));
  if (timestampOffset !== null) {
    text = replaced(text, timestampOffset, new Date(nowMs).toISOString().slice(0, 19).replace('T', '-'));
  }
  const message = { value: bytesOf(text), time: new Date(nowMs) };
  return key === null ? message : { ...message, key: bytesOf(key) };
}

function replaced(text: string, offset: number, part: string): string {
  return text.slice(0, offset) + part + text.slice(offset + part.length);
}

function bytesOf(data: string): Uint8Array {
  return registry.serialize({ data, schemaType: SCHEMA_TYPE_STRING });
}

export function handleSummary(data: unknown): Record<string, string> {
  return { [__ENV.HEADROOM_SUMMARY ?? 'summary.json']: JSON.stringify(data) };
}
