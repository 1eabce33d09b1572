import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib/core';
import { afterAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../bench/package-root.ts';
import { contextNames, readContext } from '../../bin/app-context.ts';
import { readPlan } from '../../bin/read-plan.ts';
import { HeadroomError } from '../../lib/errors.ts';

const useCase = 'examples/course-events.yaml';
const read = (context: Record<string, unknown>) =>
  readContext(new App({ analyticsReporting: false, context: { useCase, ...context } }));

const vpcId = 'vpc-0a1b2c3d';
const brokerSubnetIds = 'subnet-0a1b2c3d,subnet-0a1b2c3e,subnet-0a1b2c3f';

describe('the context of the app', () => {
  it('is read into what the stacks take, nothing where nothing is stated', () => {
    expect(read({})).toEqual({
      useCase,
      plan: undefined,
      target: undefined,
      tieredLocalMs: undefined,
      stacks: { msk: {}, monitoring: {} },
    });
    const stated = read({ target: 'ec2', volumeGiB: '77', generation: 2, tieredLocal: '24h', scramUsers: 'a, b' });
    expect(stated).toMatchObject({ target: 'ec2', tieredLocalMs: 86_400_000 });
    expect(stated.stacks.msk).toEqual({
      volumeGiB: 77,
      generation: 2,
      tieredLocalMs: 86_400_000,
      scramUsers: ['a', 'b'],
    });
  });

  it('names a VPC by ids', () => {
    expect(read({ vpcId, brokerSubnetIds, availabilityZones: 'a,b,c' }).stacks).toMatchObject({
      existingVpc: { vpcId, availabilityZones: ['a', 'b', 'c'], brokerSubnetIds: brokerSubnetIds.split(',') },
    });
  });

  it.each<[string, Record<string, unknown>, string]>([
    [
      'a target of no list',
      { target: 'msk-expres' },
      'expected msk | msk-express | msk-serverless | ec2, got "msk-expres"',
    ],
    ['a target that has no stack', { target: 'existing' }, 'target: expected msk | msk-express | msk-serverless | ec2'],
    ['a misspelt name', { instancetype: 'x' }, 'instancetype: no such value, did you mean instanceType?'],
    ['a tier of no time', { tieredLocal: '24' }, 'tieredLocal: expected a duration such as 24h, got "24"'],
    ['a VPC without zones', { vpcId, brokerSubnetIds }, 'availabilityZones: an existing VPC needs them too'],
    ['a VPC without subnets', { vpcId, availabilityZones: 'a,b,c' }, 'brokerSubnetIds: an existing VPC needs them too'],
    ['subnets without a VPC', { brokerSubnetIds }, 'vpcId: subnets are named with their VPC'],
    ['a plan for another target', { plan: 'plan.json', target: 'msk' }, 'target: the plan is made already'],
    ['software without an image', { artifacts: 'a.json' }, 'imageId: nodes on EC2 need it too'],
    ['controllers of no list', { controllers: 'both', imageId: 'x' }, 'expected dedicated | combined, got "both"'],
    ['a sign-in of no list', { grafana: 'true' }, 'grafana: expected AWS_SSO | SAML, got "true"'],
    ['all faults at once', { target: 'x', tieredLocal: 'y' }, '"x"\n  tieredLocal'],
  ])('is refused: %s', (_, context, text) => {
    expect(() => read(context)).toThrowError(HeadroomError);
    expect(() => read(context)).toThrowError(text);
  });
});

describe('software of nodes on EC2', () => {
  const folder = mkdtempSync(join(tmpdir(), 'headroom-artifacts-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const artifacts = join(folder, 'artifacts.json');
  const part = { key: 'a.tgz', sha512: 'a'.repeat(128) };
  const whole = { bucketName: 'software', kafka: part, jmxExporter: part, nodeExporter: part };
  const ec2 = (value: unknown) => {
    writeFileSync(artifacts, JSON.stringify(value));
    return read({
      imageId: 'ami-1',
      artifacts,
      generation: 2,
      controllers: 'combined',
      volumeGenerations: '3:2, 1001:x',
    }).stacks.ec2;
  };

  it('is read from its file', () => {
    expect(ec2(whole)).toEqual({
      imageId: 'ami-1',
      artifacts: whole,
      generation: 2,
      controllers: 'combined',
      volumeGenerations: { 3: 2, 1001: Number.NaN },
    });
  });

  it.each<[string, unknown, string]>([
    ['no part', null, 'lacks bucketName, kafka { key, sha512 }, jmxExporter { key, sha512 }'],
    ['half a part', { ...whole, kafka: { key: 'a' } }, 'artifacts.json lacks kafka { key, sha512 }'],
  ])('is refused when it holds %s', (_, value, text) => {
    expect(() => ec2(value)).toThrowError(HeadroomError);
    expect(() => ec2(value)).toThrowError(text);
  });

  it('is refused when it is not there', () => {
    expect(() => read({ imageId: 'ami-1', artifacts: join(folder, 'none.json') })).toThrowError(
      'cannot be read as JSON',
    );
  });
});

describe('the image of the nightly bench', () => {
  it('is taken with the address of the alarms', () => {
    expect(read({ benchImage: 'headroom:0.1.0', alarmEmail: 'ops@example.com' }).bench).toEqual({
      image: 'headroom:0.1.0',
      email: 'ops@example.com',
    });
  });
  it('is refused beside a plan, which the bench cannot run', () => {
    expect(() => read({ benchImage: 'headroom:0.1.0', plan: 'plan.json' })).toThrowError(
      /benchImage: the bench runs the use case/,
    );
  });
});

describe('docs/deploy.md', () => {
  it('names every value', () => {
    const page = readFileSync(join(packageRoot, 'docs', 'deploy.md'), 'utf8');
    expect(Object.keys(contextNames).filter((name) => !page.includes(`${name}=`))).toEqual([]);
  });
});

describe('a stored plan', () => {
  const folder = mkdtempSync(join(tmpdir(), 'headroom-plan-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const stored = (text: string): string => {
    const path = join(folder, 'plan.json');
    writeFileSync(path, text);
    return path;
  };

  it.each([
    ['no JSON', 'apiVersion: headroom/v1', 'cannot be read as JSON'],
    ['no plan', '{}', 'is no plan: it has no schemaVersion'],
    ['nothing', 'null', 'is no plan'],
    ['a plan of another version', '{"schemaVersion":99}', 'a plan of schemaVersion 99, this version reads 1'],
    ['half a plan', '{"schemaVersion":1,"topics":[],"storage":{},"cluster":null}', 'cluster, cost, growth missing'],
  ])('is refused when it is %s', (_, text, message) => {
    expect(() => readPlan(stored(text))).toThrowError(HeadroomError);
    expect(() => readPlan(stored(text))).toThrowError(message);
  });

  it('is refused when it is not there', () => {
    expect(() => readPlan(join(folder, 'none.json'))).toThrowError('cannot be read');
  });
});
