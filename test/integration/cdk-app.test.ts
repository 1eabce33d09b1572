import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { packageRoot } from '../../bench/package-root.ts';

// The built program as the CDK CLI starts it: context and output folder come through the environment.
let out = '';
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), 'headroom-cdk-'));
});
afterEach(() => {
  rmSync(out, { recursive: true });
});

const { context } = JSON.parse(readFileSync(join(packageRoot, 'cdk.json'), 'utf8')) as {
  context: Record<string, unknown>;
};

function runApp(change: Record<string, unknown>) {
  return spawnSync(process.execPath, [join(packageRoot, 'dist', 'bin', 'app.js')], {
    cwd: packageRoot,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, CDK_OUTDIR: out, CDK_CONTEXT_JSON: JSON.stringify({ ...context, ...change }) },
  });
}

describe('the CDK app', () => {
  it('makes the stack of the example from cdk.json, with context on top and without an account', () => {
    const { status, stderr } = runApp({ volumeGiB: '77' });
    expect(stderr).toBe('');
    expect(status).toBe(0);
    const template = readFileSync(join(out, 'headroom-course-events.template.json'), 'utf8');
    expect(template).toContain('"NumberOfBrokerNodes": 3');
    expect(template).toContain('"InstanceType": "kafka.m7g.large"');
    expect(template).toContain('"VolumeSize": 77');
    const report = JSON.parse(readFileSync(join(out, 'validation-report.json'), 'utf8')) as {
      pluginReports: { violations: unknown[] }[];
    };
    expect(report.pluginReports.flatMap(({ violations }) => violations)).toEqual([]);
  });

  it.each([
    ['an instance type MSK has not', { instanceType: 'm7g.large' }, 'such as kafka.m7g.large, got "m7g.large"'],
    ['a file with faults', { useCase: 'package.json' }, 'package.json'],
  ])('says what is wrong with %s and exits 64', (_, change, text) => {
    const { status, stderr } = runApp(change);
    expect(stderr).toContain(text);
    expect(stderr).not.toContain('    at ');
    expect(status).toBe(64);
  });
});
