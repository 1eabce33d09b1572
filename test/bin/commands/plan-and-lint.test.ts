import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../../bench/package-root.ts';
import type { Command, OptionValues } from '../../../bin/command.ts';
import { command as lint } from '../../../bin/commands/lint.ts';
import { command as plan } from '../../../bin/commands/plan.ts';
import { renderPlan } from '../../../lib/plan/text.ts';
import type { Plan } from '../../../lib/plan/types.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'headroom-plan-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

async function run(command: Command, file: string, options: OptionValues = {}) {
  let stdout = '';
  let stderr = '';
  const exitCode = await command.run({
    positionals: [file],
    options,
    stdout: (text) => {
      stdout += text;
    },
    stderr: (text) => {
      stderr += text;
    },
    onProgress: () => {},
    signal: new AbortController().signal,
    cwd: packageRoot,
    commandLine: [],
  });
  return { exitCode, stdout, stderr };
}

let files = 0;

/** A use case without warnings, with one more line in its topic. */
function useCase(line = ''): string {
  files += 1;
  const file = join(folder, `${files}.yaml`);
  writeFileSync(
    file,
    `apiVersion: headroom/v1
useCase: sound
storage: { buffer: 50 GB }
topics:
  - service: category
    entity: Category
    action: Changed
    message: { size: 200 B, key: categoryId }
    produce: { rate: 200/s, peak: 1000/s }
    retention: { time: 5d }
    ${line}
    consumers:
      - { service: lecture, rate: 100/s }
slo:
  publish: { p99: 50ms }
`,
  );
  return file;
}

describe('headroom plan', () => {
  it('prints the same value as text, explained and as JSON, and exits 0 with warnings', async () => {
    const file = 'examples/course-events.yaml';
    const json = await run(plan, file, { json: true });
    const value = JSON.parse(json.stdout) as Plan;
    expect(value.warnings.length).toBeGreaterThan(0);
    expect(json.exitCode).toBe(0);
    expect((await run(plan, file)).stdout).toBe(renderPlan(value, { explain: false }));
    expect((await run(plan, file, { explain: true })).stdout).toBe(renderPlan(value, { explain: true }));
    expect(json.stderr).toBe('');
  });

  it('passes faults of the file on', async () => {
    await expect(run(plan, 'examples/nowhere.yaml')).rejects.toMatchObject({ code: 'FILE_UNREADABLE', exitCode: 64 });
    await expect(run(plan, 'package.json')).rejects.toMatchObject({ code: 'USE_CASE_INVALID', exitCode: 64 });
  });
});

describe('headroom lint', () => {
  it('exits 0 without warnings', async () => {
    expect(await run(lint, useCase())).toEqual({
      exitCode: 0,
      stdout: 'sound: no warnings\n',
      stderr: '',
    });
  });

  it('exits 1 with any warning and names it', async () => {
    const file = useCase('replicas: 2');
    const { exitCode, stdout } = await run(lint, file);
    expect(exitCode).toBe(1);
    expect(stdout).toContain('WRITES_STOP_ON_BROKER_LOSS');
    const json = await run(lint, file, { json: true });
    expect(json.exitCode).toBe(1);
    expect(JSON.parse(json.stdout).warnings.map(({ code }: { code: string }) => code)).toContain(
      'WRITES_STOP_ON_BROKER_LOSS',
    );
  });

  it('exits 64 on faults', async () => {
    await expect(run(lint, 'package.json')).rejects.toMatchObject({ exitCode: 64 });
  });
});
