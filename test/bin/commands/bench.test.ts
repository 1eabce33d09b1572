import { describe, expect, it } from 'vitest';
import { defaultDriver } from '../../../bench/drivers/index.ts';
import { planExperiment } from '../../../bench/experiment/plan-experiment.ts';
import { packageRoot } from '../../../bench/package-root.ts';
import { scenarios } from '../../../bench/scenarios/index.ts';
import type { CommandContext } from '../../../bin/command.ts';
import { command } from '../../../bin/commands/bench.ts';
import { readFactors } from '../../../lib/experiment/factors.ts';
import { examplePlan, exampleTopic } from '../../bench/example-plan.ts';

const file = 'examples/course-events.yaml';

function run(options: CommandContext['options'], positionals: readonly string[] = [file]) {
  return command.run({
    positionals,
    options,
    stdout: () => {},
    stderr: () => {},
    onProgress: () => {},
    signal: new AbortController().signal,
    cwd: packageRoot,
    commandLine: ['headroom', 'bench', ...positionals],
  });
}

describe('what bench refuses before anything is started', () => {
  it.each<[CommandContext['options'], RegExp]>([
    [{}, /nothing to vary/],
    [{ vary: ['lingr.ms=1', 'acks=5'] }, /2 faults\n {2}"lingr.ms" is no setting .* linger.ms\?\n {2}acks: "5" is not/],
    [{ vary: ['acks=all'], topic: 'other' }, /--topic: course-events has no topic "other"/],
    [{ vary: ['acks=all'], rounds: '0' }, /--rounds: expected a whole number from 1/],
    [{ vary: ['acks=all'], measure: '1ms' }, /--measure: expected a duration from 500 ms/],
    [{ vary: ['acks=all,1'], budget: '10s' }, /the budget is 10 s/],
    [{ vary: ['acks=all'], driver: 'nobody' }, /no driver is called "nobody"/],
  ])('%j', async (options, expected) => {
    await expect(run(options)).rejects.toMatchObject({ exitCode: 64, message: expect.stringMatching(expected) });
  });

  it('a scenario that is not known, with the nearest one', async () => {
    await expect(run({}, ['ack', file])).rejects.toMatchObject({ code: 'USAGE', hint: 'did you mean acks?' });
    await expect(run({ vary: ['acks=1'] }, ['acks', file])).rejects.toMatchObject({ code: 'USAGE' });
  });
});

it.each(Object.entries(scenarios))('the scenario %s can be run as it is, in 90 s', (_, { question, grid, trial }) => {
  const { factors, faults } = readFactors(grid?.vary ?? []);
  expect(faults).toEqual([]);
  const { spec, estimate } = planExperiment({
    plan: examplePlan(),
    topic: exampleTopic(),
    question,
    factors,
    grid: grid?.kind ?? 'full',
    driver: defaultDriver,
    lengths: { rounds: grid?.rounds ?? 1, warmUpMs: 500, measureMs: grid?.measureMs ?? 500 },
    ...(trial === undefined ? {} : { trial }),
    seed: 1,
    budgetMs: 90_000,
  });
  expect(spec.refused).toEqual([]);
  expect(grid ?? trial).toBeDefined();
  expect(estimate.durationMs).toBeLessThanOrEqual(90_000);
});
