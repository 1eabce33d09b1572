import { expect, it } from 'vitest';
import { scenarios } from '../../../bench/scenarios/index.ts';
import { leastRounds } from '../../../lib/experiment/compare.ts';

it.each(Object.entries(scenarios))('%s has rounds enough to tell a difference', (_, { grid }) => {
  expect(grid?.rounds ?? leastRounds).toBeGreaterThanOrEqual(leastRounds);
});
