import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
    [
      { vary: ['fetch.min.byte=1', 'isolation.level=1', 'entropy=2'] },
      /3 faults\n.*fetch.min.bytes\?\n.*read_committed\n.*share from 0 to 1/,
    ],
    [{ vary: ['session.timeout.ms=6000', 'heartbeat.interval.ms=7000'] }, /heartbeat.interval.ms 7000 must be below/],
    [{ vary: ['compression.type=zstd'], driver: 'node-rdkafka' }, /zstd/],
    [
      {
        vary: Array.from(
          'abcdef',
          (_, at) =>
            `${['linger.ms', 'batch.size', 'rate', 'partitions', 'producers', 'message.size'][at]}=${Array.from({ length: 10 }, (_, n) => n + 40).join()}`,
        ),
      },
      /the grid has 1,000,000 cells .* and would take .*; at most 64/,
    ],
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
    await expect(run({ rounds: '2', measure: '1s' }, ['sending', file])).rejects.toMatchObject({
      message: expect.stringMatching(/takes no --rounds, --measure/),
    });
  });

  it('a file with faults, all of them at once', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'headroom-bench-'));
    const faulty = join(folder, 'faulty.yaml');
    writeFileSync(faulty, 'apiVersion: headroom/v1\nuseCase: Wrong Name\ncluster: { target: mks }\ntopics: []\n');
    const refused = run({}, ['commit', faulty]);
    await expect(refused).rejects.toMatchObject({
      exitCode: 64,
      message: expect.stringMatching(/useCase(.|\n)*target(.|\n)*topics/),
    });
    rmSync(folder, { recursive: true });
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
