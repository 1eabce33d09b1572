import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../../bench/package-root.ts';
import { command } from '../../../bin/commands/faults.ts';
import { runCommand } from '../run-command.ts';

async function run(argv: readonly string[]): Promise<string> {
  const { exitCode, stdout } = await runCommand(command, argv, packageRoot);
  expect(exitCode).toBe(0);
  return stdout;
}

describe('headroom faults', () => {
  it('lists every fault with the alerts it makes fire', async () => {
    expect(await run(['list'])).toMatch(/^unclean-election +let a partition.*\n +KafkaUncleanElection$/m);
    const { faults } = JSON.parse(await run(['list', '--json']));
    expect(faults.find(({ fault }: { fault: string }) => fault === 'disk-filled').alerts).toEqual([
      'KafkaDiskWillFill',
      'KafkaDiskCritical',
    ]);
  });

  // Each before a cluster is started.
  it.each([
    [['inject'], 'faults: expected list or drill or exercise or rolling-restart, got "inject"'],
    [['drill', '--fault', 'broker-kiled'], '--fault: no fault is called "broker-kiled", did you mean broker-killed?'],
    [
      ['exercise', '--page', 'KafkaSloTicke'],
      '--page: no page to exercise is called "KafkaSloTicke", did you mean KafkaSloTicket?',
    ],
    [['drill', '--divisor', '0'], '--divisor: expected a whole number from 1 to 60, got "0"'],
    [['drill', '--runbooks', 'examples'], /--runbooks: .*examples holds no runbook pages/],
    [['drill', '--out', 'README.md'], /--out .*README.md is no folder to write to: ENOTDIR/],
    [['rolling-restart', '--use-case', 'none.yaml'], /none.yaml/],
  ])('refuses %s', async (argv, message) => {
    await expect(run(argv)).rejects.toThrow(message);
  });
});
