import { expect, it } from 'vitest';
import type { Driver } from '../../../bench/drivers/driver.ts';
import { clientSettings } from '../../../bench/prove/client-settings.ts';
import { examplePlan } from '../example-plan.ts';

const driver = { name: 'one at a time', maxOutstandingSends: () => 1 } as unknown as Driver;
const plan = examplePlan();
const inFlight = 'max.in.flight.requests.per.connection';

it('shows what the library can keep beside what was planned', () => {
  const rows = clientSettings(plan, driver);
  expect(rows.find(({ setting }) => setting === inFlight)).toEqual({
    subject: 'client',
    setting: inFlight,
    planned: '5',
    found: '1',
  });
  expect(rows.find(({ setting }) => setting === 'acks')).toMatchObject({ planned: 'all', found: 'all' });
  const isolation = plan.topics[0]?.consumer['isolation.level'];
  expect(rows.find(({ setting }) => setting === 'isolation.level')).toMatchObject({
    planned: isolation,
    found: isolation,
  });
});

it('names the topic where there are several', () => {
  const [topic] = plan.topics;
  if (topic === undefined) throw new Error('no topic');
  const rows = clientSettings({ ...plan, topics: [topic, { ...topic, name: 'other' }] }, driver);
  expect(rows.map(({ setting }) => setting)).toContain('acks (other)');
});
