import { describe, expect, it } from 'vitest';
import type { Driver, DriverConsumer } from '../../../bench/drivers/driver.ts';
import { openLoad } from '../../../bench/load/open-load.ts';
import type { LoadSession, LoadSpec, PhaseResult, PhaseSpec } from '../../../bench/load/types.ts';
import { HeadroomError } from '../../../lib/errors.ts';
import { type LoadTopicOptions, loadTopic, phaseSpec } from './load-topic.ts';
import { createMemoryDriver } from './memory-driver.ts';
import {
  doubleOneBatch,
  forgetOneEntry,
  loseOneBatch,
  stall,
  swapTwoSends,
  withFault,
  withSlowFirstProducer,
} from './planted-faults.ts';

const notIdempotent = { 'enable.idempotence': false } as const;

async function open(driver: Driver, topic: LoadTopicOptions = {}, extra: Partial<LoadSpec> = {}): Promise<LoadSession> {
  return await openLoad({
    target: { bootstrap: ['memory:1'], clientId: 'test' },
    driver,
    topics: [loadTopic(topic)],
    seed: 7,
    onIncident: () => {},
    ...extra,
  });
}

async function runOnce(driver: Driver, topic: LoadTopicOptions = {}, phase: Partial<PhaseSpec> = {}) {
  const session = await open(driver, topic);
  const result = await session.run(phaseSpec(phase));
  await session.close();
  return { result, ...facts(session, result) };
}

function facts(session: LoadSession, result: PhaseResult) {
  const [integrity] = session.integrity();
  const [measured] = result.topics;
  const group = integrity?.groups[0];
  if (integrity === undefined || measured === undefined || group === undefined) throw new Error('nothing measured');
  return { integrity, measured, group };
}

describe.concurrent('a clean load', () => {
  it('accounts for every slot of the window, and finds nothing wrong', async () => {
    const { measured, integrity, group, result } = await runOnce(createMemoryDriver());
    expect(measured.scheduled).toBe(300);
    expect(measured).toMatchObject({ acknowledged: 300, failed: 0, unsent: 0, offeredPerSec: 1000 });
    expect(measured.publish.count).toBe(300);
    expect(measured.slip.count).toBe(300);
    expect(measured.groups[0]).toMatchObject({ group: 'lecture', received: 300 });
    expect(measured.groups[0]?.endToEnd.count).toBe(300);
    expect(measured.groups[0]?.drainedMs).not.toBeNull();
    expect(measured.recordsPerBatch).toBeGreaterThanOrEqual(1);
    expect(integrity).toMatchObject({ unknown: 0, missingAckEntries: 0, offsetCollisions: 0 });
    expect(group).toMatchObject({
      lost: 0,
      unseen: 0,
      duplicates: 0,
      redelivered: 0,
      orderInversions: 0,
      examples: [],
    });
    expect(group.received).toBe(integrity.acknowledged);
    expect(result.generator).toMatchObject({ driver: 'memory', unsent: 0 });
  });

  it('goes on with new ids in a second phase, and judges both together', async () => {
    const session = await open(createMemoryDriver());
    const first = facts(session, await session.run(phaseSpec()));
    const second = facts(session, await session.run(phaseSpec({ ratePerSec: { orders: 2000 } })));
    expect(second.measured).toMatchObject({ scheduled: 600, acknowledged: 600 });
    expect(second.integrity.acknowledged).toBeGreaterThanOrEqual(first.integrity.acknowledged + 600);
    expect(second.group).toMatchObject({ lost: 0, unseen: 0, duplicates: 0, orderInversions: 0 });
    await session.close();
    await session.close();
  });

  it('gives one point a second of the window', async () => {
    const { result } = await runOnce(createMemoryDriver(), {}, { measureMs: 1000, warmUpMinMs: 0, warmUpMaxMs: 0 });
    expect(result.series).toHaveLength(1);
    expect(result.series[0]).toMatchObject({ second: 0, offered: 1000 });
    expect(result.series[0]?.acknowledged).toBeGreaterThan(0);
  });

  it('opens no more than 64 producers, and the rate stays', async () => {
    const memory = createMemoryDriver();
    let opened = 0;
    const createProducer: Driver['createProducer'] = async (target, settings) => {
      opened += 1;
      return await memory.createProducer(target, settings);
    };
    const { measured, group } = await runOnce({ ...memory, createProducer }, { load: { producers: 1_000 } });
    expect(opened).toBe(64);
    expect(measured).toMatchObject({ scheduled: 300, acknowledged: 300 });
    expect(group).toMatchObject({ lost: 0, unseen: 0, duplicates: 0, orderInversions: 0 });
  });

  it('without records is empty, not good', async () => {
    const { measured, group } = await runOnce(createMemoryDriver(), {}, { ratePerSec: {} });
    expect(measured).toMatchObject({ scheduled: 0, acknowledged: 0, publish: { count: 0, p99Ms: null } });
    expect(group.received).toBe(0);
  });

  it('spreads records without a key over the partitions', async () => {
    const driver = createMemoryDriver();
    const { group } = await runOnce(driver, { load: { keyField: null, keyBytes: 0 } });
    expect([...driver.log.values()].every((partition) => partition.length > 1)).toBe(true);
    expect(group).toMatchObject({ lost: 0, orderInversions: 0 });
  });
});

