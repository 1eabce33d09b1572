import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { packageRoot } from '../../../bench/package-root.ts';
import { command } from '../../../bin/commands/dashboards.ts';
import { command as up } from '../../../bin/commands/up.ts';
import { runCommand } from '../run-command.ts';

async function run(which: typeof command, argv: readonly string[], cwd = packageRoot): Promise<string> {
  const { exitCode, stdout } = await runCommand(which, argv, cwd);
  expect(exitCode).toBe(0);
  return stdout;
}

function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'headroom-boards-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

describe('headroom dashboards export', () => {
  it('writes boards, rules and the exporter configuration, and says where', async () => {
    const out = join(scratch(), 'made', 'here');
    const printed = await run(command, ['export', '--profile', 'ec2', '--out', out]);
    expect(readdirSync(out)).toEqual(expect.arrayContaining(['overview.json', 'alerts.yaml', 'jmx-exporter.yaml']));
    expect(printed.split('\n').filter(Boolean)).toHaveLength(readdirSync(out).length);
  });

  it('writes what is committed', async () => {
    const out = scratch();
    await run(command, ['export', '--profile', 'msk', '--out', out]);
    for (const name of readdirSync(out)) {
      const committed = readFileSync(join(packageRoot, 'dashboards', 'generated', 'msk', name), 'utf8');
      expect(readFileSync(join(out, name), 'utf8'), name).toBe(committed);
    }
  });

  it('adds the figures of a use case under its name or the one given', async () => {
    const out = scratch();
    const options = ['export', '--profile', 'msk', '--out', out, '--use-case', 'examples/course-events.yaml'];
    await run(command, options);
    expect(readFileSync(join(out, 'plan.yaml'), 'utf8')).toContain('cluster: course-events');
    await run(command, [...options, '--cluster', 'events-1']);
    expect(readFileSync(join(out, 'plan.yaml'), 'utf8')).toContain('cluster: events-1');
  });

  it.each([
    [['export', '--out', 'x'], /--profile is missing: one of local, ec2, msk/],
    [['export', '--profile', 'k8s', '--out', 'x'], /no profile "k8s": expected local, ec2, msk/],
    [['export', '--profile', 'msk'], /--out is missing/],
    [['import', '--profile', 'msk', '--out', 'x'], /expected export, got "import"/],
    [['export', '--profile', 'msk', '--out', 'x', '--cluster', 'c'], /--cluster .* needs --use-case/],
  ])('refuses %j', async (argv, message) => {
    await expect(run(command, argv, scratch())).rejects.toMatchObject({
      code: 'USAGE',
      exitCode: 64,
      message: expect.stringMatching(message),
    });
  });

  it('says what kept it from writing', async () => {
    const argv = ['export', '--profile', 'msk', '--out', join(packageRoot, 'package.json', 'below')];
    await expect(run(command, argv)).rejects.toMatchObject({
      message: expect.stringContaining('cannot be written'),
    });
  });
});

it('headroom up refuses figures that nobody would draw', async () => {
  const argv = ['--use-case', 'examples/course-events.yaml'];
  await expect(run(up, argv, scratch())).rejects.toMatchObject({
    code: 'USAGE',
    message: expect.stringContaining('no --monitoring'),
  });
});

it('headroom up --monitoring says what is missing before a broker starts', async () => {
  const folder = scratch();
  vi.stubEnv('PATH', folder);
  onTestFinished(() => void vi.unstubAllEnvs());
  await expect(run(up, ['--monitoring'], folder)).rejects.toMatchObject({
    code: 'RESOURCE_MISSING',
    message: expect.stringContaining('no prometheus on PATH'),
  });
  expect(readdirSync(folder)).toEqual([]);
});
