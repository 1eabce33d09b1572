import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { packageRoot } from '../../../bench/package-root.ts';
import { openResultsFolder } from '../../../bench/results.ts';
import { command } from '../../../bin/commands/report.ts';
import { exitCodes } from '../../../lib/errors.ts';
import { courseCase, runOf } from '../../fixtures/run.ts';
import { courseEvents } from '../../fixtures/use-cases.ts';
import { runCommand } from '../run-command.ts';

const example = join(packageRoot, 'examples/course-events.yaml');
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'headroom-report-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function report(...argv: readonly string[]): Promise<string> {
  const { exitCode, stdout } = await runCommand(command, argv, folder);
  expect(exitCode).toBe(exitCodes.met);
  return stdout;
}

const files = ['capacity.html', 'capacity.json', 'capacity.md'];

describe('headroom report FILE', () => {
  it('writes the capacity report without a run, where it is told to or beside the results', async () => {
    expect(await report(example, '--out', 'there')).toContain(`report  ${join('there', 'capacity.html')}`);
    expect(readdirSync(join(folder, 'there')).toSorted()).toEqual(files);
    await report(example);
    expect(readdirSync(join(folder, 'results/course-events/capacity')).toSorted()).toEqual(files);
  });

  it('prints as JSON what it writes', async () => {
    const printed = await report(example, '--json', '--out', 'there');
    expect(printed).toBe(readFileSync(join(folder, 'there/capacity.json'), 'utf8'));
    expect(JSON.parse(printed)).toMatchObject({ schemaVersion: 1, useCase: 'course-events', proof: null });
  });

  it('refuses prices of another region, and a file that is not there', async () => {
    const prices = join(folder, 'prices.json');
    const { writeFileSync } = await import('node:fs');
    writeFileSync(prices, JSON.stringify({ region: 'eu-west-1', asOf: '2026-11-21' }));
    await expect(report(example, '--prices', prices)).rejects.toMatchObject({ code: 'PRICES_INVALID', exitCode: 64 });
    await expect(report('missing.yaml')).rejects.toMatchObject({ code: 'FILE_UNREADABLE', exitCode: 64 });
  });
});

describe('headroom report DIR', () => {
  async function runFolder(): Promise<string> {
    const results = openResultsFolder(folder);
    const run = runOf(courseCase);
    await results.write('useCase', courseEvents);
    for (const part of ['plan', 'environment', 'measurement', 'verdict'] as const) await results.write(part, run[part]);
    return folder;
  }

  it('renders the run again and adds the capacity report with what was proven', async () => {
    const text = await report(await runFolder());
    expect(text).toContain(`report  ${join(folder, 'report.html')}`);
    expect(text).toContain(`capacity  ${join(folder, 'capacity.html')}`);
    expect(JSON.parse(readFileSync(join(folder, 'capacity.json'), 'utf8'))).toMatchObject({
      proof: { outcome: 'met', target: 'local' },
    });
  });

  it('writes into its own folder alone', async () => {
    await expect(report(await runFolder(), '--out', 'there')).rejects.toMatchObject({ code: 'USAGE', exitCode: 64 });
  });
});