describe.concurrent('a planted fault is found and named', () => {
  it('loss: acknowledged, and not in the log although the group drained', async () => {
    const { group } = await runOnce(withFault(createMemoryDriver(), loseOneBatch()));
    expect(group.lost).toBeGreaterThan(0);
    expect(group.unseen).toBe(0);
    expect(group.examples[0]).toMatch(/^lost: producer \d sequence \d+/);
  });

  it('duplicate', async () => {
    const { group } = await runOnce(withFault(createMemoryDriver(), doubleOneBatch()));
    expect(group.duplicates).toBeGreaterThan(0);
    expect(group).toMatchObject({ lost: 0, orderInversions: 0 });
    expect(group.examples[0]).toMatch(/^duplicate: /);
  });

  it('swap', async () => {
    const driver = withFault(createMemoryDriver(), swapTwoSends());
    const { group } = await runOnce(driver, { producer: notIdempotent, load: { producers: 1, keys: 2 } });
    expect(group.orderInversions).toBeGreaterThan(0);
    expect(group).toMatchObject({ lost: 0, duplicates: 0 });
    expect(group.examples[0]).toMatch(/^out of order: /);
  });

  it('missing acknowledgement entry', async () => {
    const { integrity, measured } = await runOnce(withFault(createMemoryDriver(), forgetOneEntry()));
    expect(integrity.missingAckEntries).toBeGreaterThan(0);
    expect(integrity.unknown).toBe(integrity.missingAckEntries);
    expect(measured.failed + measured.acknowledged).toBe(measured.scheduled);
    expect(integrity.examples?.[0]).toMatch(/^no acknowledgement entry: /);
  });

  it('stall: every slot that waited shows it, not only the few sends that were held', async () => {
    const stalled = stall(100, 200);
    let oldestMs = 0;
    const driver = withFault(createMemoryDriver(), async (batches, send, count) => {
      for (const { timestampMs } of batches.flatMap(({ records }) => records)) {
        oldestMs = Math.max(oldestMs, Date.now() - timestampMs);
      }
      return await stalled(batches, send, count);
    });
    const { measured } = await runOnce(driver, {}, { measureMs: 400, warmUpMinMs: 0, warmUpMaxMs: 0 });
    // S - (1 - q) T = 200 - 0.01 x 400; the median lies outside of the stall.
    expect(measured.publish.p99Ms).toBeGreaterThan(150);
    expect(measured.publish.p90Ms).toBeGreaterThan(100);
    // What waited has the time of its hand-over, not of its sending.
    expect(oldestMs).toBeGreaterThan(100);
  });
});

describe.concurrent('a cluster that does not answer', () => {
  const silent: Driver = withFault(createMemoryDriver(), async () => await new Promise(() => {}));

  it('ends the phase within its bound, with every slot counted at its age', async () => {
    const startMs = performance.now();
    const { measured, integrity, group } = await runOnce(silent, {}, { measureMs: 200, drainMaxMs: 200 });
    expect(performance.now() - startMs).toBeLessThan(5_000);
    expect(measured.acknowledged).toBe(0);
    expect(measured.failed + measured.unsent).toBe(measured.scheduled);
    expect(measured.publish.count).toBe(measured.scheduled);
    expect(measured.publish.p50Ms).toBeGreaterThan(200);
    expect(measured.groups[0]).toMatchObject({ received: 0, drainedMs: null });
    expect(integrity.unknown).toBeGreaterThan(0);
    expect(group.lost).toBe(0);
  });

  it('cannot fill the memory: records beyond the buffer stay unsent', async () => {
    const topic = { producer: { 'buffer.memory': 2_000 } };
    const { measured } = await runOnce(silent, topic, { measureMs: 200, drainMaxMs: 50 });
    expect(measured.unsent).toBeGreaterThan(100);
    expect(measured.failed).toBeLessThan(50);
  });

  it('shows the lag of a group that stands still, however many records of unknown outcome it read', async () => {
    const memory = createMemoryDriver();
    let deaf = false;
    const driver = withFault(memory, async (batches, send, count) => {
      if (count >= 10) deaf = true;
      const acks = await send(batches);
      // Written and read, but never acknowledged.
      return count < 10 ? [] : acks;
    });
    const hearing: Driver = {
      ...driver,
      createConsumer: async (target, settings, onRecords, onError) =>
        await memory.createConsumer(target, settings, (records) => (deaf ? undefined : onRecords(records)), onError),
    };
    const { measured, integrity, group } = await runOnce(hearing, {}, { drainMaxMs: 100 });
    expect(integrity.unknown).toBeGreaterThan(0);
    expect(group.received).toBeGreaterThan(0);
    expect(measured.groups[0]?.maxLag).toBeGreaterThan(integrity.acknowledged - group.received);
  });

  it('is not taken for a loss while unacknowledged records are still on the way of another producer', async () => {
    const driver = withSlowFirstProducer(createMemoryDriver(), 150);
    const { group, integrity } = await runOnce(driver, { producer: { acks: '0', ...notIdempotent } });
    expect(integrity.acknowledged).toBeGreaterThanOrEqual(300);
    expect(group).toMatchObject({ lost: 0, unseen: 0, received: integrity.acknowledged });
  });

  it('is not taken for a loss when a group stands still', async () => {
    const driver = createMemoryDriver();
    const deaf: Driver = { ...driver, createConsumer: async () => ({ close: async () => {} }) };
    const { group, measured } = await runOnce(deaf, {}, { drainMaxMs: 100 });
    expect(group).toMatchObject({ received: 0, lost: 0 });
    expect(group.unseen).toBeGreaterThanOrEqual(300);
    expect(measured.groups[0]?.endToEnd.count).toBe(300);
    expect(measured.groups[0]?.drainedMs).toBeNull();
    expect(measured.groups[0]?.maxLag).toBeGreaterThan(0);
  });
});

