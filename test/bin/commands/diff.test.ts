import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../../bench/package-root.ts';
import type { CommandContext } from '../../../bin/command.ts';
import { command } from '../../../bin/commands/diff.ts';

const useCase = 'examples/course-events.yaml';
let folder = '';
let shrunk = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'headroom-diff-'));
  shrunk = write(
    'shrunk.yaml',
    readFileSync(join(packageRoot, useCase), 'utf8').replace('peak: 1000/s', 'peak: 500/s'),
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, content: unknown): string {
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

async function diff(before: string, after: string, options: CommandContext['options'] = {}) {
  let text = '';
  const exitCode = await command.run({
    positionals: [before, after],
    options,
    stdout: (part) => {
      text += part;
    },
    stderr: () => {},
    onProgress: () => {},
    signal: new AbortController().signal,
    cwd: packageRoot,
    commandLine: ['headroom', 'diff', before, after],
  });
  return { exitCode, text };
}

const template = (size: number) => ({
  Resources: {
    Disk: { Type: 'AWS::EC2::Volume', DeletionPolicy: 'Retain', Properties: { AvailabilityZone: 'a', Size: size } },
  },
});

describe('headroom diff', () => {
  it('of a use case with itself finds nothing', async () => {
    expect(await diff(useCase, useCase)).toEqual({ exitCode: 0, text: `${useCase} -> ${useCase}: no change\n` });
  });

  it('exits 1 when Kafka cannot do it, and prints the same as JSON', async () => {
    expect((await diff(useCase, shrunk)).exitCode).toBe(1);
    const { exitCode, text } = await diff(useCase, shrunk, { json: true });
    expect(exitCode).toBe(1);
    expect(JSON.parse(text)).toMatchObject({
      schemaVersion: 1,
      outcome: 'notMet',
    });
    expect(JSON.parse(text).errors).toContainEqual(
      expect.objectContaining({ effect: 'refused', path: 'PartitionCount', before: '10', after: '6' }),
    );
    expect((await diff(shrunk, useCase)).exitCode).toBe(0);
  });

  it('compares two templates, whatever their names, and two folders of cdk synth', async () => {
    const [small, large] = [write('small.json', template(10)), write('large.json', template(20))];
    expect((await diff(small, large)).exitCode).toBe(0);
    expect((await diff(large, small)).text).toContain('refused: Size of Disk, 20 -> 10');
    write('one/a.template.json', template(20));
    write('two/a.template.json', template(20));
    write('two/b.template.json', template(20));
    const { exitCode, text } = await diff(join(folder, 'two'), join(folder, 'one'));
    expect(exitCode).toBe(1);
    expect(text).toContain('remove: Disk\n    it stays in the account with its data');
  });

  it('writes the templates of the steps', async () => {
    const cluster = (brokers: number, type: string, version: string) => ({
      Resources: {
        Kafka: {
          Type: 'AWS::MSK::Cluster',
          Properties: {
            NumberOfBrokerNodes: brokers,
            KafkaVersion: version,
            BrokerNodeGroupInfo: { InstanceType: type },
          },
        },
      },
    });
    const old = write('old/c.template.json', cluster(3, 'kafka.m5.large', '4.0.x.kraft'));
    const next = write('next/c.template.json', cluster(6, 'kafka.m5.xlarge', '4.1.x.kraft'));
    const steps = join(folder, 'steps');
    expect((await diff(dirname(old), dirname(next), { steps })).exitCode).toBe(0);
    expect(readdirSync(steps).toSorted()).toEqual(['step-1', 'step-2']);
    const read = (step: string) => JSON.parse(readFileSync(join(steps, step, 'c.template.json'), 'utf8'));
    expect(read('step-1')).toEqual(cluster(3, 'kafka.m5.xlarge', '4.0.x.kraft'));
    expect(read('step-2')).toEqual(cluster(6, 'kafka.m5.xlarge', '4.0.x.kraft'));
    await expect(diff(useCase, useCase, { steps })).rejects.toMatchObject({
      exitCode: 64,
      message: expect.stringMatching(/takes templates/),
    });
  });

  it.each<[string, () => [string, string], string, RegExp]>([
    ['a file that is not there', () => [useCase, 'none.json'], 'FILE_UNREADABLE', /none.json cannot be read/],
    ['what is no JSON', () => [useCase, write('x.json', '{')], 'FILE_UNREADABLE', /as JSON/],
    ['what is no plan', () => [useCase, write('y.json', {})], 'USAGE', /is no plan: it has no schemaVersion/],
    [
      'a plan of another version',
      () => [useCase, write('z.json', { schemaVersion: 2 })],
      'USAGE',
      /of schemaVersion 2, this version reads 1/,
    ],
    ['a plan beside a template', () => [useCase, write('t.json', template(1))], 'USAGE', /is a plan, .* a template/],
    [
      'plans of two use cases',
      () => [useCase, 'examples/purchase-history.yaml'],
      'USAGE',
      /their stacks share nothing/,
    ],
    ['a folder without templates', () => ['docs', 'docs'], 'USAGE', /docs holds no \*.template.json/],
  ])('refuses %s', async (_, sides, code, message) => {
    await expect(diff(...sides())).rejects.toMatchObject({
      code,
      exitCode: 64,
      message: expect.stringMatching(message),
    });
  });

  it('refuses a use case with faults, and a target without stacks', async () => {
    const text = readFileSync(join(packageRoot, useCase), 'utf8');
    const faulty = write('faulty.yaml', text.replace('peak: 1000/s', 'peak: many'));
    await expect(diff(useCase, faulty)).rejects.toMatchObject({ code: 'USE_CASE_INVALID', exitCode: 64 });
    const existing = write('existing.yaml', text.replace(/target: msk\b/, 'target: existing'));
    await expect(diff(existing, existing)).rejects.toMatchObject({
      exitCode: 64,
      message: expect.stringMatching(/no stack/),
    });
  });
});
