import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compressionsAlgorithms } from '@platformatic/kafka';
import { describe, expect, it } from 'vitest';
import type { Driver } from '../../bench/drivers/driver.ts';
import { drivers } from '../../bench/drivers/index.ts';
import { platformaticDriver } from '../../bench/drivers/platformatic.ts';
import { rdkafkaDriver } from '../../bench/drivers/rdkafka.ts';
import { loadZstd } from '../../bench/engine/zstd.ts';
import { requireCurve, requireProvable, requireShape } from '../../bench/preflight.ts';
import { prove } from '../../bench/prove.ts';
import { runLengths } from '../../bench/run-lengths.ts';
import { topicPrefixOf } from '../../bench/target/manifest.ts';
import { HeadroomError } from '../../lib/errors.ts';
import { singleBatchBytes } from '../../lib/plan/clients/message-bytes.ts';
import type { Plan, TopicLoad, TopicPlan } from '../../lib/plan/types.ts';
import { minimumEnvelopeBytes } from '../../lib/requirements/envelope.ts';
import { examplePlan, exampleTopic } from './example-plan.ts';

const lengths = runLengths({ measureMs: null, tradeOff: true, retention: true });
const bare = runLengths({ measureMs: null, tradeOff: false, retention: false });
const prefix = topicPrefixOf('01234567');
const topic = exampleTopic();

function withTopics(...topics: readonly TopicPlan[]): Plan {
  return { ...examplePlan(), topics };
}

function withLoad(load: Partial<TopicLoad>, name = topic.name): TopicPlan {
  return { ...topic, name, load: { ...topic.load, ...load } };
}

function compressed(compression: TopicPlan['producer']['compression.type']): TopicPlan {
  return { ...topic, producer: { ...topic.producer, 'compression.type': compression } };
}

/** The text of the refusal; empty when there is none. */
function refusal(plan: Plan, driver: Driver = platformaticDriver, runs = lengths): string {
  try {
    requireProvable(plan, driver, runs, prefix);
    return '';
  } catch (error) {
    if (!(error instanceof HeadroomError)) throw error;
    expect(error).toMatchObject({ code: 'USAGE', exitCode: 64 });
    return error.message;
  }
}

describe('requireProvable', () => {
  it.each(['course-events.yaml', 'failing.yaml', 'purchase-history.yaml', 'starter.yaml'])('lets %s pass', (name) => {
    for (const driver of drivers) expect(refusal(examplePlan(name), driver)).toBe('');
  });

  it('names the driver that can write the compression when another one can', () => {
    const text = refusal(withTopics(compressed('zstd')), rdkafkaDriver);
    expect(text).toContain('categoryChanged: compression.type is zstd, the driver node-rdkafka can do none, gzip');
    expect(text).toContain('--driver');
    for (const driver of drivers) {
      expect(text).toContain(driver.name);
      expect(refusal(withTopics(compressed('zstd')), driver)).toBe('');
    }
  });

  it.each([
    ['a key and an id', { envelope: false, keyField: 'id' }, 24],
    ['an id', { envelope: false, keyField: null, keyBytes: 0 }, 16],
    ['an envelope', { envelope: true }, minimumEnvelopeBytes(topic.load)],
  ])('asks for the bytes of %s, and not one more', (_what, load, least) => {
    expect(refusal(withTopics(withLoad({ ...load, messageSizeBytes: least })))).toBe('');
    const text = refusal(withTopics(withLoad({ ...load, messageSizeBytes: least - 1 })));
    expect(text).toContain(`message.size is ${least - 1} B, at least ${least} B are needed`);
  });

  it('refuses a record that no broker takes in a request, and not one byte less', () => {
    const most = 104_857_600 - 1_024;
    const overhead = singleBatchBytes({ ...topic.load, messageSizeBytes: most }) - most;
    expect(refusal(withTopics(withLoad({ messageSizeBytes: most - overhead })))).toBe('');
    expect(refusal(withTopics(withLoad({ messageSizeBytes: most - overhead + 1 })))).toMatch(
      /message\.size is 104,856,\d+ B, a record of at most 104,856,576 B is allowed: .*socket\.request\.max\.bytes/,
    );
  });

  it('refuses sizes beyond what the topic takes, as the broker would each of them', () => {
    const large = 1_100_000;
    const sizes = [
      { bytes: large, weight: 1 },
      { bytes: 200, weight: 999 },
    ];
    const mixed = withLoad({ messageSizeBytes: 1_300 });
    const roomy = { ...mixed, config: { ...mixed.config, 'max.message.bytes': 2_097_152 } };
    requireShape(withTopics(roomy), { sizes });
    expect(() => requireShape(withTopics(mixed), { sizes })).toThrow(
      /--sizes: records of 1,100,000 B, .* more than categoryChanged takes: its max\.message\.bytes is 1,048,588 B/,
    );
  });

  it('refuses keys that eight digits cannot show, and only where records have a key', () => {
    expect(refusal(withTopics(withLoad({ keys: 1e8 })))).toContain('retention.keys is 100,000,000, fewer than');
    expect(refusal(withTopics(withLoad({ keys: 1e8 - 1, producers: 1 })))).toBe('');
    expect(refusal(withTopics(withLoad({ keys: 1e8 - 1, producers: 64 })))).toContain(
      'of memory, at most 1 GB are allowed',
    );
    expect(refusal(withTopics(withLoad({ keys: 1e8, keyField: null, keyBytes: 0 })))).toBe('');
  });
});

