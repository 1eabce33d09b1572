import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../../bench/package-root.ts';
import { type CommandContext, parseCommandLine } from '../../../bin/command.ts';
import { command } from '../../../bin/commands/plan.ts';
import { exitCodes } from '../../../lib/errors.ts';
import { usEast1 } from '../../../lib/plan/facts/prices/us-east-1.ts';

const example = 'examples/course-events.yaml';
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'headroom-prices-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function plan(...argv: readonly string[]): Promise<string> {
  let stdout = '';
  const context: CommandContext = {
    ...parseCommandLine(command, [example, ...argv]),
    stdout: (text) => {
      stdout += text;
    },
    stderr: () => {},
    onProgress: () => {},
    signal: new AbortController().signal,
    cwd: packageRoot,
    commandLine: ['headroom', 'plan', ...argv],
  };
  expect(await command.run(context)).toBe(exitCodes.met);
  return stdout;
}

function pricesFile(name: string, table: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(table));
  return path;
}

describe('headroom plan --targets all', () => {
  it('prints a line for each target, and the same as JSON', async () => {
    const text = await plan('--targets', 'all');
    const { targets } = JSON.parse(await plan('--targets', 'all', '--json')) as {
      targets: { name: string; chosen: string; monthlyUsd: number }[];
    };
    expect(targets).toHaveLength(7);
    for (const { name, chosen, monthlyUsd } of targets) {
      expect(text).toContain(name);
      expect(text).toContain(chosen);
      expect(monthlyUsd).toBeGreaterThan(100);
    }
  });

  it('knows nothing but all', async () => {
    await expect(plan('--targets', 'msk')).rejects.toMatchObject({ code: 'USAGE', exitCode: 64 });
  });
});

describe('headroom plan --what-if', () => {
  it('shows the plan beside the changed one', async () => {
    const { base, changed } = JSON.parse(await plan('--what-if', 'peak=x3,retention=14d', '--json'));
    expect(changed.requiredBytes - 5e9).toBe(((base.requiredBytes - 5e9) * 14) / 5);
    expect(changed.monthlyUsd).toBeGreaterThan(base.monthlyUsd);
    expect(await plan('--what-if', 'peak=x3,retention=14d')).toContain('peak=x3,retention=14d');
  });

  it('refuses what it does not understand', async () => {
    await expect(plan('--what-if', 'peek=x3')).rejects.toMatchObject({ code: 'USAGE', exitCode: 64 });
  });
});

describe('headroom plan --sensitivity', () => {
  it('names the inputs by how much they move the result', async () => {
    const { inputs } = JSON.parse(await plan('--sensitivity', '--json')) as { inputs: { extraUsd: number }[] };
    const moved = inputs.map(({ extraUsd }) => Math.round(Math.abs(extraUsd)));
    expect(moved).toEqual(moved.toSorted((a, b) => b - a));
    expect(moved[0]).toBeGreaterThan(0);
  });

  it('is asked for alone', async () => {
    await expect(plan('--sensitivity', '--targets', 'all')).rejects.toMatchObject({ code: 'USAGE', exitCode: 64 });
  });
});

describe('headroom plan --prices', () => {
  it('takes the prices of the file in place of those carried', async () => {
    const doubled = Object.fromEntries(Object.entries(usEast1.mskBrokerHour).map(([type, usd]) => [type, usd * 2]));
    const file = pricesFile('doubled.json', { ...usEast1, asOf: '2026-11-20', mskBrokerHour: doubled });
    const carried = JSON.parse(await plan('--json')).cost;
    const given = JSON.parse(await plan('--prices', file, '--json')).cost;
    expect(given.pricesAsOf).toBe('2026-11-20');
    expect(given.items[0].monthlyUsd).toBeCloseTo(carried.items[0].monthlyUsd * 2, 2);
  });

  it('lists the faults of the file, exit 64', async () => {
    const file = pricesFile('typo.json', { ...usEast1, mskStorageGbMont: 0.1 });
    await expect(plan('--prices', file)).rejects.toMatchObject({ code: 'PRICES_INVALID', exitCode: 64 });
    const other = pricesFile('other.json', { ...usEast1, region: 'eu-west-1' });
    await expect(plan('--prices', other)).rejects.toMatchObject({ code: 'PRICES_INVALID', exitCode: 64 });
    await expect(plan('--prices', join(folder, 'none.json'))).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
  });
});
