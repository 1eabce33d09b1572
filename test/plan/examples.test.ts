import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../bench/package-root.ts';
import { readUseCase } from '../../bin/read-use-case.ts';
import { planUseCase } from '../../lib/plan/plan.ts';
import type { Plan } from '../../lib/plan/types.ts';

const folder = join(packageRoot, 'examples');
const useCases = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
const regenerate = 'after reading the difference: npx vitest run --project unit -u test/plan/examples.test.ts';

function planOf(name: string): Plan {
  return planUseCase(readUseCase(join(folder, name)).requirements);
}

describe(`the golden plan, renewed ${regenerate}`, () => {
  it.each(useCases)('%s', async (name) => {
    const golden = join(folder, name.replace(/\.yaml$/, '.plan.json'));
    await expect(`${JSON.stringify(planOf(name), null, 2)}\n`, regenerate).toMatchFileSnapshot(golden);
  });

  it('exists for the three examples', () => {
    expect(useCases).toEqual(expect.arrayContaining(['course-events.yaml', 'failing.yaml', 'purchase-history.yaml']));
  });
});

it('shows in lint what each example says, two of them nothing', () => {
  const said = Object.fromEntries(useCases.map((name) => [name, planOf(name).warnings.map(({ code }) => code)]));
  expect(said).toMatchObject({
    'starter.yaml': [],
    'failing.yaml': [],
    // The users' sum has a buffer of 5 GB: what the disks hold beyond it is a warning, never another sum.
    'course-events.yaml': ['ORDER_BROKEN_BY_GROWTH', 'DISK_EXCEEDS_REQUIRED'],
    'purchase-history.yaml': ['WRITES_STOP_ON_BROKER_LOSS', 'SURVIVE_CONFLICT', 'DISK_EXCEEDS_REQUIRED'],
  });
});

describe('purchase-history.yaml', () => {
  it('gives the users sums', () => {
    const plan = planOf('purchase-history.yaml');
    expect(plan.storage).toMatchObject({ retainedBytes: 34_560_000_000, requiredBytes: 39_560_000_000 });
    expect(plan.topics[0]?.partitions).toBe(10);
  });
});