describe('names on the cluster', () => {
  const groups = [{ name: 'CGR-g', service: 'g', ratePerThread: 1, threads: 1, evenThreads: 1, statedThreads: null }];
  const ofLength = (length: number): TopicPlan => ({ ...topic, name: 'a'.repeat(length), groups });
  const room = 249 - prefix.length;

  it('allows as much as Kafka does with the prefix and the longest copy', () => {
    const longestCopy = 'idempotent-'.length;
    expect(refusal(withTopics(ofLength(room - longestCopy)))).toBe('');
    expect(refusal(withTopics(ofLength(room - longestCopy + 1)))).toMatch(
      /has a name of 250 characters on the cluster .*, 249 are allowed\n.*with --no-trade-off, or shorten the topic's name by 1/,
    );
    expect(refusal(withTopics(ofLength(room)), platformaticDriver, bare)).toBe('');
    expect(refusal(withTopics(ofLength(room + 1)), platformaticDriver, bare)).toMatch(
      /the topic has a name of 250 characters/,
    );
  });

  it('counts the groups too', () => {
    const group = {
      name: `CGR-${'g'.repeat(room)}`,
      service: 'g',
      ratePerThread: 1,
      threads: 1,
      evenThreads: 1,
      statedThreads: null,
    };
    expect(refusal(withTopics({ ...topic, groups: [group] }))).toContain('the group CGR-ggg');
  });

  it.each([
    ['retention-categoryChanged', 'the retention copy of categoryChanged', '--no-retention'],
    ['idempotent-categoryChanged', 'the acks=all idempotent copy of categoryChanged', '--no-trade-off'],
  ])('refuses a topic %s beside the one that is copied to this name', (name, copy, option) => {
    const plan = withTopics(topic, withLoad({ peakPerSec: 1 }, name));
    const text = refusal(plan);
    expect(text).toMatch(new RegExp(`  ${name}: on the cluster .* and ${copy} is`));
    expect(text).toContain(option);
    expect(refusal(plan, platformaticDriver, bare)).toBe('');
  });

  it('takes . and _ for the same, as Kafka does', () => {
    const dotted = { ...withLoad({}, 'shop.orders'), groups: [] };
    const plan = withTopics(dotted, {
      ...dotted,
      name: 'retention-shop_orders',
      load: { ...topic.load, peakPerSec: 1 },
    });
    expect(refusal(plan)).toContain('the retention copy of shop.orders');
  });
});

