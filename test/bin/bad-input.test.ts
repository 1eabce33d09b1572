/** Bad input through the commands: all faults at once, each with its place, and exit code 64. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../bench/package-root.ts';
import { type Command, parseCommandLine } from '../../bin/command.ts';
import { command as lint } from '../../bin/commands/lint.ts';
import { command as plan } from '../../bin/commands/plan.ts';
import { HeadroomError } from '../../lib/errors.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'headroom-bad-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function written(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return name;
}

async function refusal(command: Command, ...argv: readonly string[]): Promise<string> {
  const context = {
    ...parseCommandLine(command, argv),
    stdout: () => {},
    stderr: () => {},
    onProgress: () => {},
    signal: new AbortController().signal,
    cwd: folder,
    commandLine: argv,
  };
  const error: unknown = await command.run(context).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof HeadroomError)) throw new Error(`not refused: ${String(error)}`);
  expect(error.exitCode).toBe(64);
  return error.message;
}

const everything = `apiVersion: headroom/v1
useCase: everything-wrong
cluster: { target: msk-express, region: us-esat-1, zones: 2, brokers: 3 }
topics:
  - name: order.sent
    message: { size: 1 KB }
    produce: { rate: -5/s }
    retention: { time: 1m }
    replicas: 4
  - name: order_sent
    message: { size: 1 KB }
    produce: { rate: 9000000000000000/s }
    retention: { time: 5d }
`;

describe('a use case', () => {
  it.each([
    ['plan', plan],
    ['lint', lint],
  ])('with every fault at once is refused by %s with all of them', async (_name, command) => {
    const text = await refusal(command, written('wrong.yaml', everything));
    const places = [...text.matchAll(/wrong\.yaml:(\d+):\d+ (\S+):/g)].map(([, line, path]) => `${line} ${path}`);
    expect(places).toEqual([
      '3 cluster.region',
      '3 cluster.zones',
      '7 topics[0].produce.rate',
      '8 topics[0].retention.time',
      '9 topics[0].replicas',
      '10 topics[1].name',
      '12 topics[1].produce.rate',
    ]);
    expect(text).toMatch(/without a sign/);
    expect(text).toMatch(/absurd/);
    expect(text).toMatch(/did you mean "us-east-1"/);
    expect(text).toMatch(/collide in metric names/);
  });

  it('that reads well but cannot be planned is refused with file, line and column', async () => {
    const text = await refusal(
      plan,
      written(
        'large.yaml',
        `apiVersion: headroom/v1
useCase: large
cluster: { target: msk-serverless, region: us-east-1 }
topics:
  - name: large
    message: { size: 9 MiB }
    produce: { rate: 1/s }
    retention: { time: 5d }
  - name: larger
    message:
      size: 10 MiB
    produce: { rate: 1/s }
    retention: { time: 5d }
`,
      ),
    );
    expect(text).toMatch(/^large cannot be planned, 2 faults:/);
    expect(text).toMatch(/ {2}large\.yaml:6:22 topics\[0\]\.message\.size: msk-serverless takes messages up to/);
    expect(text).toMatch(/ {2}large\.yaml:11:13 topics\[1\]\.message\.size: /);
  });
});

describe('a price file', () => {
  it('with typos is refused with all of them, line and column', async () => {
    const useCase = written('good.yaml', readFileSync(join(packageRoot, 'examples/course-events.yaml'), 'utf8'));
    const prices = written(
      'prices.yaml',
      `region: us-east-1
asOf: 2026-11-21
mskStorageGbMont: 0.1
gp3GbMonth: -1
mskBrokerHour:
  kafka.m5.larg: 0.2
  kafka.m5.large: free
hoursPerMonth: 100
`,
    );
    const text = await refusal(plan, useCase, '--prices', prices);
    expect(text.split('\n')).toEqual([
      'prices.yaml is no price table, 5 faults:',
      expect.stringMatching(/^ {2}prices\.yaml:3:1 mskStorageGbMont: not known, did you mean mskStorageGbMonth\?/),
      expect.stringMatching(
        /^ {2}prices\.yaml:4:13 gp3GbMonth: expected USD as a number of at least 0, or null, got -1/,
      ),
      expect.stringMatching(
        /^ {2}prices\.yaml:6:3 mskBrokerHour\.kafka\.m5\.larg: not known, did you mean kafka\.m5\.large\?/,
      ),
      expect.stringMatching(/^ {2}prices\.yaml:7:19 mskBrokerHour\.kafka\.m5\.large: .*got "free"/),
      expect.stringMatching(/^ {2}prices\.yaml:8:16 hoursPerMonth: expected 672 to 744 hours, got 100/),
    ]);
  });
});
