import { expect, it } from 'vitest';
import { openLoad } from '../../../bench/load/open-load.ts';
import { loadTopic, phaseSpec } from './load-topic.ts';
import { createMemoryDriver } from './memory-driver.ts';

it('a rate that cannot be held is given up early, and the next phase begins afresh', async () => {
  // One send at a time of at most 4 full batches each 100 ms: some thousands of records a second.
  const session = await openLoad({
    target: { bootstrap: ['memory:1'], clientId: 'test' },
    driver: createMemoryDriver(100),
    topics: [loadTopic()],
    seed: 7,
    onIncident: () => {},
  });
  const overload = phaseSpec({ ratePerSec: { orders: 60_000 }, warmUpMaxMs: 30_000, measureMs: 20_000 });
  const given = await session.run({ ...overload, hopelessBehindMs: 200 });
  expect(given).toMatchObject({ cutShort: true, measuredMs: 1_000 });
  expect(given.topics[0]?.unsent).toBeGreaterThan(0);
  const next = await session.run(phaseSpec({ hopelessBehindMs: 60_000 }));
  expect(next).toMatchObject({ cutShort: false, topics: [{ unsent: 0, failed: 0, groups: [{ received: 300 }] }] });
  expect(session.integrity()).toMatchObject([{ unknown: 0, groups: [{ lost: 0, unseen: 0, duplicates: 0 }] }]);
  await session.close();
});