describe('rates', () => {
  it('refuses a peak beyond one machine, and says so', () => {
    const text = refusal(withTopics(withLoad({ peakPerSec: 1e7 + 1 })));
    expect(text).toContain('the peak is 10,000,001/s, at most 10,000,000/s are allowed: no harness on one machine');
  });

  it('counts the records of the longest phase with its warm-up', () => {
    const { warmUpMaxMs, measureMs } = lengths.phases.peak;
    const highest = Math.floor(1e8 / ((warmUpMaxMs + measureMs) / 1000));
    expect(refusal(withTopics(withLoad({ averagePerSec: 1, peakPerSec: highest })))).toBe('');
    expect(refusal(withTopics(withLoad({ averagePerSec: 1, peakPerSec: highest + 1 })))).toMatch(
      /the peak phase with its warm-up\) is .* records, at most 100,000,000 are allowed/,
    );
    const long = runLengths({ measureMs: 600_000, tradeOff: false, retention: false });
    expect(refusal(withTopics(withLoad({ peakPerSec: 200_000 })), platformaticDriver, long)).toContain('--measure');
  });

  it('counts topics together when none is too much by itself', () => {
    const load = { averagePerSec: 1, peakPerSec: 4e6 };
    expect(refusal(withTopics(withLoad(load)))).toBe('');
    expect(refusal(withTopics(withLoad(load), withLoad(load, 'other')))).toContain('all topics together: ');
  });
});

describe('a curve', () => {
  const curve = {
    name: 'ramp:0:2',
    points: [
      { at: 0, rate: 0 },
      { at: 1, rate: 2 },
    ],
  };
  const busy = withLoad({ averagePerSec: 500, peakPerSec: 1_000 });

  it('may go up to the peak, and not beyond it, of any topic', () => {
    requireCurve(withTopics(busy), platformaticDriver, curve);
    requireCurve(withTopics(busy), platformaticDriver, undefined);
    const flat = withLoad({ averagePerSec: 200, peakPerSec: 200 }, 'flat');
    const steep = withLoad({ averagePerSec: 300, peakPerSec: 500 }, 'steep');
    expect(() => requireCurve(withTopics(flat, busy, steep), platformaticDriver, curve)).toThrow(
      expect.objectContaining({
        code: 'USAGE',
        message: [
          '--curve: its highest rate is 2.00 x its mean, which is the average rate',
          '  flat: goes up to 400/s, its peak is 200/s',
          '  steep: goes up to 600/s, its peak is 500/s',
        ].join('\n'),
      }),
    );
  });

  it('is refused where a program sends on its own schedule', () => {
    const program = { ...platformaticDriver, name: 'own', program: { start: async () => await Promise.reject() } };
    expect(() => requireCurve(withTopics(busy), program, curve)).toThrow(
      /the driver own sends at a constant rate only/,
    );
  });
});

describe('what prove does with it', () => {
  it('tells all faults at once and leaves no folder behind', async () => {
    const base = await mkdtemp(join(tmpdir(), 'headroom-preflight-'));
    const bad = { ...compressed('zstd'), load: { ...topic.load, messageSizeBytes: 5, keys: 2e8, peakPerSec: 1e9 } };
    const proving = prove({
      plan: withTopics(bad),
      useCaseText: '',
      // Port 1 of this host: nothing answers, so reaching out would end as TARGET_UNREACHABLE.
      target: { kind: 'existing', bootstrap: ['127.0.0.1:1'], clusterId: 'none' },
      driver: rdkafkaDriver,
      seed: 1,
      lengths,
      commandLine: [],
      resultsBase: base,
      stateFolder: base,
      onProgress: () => {},
      signal: new AbortController().signal,
    });
    const error = await proving.catch((cause: unknown) => cause);
    expect(error).toMatchObject({ code: 'USAGE', exitCode: 64, message: expect.stringContaining('5 faults') });
    for (const part of ['zstd', 'message.size is 5 B', 'retention.keys', 'of memory', 'the peak is'])
      expect(error).toHaveProperty('message', expect.stringContaining(part));
    expect(await readdir(base)).toEqual([]);
    await rm(base, { recursive: true });
  });
});

describe('what the drivers say they can compress', () => {
  it.each(platformaticDriver.compressions)('%s works in @platformatic/kafka on this Node.js', async (compression) => {
    await loadZstd();
    const { available, compressSync, decompressSync } = compressionsAlgorithms[compression];
    expect(available).toBe(true);
    const text = Buffer.from('headroom '.repeat(50));
    expect(Buffer.from(decompressSync(compressSync(text)))).toEqual(text);
  });
});