describe.concurrent('a run that cannot go on', () => {
  it('rejects with the reason of the signal soon after it is aborted, and can be closed', async () => {
    const controller = new AbortController();
    const session = await open(createMemoryDriver());
    const reason = new HeadroomError('INTERRUPTED', 'stopped');
    setTimeout(() => controller.abort(reason), 50);
    const startMs = performance.now();
    await expect(session.run(phaseSpec({ measureMs: 60_000, signal: controller.signal }))).rejects.toBe(reason);
    expect(performance.now() - startMs).toBeLessThan(5_000);
    const after = facts(session, await session.run(phaseSpec()));
    expect(after.measured.acknowledged).toBe(300);
    expect(after.group).toMatchObject({ lost: 0, duplicates: 0 });
    await session.close();
  });

  it('reports failed sends as incidents, the same one only now and then', async () => {
    const incidents: string[] = [];
    const failing = withFault(createMemoryDriver(), async () => {
      throw new Error('connection lost');
    });
    const session = await open(failing, {}, { onIncident: ({ message }) => incidents.push(message) });
    const result = await session.run(phaseSpec({ drainMaxMs: 1000 }));
    await session.close();
    expect(result.topics[0]?.failed).toBe(300);
    expect(incidents).toHaveLength(1);
    expect(incidents[0]).toMatch(/^orders: \d+ records not acknowledged: connection lost$/);
  });

  it('stops connecting when it is aborted: closes what is open at once, and what opens later as it comes', async () => {
    const controller = new AbortController();
    const reason = new HeadroomError('INTERRUPTED', 'stopped');
    const closed: string[] = [];
    const client = (name: string) => ({
      close: async () => {
        closed.push(name);
      },
    });
    let assignLate = (_: DriverConsumer): void => {};
    const late = new Promise<DriverConsumer>((resolve) => {
      assignLate = resolve;
    });
    const members = [Promise.resolve(client('early')), late, new Promise<DriverConsumer>(() => {})];
    const driver: Driver = {
      ...createMemoryDriver(),
      createConsumer: async () => await (members.shift() ?? Promise.reject(new Error('one member too many'))),
      createProducer: async () => await Promise.reject(new Error('aborted before any producer')),
    };
    const opening = open(driver, { members: 3 }, { signal: controller.signal });
    setTimeout(() => controller.abort(reason), 20);
    await expect(opening).rejects.toBe(reason);
    expect(closed).toEqual(['early']);
    assignLate(client('late'));
    await new Promise((resolve) => setImmediate(resolve));
    expect(closed).toEqual(['early', 'late']);
  });

  it('connects nothing when it was aborted before', async () => {
    let connected = 0;
    const driver: Driver = {
      ...createMemoryDriver(),
      createConsumer: async () => {
        connected += 1;
        return { close: async () => {} };
      },
    };
    await expect(open(driver, {}, { signal: AbortSignal.abort('stopped') })).rejects.toBe('stopped');
    expect(connected).toBe(0);
  });

  it('closes what was opened when another client cannot connect', async () => {
    let closed = 0;
    const driver: Driver = {
      ...createMemoryDriver(),
      createConsumer: async () => ({
        close: async () => {
          closed += 1;
        },
      }),
      createProducer: async () => {
        throw new Error('refused');
      },
    };
    await expect(open(driver)).rejects.toMatchObject({ code: 'TARGET_UNREACHABLE' });
    expect(closed).toBe(1);
  });
});

describe.concurrent('private fields', () => {
  it('reach the search unmasked only when masking is switched off', async () => {
    const topic = { load: { messageSizeBytes: 300, privateFields: ['phone'] } };
    const seen = async (extra: Partial<LoadSpec>): Promise<string> => {
      let text = '';
      const session = await open(createMemoryDriver(), topic, { ...extra, onValue: (_, value) => (text += value) });
      await session.run(phaseSpec({ measureMs: 50 }));
      await session.close();
      return text;
    };
    expect(await seen({})).not.toContain('private');
    expect(await seen({ mask: (value) => value })).toContain('private');
  });
});
