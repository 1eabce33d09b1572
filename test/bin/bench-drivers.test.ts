import { expect, it } from 'vitest';
import type { DriverBenchmark } from '../../bench/drivers/benchmark.ts';
import { renderDrivers } from '../../bin/bench-drivers.ts';
import { command } from '../../bin/commands/bench.ts';

it('refuses what the comparison cannot take into account, before anything is started', async () => {
  const refusal = command.run({
    positionals: ['drivers'],
    options: { vary: ['acks=0,1'], rounds: '2' },
    stdout: () => expect.unreachable('a result'),
    stderr: () => {},
    onProgress: () => expect.unreachable('progress'),
    signal: new AbortController().signal,
    cwd: '.',
    commandLine: [],
  });
  await expect(refusal).rejects.toMatchObject({
    code: 'USAGE',
    exitCode: 64,
    message: expect.stringContaining('--vary'),
  });
});

it('shows rows and ratios, and a dash where there is no figure', () => {
  const result: DriverBenchmark = {
    schemaVersion: 1,
    measuredAt: '2026-01-02T03:04:05.000Z',
    host: { cpus: 2, cpuModel: 'model', memoryBytes: 16e9, os: 'Linux 6' },
    hostNoiseP99Ms: 0.4,
    versions: { node: 'v20.20.2', kafka: '4.3.1' },
    ceiling: { recordsPerSec: 900_000, cpuMicrosPerRecord: 1.05 },
    rows: [
      {
        driver: 'java',
        version: '4.3.1',
        direction: 'produce',
        scenario: 'acks=1 RF 1',
        recordsPerSec: 400_000,
        bytesPerSec: 8e7,
        clientCpuMicrosPerRecord: 3.2,
        p50Ms: 5,
        p99Ms: 31.4,
        slipP99Ms: null,
        repeats: 3,
        limit: 'client',
      },
    ],
    leftOut: [{ driver: 'k6', reason: 'no go on PATH' }],
    ratios: [
      {
        metric: 'clientCpuMicrosPerRecord',
        direction: 'produce',
        scenario: 'acks=1 RF 1',
        driver: 'engine',
        against: 'java',
        value: 0.08,
        low: 0.07,
        high: 0.09,
      },
    ],
  };
  const text = renderDrivers(result);
  expect(text).toContain('2 x model, Node.js v20.20.2, Kafka 4.3.1, host noise 0.40 ms\n');
  expect(text).toMatch(/produce +acks=1 RF 1 +java 4\.3\.1 +400,000 +3\.200 +5\.0 +31\.4 +- +client +3/);
  expect(text).toMatch(/engine +java +clientCpuMicrosPerRecord +0\.080 +0\.070 to 0\.090/);
});
