import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { command } from '../../bin/commands/init.ts';
import { readUseCase } from '../../bin/read-use-case.ts';
import { exitCodes } from '../../lib/errors.ts';
import { runCommand } from './run-command.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'headroom-init-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function init(...argv: readonly string[]): Promise<{ exitCode: number; stdout: string }> {
  return await runCommand(command, argv, folder);
}

describe('headroom init', () => {
  it('writes a use case without fault or warning, with a comment on what can be changed', async () => {
    const { exitCode, stdout } = await init();
    expect(exitCode).toBe(exitCodes.met);
    expect(stdout).toContain('headroom plan use-case.yaml');
    const { text, requirements } = readUseCase('use-case.yaml', folder);
    expect(requirements.warnings).toEqual([]);
    expect(text.match(/#/g)?.length).toBeGreaterThan(20);
  });

  it('what it comments out holds too, once the comment is removed', async () => {
    await init();
    const text = readFileSync(join(folder, 'use-case.yaml'), 'utf8');
    const filled = text
      .replace('# brokers:', 'brokers:')
      .replace('compression: none', 'compression: zstd')
      .replace('# ratio:', 'ratio:')
      .replace('# cost:', 'cost:')
      .replace('# cleanup:', 'cleanup:')
      .replace('# keys:', 'keys:');
    writeFileSync(join(folder, 'filled.yaml'), filled);
    const { requirements } = readUseCase('filled.yaml', folder);
    expect(requirements.cluster.brokers).toBe(3);
    expect(requirements.slo.costMaxUsdPerMonth).toBe(2000);
    expect(requirements.topics[0]?.retention).toMatchObject({ cleanup: 'compact', keys: 1_000_000 });
  });

  it('never overwrites', async () => {
    writeFileSync(join(folder, 'mine.yaml'), 'precious');
    await expect(init('mine.yaml')).rejects.toMatchObject({
      code: 'USAGE',
      exitCode: 64,
      message: expect.stringMatching(/mine\.yaml exists already/),
      hint: expect.stringMatching(/name another file/),
    });
    expect(readFileSync(join(folder, 'mine.yaml'), 'utf8')).toBe('precious');
  });

  it('names a folder that is missing', async () => {
    await expect(init('no/such/file.yaml')).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringMatching(/cannot be written \(ENOENT\)/),
    });
  });
});
