import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../../bench/package-root.ts';
import { command as limit } from '../../../bin/commands/limit.ts';
import { command as prove } from '../../../bin/commands/prove.ts';
import { command as worker } from '../../../bin/commands/worker.ts';
import { runCommand } from '../run-command.ts';

const topic = 'headroom-0a1b2c3d-workers';
const useCase = 'examples/course-events.yaml';

describe('what a worker refuses before it waits for anybody', () => {
  it.each([
    [[topic, '--index', '0'], /headroom-0a1b2c3d-workers is a control topic, and no cluster was named/],
    [['run', '--index', '0', '--bootstrap', 'b:9092'], /--bootstrap names a cluster, and run is no control topic/],
    [['headroom-run-workers', '--index', '0'], /expected a folder or a control topic named headroom-<8 hex digits>/],
    [[topic, '--index', '0', '--bootstrap', 'b'], /--bootstrap: expected host:port/],
    [[topic, '--bootstrap', 'b:9092'], /which worker this is was not said/],
    [['run', '--index', '64'], /--index: expected .*63/],
  ])('%j', async (argv, expected) => {
    await expect(runCommand(worker, argv, packageRoot)).rejects.toMatchObject({
      exitCode: 64,
      message: expect.stringMatching(expected),
    });
  });

  it('a cluster that cannot be reached, at once', async () => {
    const argv = [topic, '--index', '0', '--bootstrap', '127.0.0.1:1'];
    await expect(runCommand(worker, argv, packageRoot)).rejects.toMatchObject({
      code: 'TARGET_UNREACHABLE',
      message: expect.stringMatching(/cannot look for the control topic at 127\.0\.0\.1:1/),
    });
  });
});

describe.each([
  ['limit', limit],
  ['prove', prove],
])('%s with workers refuses', (_, command) => {
  it.each([
    [['--meet', 'topic'], /--meet is where workers meet, and there is one process/],
    [['--workers', '2', '--meet', 'headroom-workers'], /--meet: expected a folder or a control topic/],
    [['--workers', '65'], /--workers: expected .*64/],
  ])('%j', async (argv, expected) => {
    await expect(runCommand(command, [useCase, ...argv], packageRoot)).rejects.toMatchObject({
      exitCode: 64,
      message: expect.stringMatching(expected),
    });
  });
});

it('prove with workers has no metrics of one process to tell', async () => {
  const argv = [useCase, '--workers', '2', '--metrics-port', '9400'];
  await expect(runCommand(prove, argv, packageRoot)).rejects.toThrow(/--metrics-port shows a load of one process/);
});
