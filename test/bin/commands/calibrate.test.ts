/** What `headroom calibrate` refuses before it touches a cluster, and what it makes of finished runs. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { packageRoot } from '../../../bench/package-root.ts';
import { openResultsFolder } from '../../../bench/results.ts';
import type { Command } from '../../../bin/command.ts';
import { command as calibrate } from '../../../bin/commands/calibrate.ts';
import { command as plan } from '../../../bin/commands/plan.ts';
import { command as report } from '../../../bin/commands/report.ts';
import type { Environment, Measurement } from '../../../lib/measurement/types.ts';
import { parseCalibration } from '../../../lib/plan/calibration/parse.ts';
import { courseCase, environment, runOf } from '../../fixtures/run.ts';
import { courseEvents } from '../../fixtures/use-cases.ts';
import { calibrationWith, machine } from '../../plan/calibration/calibrations.ts';
import { runCommand } from '../run-command.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'headroom-calibrate-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function run(command: Command, ...argv: readonly string[]): Promise<{ stdout: string; exitCode: number }> {
  return await runCommand(command, argv, folder);
}

/** A run on the machine of `calibrationWith`. */
async function runFolder(
  host: Partial<typeof environment.host> = {},
  change: { readonly environment?: Partial<Environment>; readonly measurement?: Partial<Measurement> } = {},
): Promise<string> {
  const path = join(folder, 'run');
  mkdirSync(path);
  const made = runOf(courseCase);
  const results = openResultsFolder(path);
  await results.write('useCase', courseEvents);
  const onMachine = { cpus: machine.cores, cpuModel: machine.cpuModel, ...host };
  await results.write('environment', {
    ...environment,
    host: { ...environment.host, ...onMachine },
    ...change.environment,
  });
  await results.write('measurement', { ...made.measurement, ...change.measurement });
  for (const part of ['plan', 'verdict'] as const) await results.write(part, made[part]);
  return 'run';
}

function stored(): string {
  writeFileSync(join(folder, 'known.json'), JSON.stringify(calibrationWith()));
  return 'known.json';
}

describe('headroom calibrate', () => {
  it.each([
    [['--calibration', 'known.json'], /--calibration goes with --from/],
    [['--from', 'run', '--bootstrap', 'b:9092', '--seed', '1'], /--from reads runs, and --bootstrap, --seed name/],
    [['--cluster-id', 'x'], /there is no --bootstrap/],
    [['--out', '.'], /cannot be written: it is a folder/],
    [['--out', 'nowhere/calibration.json'], /its folder does not take files \(ENOENT\)/],
    [['--from', 'nothing'], /no results folder/],
  ])('%j is refused, and nothing is left', async (argv, reason) => {
    await expect(run(calibrate, ...argv)).rejects.toMatchObject({
      exitCode: 64,
      message: expect.stringMatching(reason),
    });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('compares finished runs with what was measured, adds them, and adds none twice', async () => {
    const { stdout, exitCode } = await run(calibrate, '--from', await runFolder(), '--calibration', stored());
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/predicted cores +measured +off/);
    expect(stdout).toMatch(/course-events 2026-11-21T04:10:22.000Z peak +\d\.\d+ +\d\.\d+ +[+-]/);
    const read = () => parseCalibration(readFileSync(join(folder, 'calibration.json'), 'utf8'), 'calibration.json');
    const known = calibrationWith().observations.length;
    expect(read().observations).toHaveLength(known + 2);
    const again = await run(calibrate, '--from', 'run', '--calibration', 'calibration.json');
    expect(read().observations).toHaveLength(known + 2);
    // What it was fitted to it does not predict.
    expect(again.stdout).not.toContain('predicted cores');
    expect(again.stdout).toContain('made with these runs');
  });

  it('counts a run that is named twice once', async () => {
    await run(calibrate, '--from', await runFolder(), '--from', './run', '--calibration', stored());
    const { observations, measuredAt } = parseCalibration(readFileSync(join(folder, 'calibration.json'), 'utf8'), 'c');
    expect(observations).toHaveLength(calibrationWith().observations.length + 2);
    // The run is older.
    expect(measuredAt).toBe(calibrationWith().measuredAt);
  });

  it('says with exit 2 that two windows of a run tell no costs apart', async () => {
    const { stdout, exitCode } = await run(calibrate, '--from', await runFolder());
    expect(exitCode).toBe(2);
    expect(stdout).toMatch(/CPU not told: 2 observations/);
  });

  const otherMachine = { cpuModel: 'AMD EPYC' };
  const lost = { measurement: { incidents: [{ atMs: 1, kind: 'brokerLost', message: 'broker 2' }] } } as const;
  it.each([
    ['another machine', otherMachine, {}, 'made on AMD EPYC with 8 cores'],
    ['another Kafka', {}, { environment: { versions: { kafka: '4.1.0' } } }, 'made with Kafka 4.1.0, not with 4.3.1'],
    ['fewer brokers than it began with', {}, lost, "no window of it has its brokers' CPU"],
  ])('refuses a run of %s', async (_, host, change, reason) => {
    const from = await runFolder(host, change);
    await expect(run(calibrate, '--from', from, '--calibration', stored())).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining(reason),
    });
  });
});

describe('--calibration', () => {
  const example = join(packageRoot, 'examples/course-events.yaml');

  it('is stated by plan, as text and as JSON', async () => {
    const { stdout } = await run(plan, example, '--calibration', stored());
    expect(stdout).toMatch(/calibrated .* cores for all brokers at peak, .* vCPU; cpu is not judged by it/);
    const { stdout: json } = await run(plan, example, '--calibration', 'known.json', '--json');
    expect(JSON.parse(json)).toMatchObject({ calibration: { judges: false, error: { median: 0.05 } } });
  });

  it('makes report hold the CPU of a run against the prediction', async () => {
    await run(report, await runFolder(), '--calibration', stored());
    const read = (name: string): string => readFileSync(join(folder, 'run', name), 'utf8');
    expect(JSON.parse(read('capacity.json'))).toMatchObject({ cpuChecks: [{ measuredCores: expect.any(Number) }, {}] });
    for (const name of ['capacity.html', 'capacity.md'])
      expect(read(name)).toContain('What the CPU costs, as measured');
    expect(read('capacity.md')).toMatch(/course-events .* peak/);
  });

  it('holds nothing against a run of another machine', async () => {
    await run(report, await runFolder({ cpuModel: 'AMD EPYC' }), '--calibration', stored());
    expect(JSON.parse(readFileSync(join(folder, 'run', 'capacity.json'), 'utf8')).cpuChecks).toEqual([]);
  });

  it.each([
    ['missing.json', 'FILE_UNREADABLE'],
    ['wrong.json', 'CALIBRATION_INVALID'],
  ])('%s is refused before anything is rendered', async (name, code) => {
    writeFileSync(join(folder, 'wrong.json'), '{}');
    const from = await runFolder();
    for (const given of [run(plan, example, '--calibration', name), run(report, from, '--calibration', name)])
      await expect(given).rejects.toMatchObject({ code, exitCode: 64 });
    expect(readdirSync(join(folder, 'run'))).not.toContain('report.html');
  });
});
