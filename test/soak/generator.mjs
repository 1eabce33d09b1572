/**
 * One process that does nothing but generate, verify and say how much memory it holds:
 * `node --expose-gc generator.mjs '{"ratePerSec":25000,"seconds":120,"bootstrap":["localhost:9092"],"topic":"soak","partitions":6}'`.
 * Without a bootstrap every record is acknowledged at once and handed to the readers, so that only the generator is there; with
 * `"stallSec":[20,50]` none is acknowledged from the one time to the other.
 * Plain JavaScript on the build, as Node 20 runs no TypeScript; a process of its own, as a test runner has memory of its own.
 */
import { readFileSync } from 'node:fs';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { ConsumedRecord } from '../../dist/bench/drivers/driver.js';
import { defaultDriver } from '../../dist/bench/drivers/index.js';
import { openLoad } from '../../dist/bench/load/open-load.js';
import { planUseCase } from '../../dist/lib/plan/plan.js';
import { parseUseCase } from '../../dist/lib/requirements/parse.js';

const sampleEveryMs = 2_000;
const warmUpMs = 2_000;

const { ratePerSec, seconds, bootstrap, topic = 'soak', partitions = 6, stallSec } = JSON.parse(process.argv[2]);
const file = new URL('../../examples/course-events.yaml', import.meta.url);
const [planned] = planUseCase(parseUseCase(readFileSync(file, 'utf8'), 'course-events.yaml')).topics;
const plan = { ...planned, partitions, producer: { ...planned.producer, 'batch.size': 65_536, 'linger.ms': 5 } };

const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);
const session = await openLoad({
  target: { bootstrap: bootstrap ?? [], clientId: 'soak' },
  driver: bootstrap === undefined ? echo() : defaultDriver,
  topics: [{ plan, clusterTopic: topic, groups: [{ name: 'soak', clusterGroup: `CGR-${topic}`, members: 1 }] }],
  seed: 4,
  onIncident: (incident) => say({ incident }),
});
const beganMs = performance.now();
const sampling = setInterval(() => {
  const atSec = (performance.now() - beganMs) / 1_000;
  // The first half shows how high garbage lets it rise, the second what it holds without.
  if (atSec > seconds / 2) globalThis.gc();
  const { rss, heapUsed, external } = process.memoryUsage();
  say({ atSec, rssBytes: rss, heldBytes: heapUsed + external });
}, sampleEveryMs);
const { topics, generator } = await session.run({
  ratePerSec: { [plan.name]: ratePerSec },
  measureMs: seconds * 1_000 - warmUpMs,
  warmUpMinMs: warmUpMs,
  warmUpMaxMs: warmUpMs,
  drainMaxMs: 15_000,
  stage: 'soak',
  signal: new AbortController().signal,
  onProgress: () => {},
});
clearInterval(sampling);
const [integrity] = session.integrity();
await session.close();
const { achievedPerSec, acknowledged, publish } = topics[0];
say({ achievedPerSec, acknowledged, publishP99Ms: publish.p99Ms, integrity, cpuCores: generator.cpuCores });

function echo() {
  const ends = new Map();
  const readers = [];
  let stall = Promise.resolve();
  if (stallSec !== undefined) {
    const [fromSec, toSec] = stallSec;
    setTimeout(() => (stall = sleep((toSec - fromSec) * 1_000)), fromSec * 1_000);
  }
  const append = ({ topic: name, partition, records }) => {
    const baseOffset = ends.get(partition) ?? 0;
    ends.set(partition, baseOffset + records.length);
    const read = records.map(({ value }, at) => new ConsumedRecord(name, partition, baseOffset + at, value));
    for (const onRecords of readers) setImmediate(onRecords, read);
    return { topic: name, partition, baseOffset };
  };
  return {
    name: 'echo',
    version: '1',
    compressions: ['none'],
    // As with the engine and an idempotent producer.
    maxOutstandingSends: () => 1,
    createProducer: async () => ({
      send: async (batches) => {
        await stall;
        // As over a network: what is acknowledged at once never lets the readers have their turn.
        await nextTurn();
        return batches.map(append);
      },
      close: async () => {},
    }),
    createConsumer: async (_target, _settings, onRecords) => {
      readers.push(onRecords);
      return { close: async () => {} };
    },
  };
}
