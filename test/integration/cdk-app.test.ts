import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { packageRoot } from '../../bench/package-root.ts';
import { readUseCase } from '../../bin/read-use-case.ts';
import { planUseCase } from '../../lib/plan/plan.ts';

// The built program as the CDK CLI starts it: context and output folder come through the environment.
let scratch = '';
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'headroom-cdk-'));
});
afterEach(() => {
  rmSync(scratch, { recursive: true });
});

const { context } = JSON.parse(readFileSync(join(packageRoot, 'cdk.json'), 'utf8')) as {
  context: Record<string, unknown>;
};
const app = join(packageRoot, 'dist', 'bin', 'app.js');

/** A process in a network namespace of its own reaches nothing; where the machine forbids one, at least no proxy or account is known. */
const alone = spawnSync('unshare', ['-rn', 'true']).status === 0 ? ['unshare', '-rn'] : [];

function runApp(change: Record<string, unknown>, out = join(scratch, 'out')) {
  const [program = '', ...options] = [...alone, process.execPath, app];
  return spawnSync(program, options, {
    cwd: packageRoot,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, CDK_OUTDIR: out, CDK_CONTEXT_JSON: JSON.stringify({ ...context, ...change }) },
  });
}

/** Path -> text of every file of a folder. */
function filesOf(folder: string): Readonly<Record<string, string>> {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted();
  const files = paths.filter((path) => statSync(join(folder, path)).isFile());
  return Object.fromEntries(files.map((path) => [path, readFileSync(join(folder, path), 'utf8')]));
}

// Whole programs on a machine that may be busy.
describe('the CDK app', { timeout: 300_000 }, () => {
  it('makes the nightly bench too when its image is named, and nothing speaks against its template', () => {
    const out = join(scratch, 'bench');
    const { status, stderr } = runApp({ benchImage: 'headroom:0.1.0' }, out);
    expect(stderr).toBe('');
    expect(status).toBe(0);
    const files = filesOf(out);
    expect(files['headroom-course-events-bench.template.json']).toContain('AWS::StepFunctions::StateMachine');
    expect(files['headroom-course-events-network.template.json']).toContain('AWS::EC2::NatGateway');
  });

  it('makes the stacks of the example from cdk.json, with context on top, without network or account, and the same of its plan', () => {
    const plan = join(scratch, 'plan.json');
    const useCase = 'examples/course-events.yaml';
    writeFileSync(plan, JSON.stringify(planUseCase(readUseCase(useCase, packageRoot).requirements)));
    const [first, second] = [{ useCase }, { plan }].map((source, index) => {
      const out = join(scratch, String(index));
      const { status, stderr } = runApp({ ...source, volumeGiB: '77' }, out);
      expect(stderr).toBe('');
      expect(status).toBe(0);
      return filesOf(out);
    });
    expect(second).toEqual(first);
    const template = first?.['headroom-course-events-cluster.template.json'];
    expect(template).toContain('"NumberOfBrokerNodes": 3');
    expect(template).toContain('"InstanceType": "kafka.m7g.large"');
    expect(template).toContain('"VolumeSize": 77');
    expect(first).toHaveProperty(['headroom-course-events-network.template.json']);
  });

  it('runs under the CDK command', () => {
    const out = join(scratch, 'cli');
    const { status, stderr } = spawnSync(
      process.execPath,
      [
        join(packageRoot, 'node_modules', 'aws-cdk', 'bin', 'cdk'),
        ...['synth', '--quiet', '--no-notices', '--build', 'true', '--output', out],
        ...['-c', 'useCase=examples/purchase-history.yaml', '-c', 'target=msk-express'],
      ],
      {
        cwd: packageRoot,
        encoding: 'utf8',
        env: { PATH: process.env.PATH, HOME: scratch, CDK_DISABLE_CLI_TELEMETRY: 'true' },
      },
    );
    expect([status, stderr]).toEqual([0, expect.not.stringContaining('ERROR')]);
    expect(filesOf(out)['headroom-purchase-history-cluster.template.json']).toContain('"express.m7g.');
  });
});

describe('the CDK app refuses', { timeout: 300_000 }, () => {
  const vpc = { vpcId: 'vpc-0a1b2c3d', availabilityZones: 'us-east-1a,us-east-1b,us-east-1c' };
  const two = 'subnet-0000000a,subnet-0000000b';
  const example = () => readFileSync(join(packageRoot, 'examples', 'course-events.yaml'), 'utf8');
  const written = (name: string, text: string): string => {
    writeFileSync(join(scratch, name), text);
    return join(scratch, name);
  };
  it.each<[string, () => Record<string, unknown>, RegExp]>([
    ['a type of another list', () => ({ instanceType: 'm7g.large' }), /kafka\.m7g\.large, kafka\.m7g\.xlarge/],
    [
      'a target that is not possible for the use case',
      () => ({ useCase: written('two.yaml', example().replace('zones: 3', 'zones: 2')), target: 'msk-express' }),
      /cluster\.zones: msk-express spans 3 zones, not 2/,
    ],
    [
      'subnets that do not match the zones',
      () => ({ ...vpc, brokerSubnetIds: two }),
      /brokerSubnetIds: one a zone, got 2 for 3/,
    ],
    [
      'a VPC without three zones',
      () => ({ ...vpc, availabilityZones: 'us-east-1a,us-east-1b', brokerSubnetIds: two }),
      /the plan has 3 zones, 2 are named: us-east-1a, us-east-1b/,
    ],
    [
      'a use case that no plan for the target satisfies, with its place',
      () => ({
        useCase: written('big.yaml', example().replace('size: 200 B', 'size: 9 MB')),
        target: 'msk-serverless',
      }),
      /big\.yaml:\d+:\d+ topics\[0\]\.message\.size: msk-serverless takes messages up to/,
    ],
    [
      'a name too long',
      () => ({ useCase: written('long.yaml', example().replace('course-events', 'a'.repeat(63))) }),
      /useCase: MSK takes cluster names of 1 to 64 letters/,
    ],
    [
      'a plan of another schema version',
      () => ({ plan: written('plan.json', JSON.stringify({ schemaVersion: 2 })) }),
      /is a plan of schemaVersion 2, this version reads 1/,
    ],
  ])('%s, in words that say what to change, with exit code 64', (_, change, text) => {
    const { status, stderr } = runApp(change());
    expect(stderr).toMatch(text);
    expect(stderr).not.toContain('    at ');
    expect(status).toBe(64);
  });
});
