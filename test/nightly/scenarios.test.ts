/**
 * The ten scenarios as a user runs them, each within its 90 s, and what must come out of them. Their results stay in
 * results/scenarios: `node scripts/scenario-pages.mjs results/scenarios` makes docs/experiments of them.
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { packageRoot } from '../../bench/package-root.ts';
import { scenarios } from '../../bench/scenarios/index.ts';
import type { ScenarioResult } from '../../lib/experiment/scenario-result.ts';
import { rowsOf } from '../integration/scenario-run.ts';

const program = join(packageRoot, 'dist', 'bin', 'headroom.js');
const timeLimitMs = 90_000;
/** Starting brokers on a machine that does other things, too. */
const toleranceMs = 30_000;

const claims: Readonly<Record<string, (result: ScenarioResult) => void>> = {
  acks: (result) => {
    const [forgetful] = rowsOf(result, 'A broker hangs and dies');
    expect(forgetful).toMatchObject({ acks: 'acks=0' });
    expect(forgetful?.['lost of the acknowledged']).toBeGreaterThan(0);
  },
  idempotence: (result) => {
    const rows = rowsOf(result, 'One request fails');
    const sum = (idempotence: string, column: string) =>
      rows.filter((row) => row.idempotence === idempotence).reduce((total, row) => total + Number(row[column]), 0);
    expect(sum('off', 'written twice')).toBeGreaterThan(0);
    expect(sum('off', 'out of order')).toBeGreaterThan(0);
    expect(sum('on', 'written twice') + sum('on', 'out of order')).toBe(0);
  },
  compression: (result) => {
    const rows = rowsOf(result, 'Codec, entropy and batch size').filter(({ codec }) => codec !== 'none');
    const ratios = (entropy: number) => rows.filter((row) => row.entropy === entropy).map(({ ratio }) => Number(ratio));
    expect(Math.max(...ratios(0))).toBeLessThan(0.2);
    expect(Math.min(...ratios(1))).toBeGreaterThan(0.85);
  },
  sending: (result) => {
    const noticed = rowsOf(result, 'One sender').map((row) => row['of 100 refused records the sender learned of']);
    expect(noticed).toEqual([100, 100, 0]);
  },
  transactions: (result) => {
    const held = rowsOf(result, 'From send to read while a transaction is held open').at(-1);
    expect(held?.['in it, read_committed, ms']).toBeGreaterThanOrEqual(1_000);
    expect(held?.['behind it, read_committed, ms']).toBeGreaterThanOrEqual(900);
    expect(held?.['behind it, read_uncommitted, ms']).toBeLessThan(900);
  },
  commit: (result) => {
    const rows = rowsOf(result, '600 records, a consumer killed 2 times');
    const of = (mode: string) => rows.find((row) => row.mode === mode);
    expect(of('before')?.lost).toBeGreaterThan(0);
    for (const mode of ['sync', 'RECORD', 'BATCH', 'TIME', 'COUNT', 'MANUAL', 'MANUAL_IMMEDIATE']) {
      expect(of(mode), mode).toMatchObject({ lost: 0 });
    }
    // At most the record whose commit the kill has overtaken, each time.
    expect(of('RECORD')?.['read twice']).toBeLessThanOrEqual(2);
  },
  session: (result) => {
    const rows = rowsOf(result, 'Stands still, and reads twice');
    for (const row of rows) expect(row['crash, ms']).toBeGreaterThan(Number(row['session, ms']) / 2);
    const idle = rowsOf(result, 'More consumers than partitions').map((row) => row['members without a partition']);
    expect(idle).toEqual([2, 2]);
  },
};

it.each(Object.keys(scenarios))('%s', async (name) => {
  const args = ['bench', name, 'examples/course-events.yaml', '--json', '--seed', '1', '--out', 'results/scenarios'];
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...args], {
    cwd: packageRoot,
    maxBuffer: 64 * 1_024 * 1_024,
  }).catch((error: { stdout?: string; code?: number }) => {
    // Inconclusive is an end, too, and has a reason.
    if (error.code === 2 && error.stdout !== undefined) return { stdout: error.stdout };
    throw error;
  });
  const result = JSON.parse(stdout) as ScenarioResult;
  expect(result.answer.text).not.toBe('');
  expect(result.durationMs).toBeLessThan(timeLimitMs + toleranceMs);
  claims[name]?.(result);
});
