/** The package as others get it: packed, installed into an app of theirs, one construct typed and synthesised there. Takes packages from the registry. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../bench/package-root.ts';

const { devDependencies } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as {
  devDependencies: Readonly<Record<string, string>>;
};

let app = '';
beforeAll(() => {
  app = mkdtempSync(join(tmpdir(), 'headroom-scratch-app-'));
  const [tarball] = run('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', app], packageRoot).split(
    '\n',
  );
  writeFileSync(join(app, 'package.json'), JSON.stringify({ name: 'scratch', private: true, type: 'module' }));
  const packages = ['aws-cdk-lib', 'constructs'].map((name) => `${name}@${devDependencies[name]}`);
  const quietly = ['--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  run('npm', ['install', ...quietly, `./${tarball}`, ...packages], app);
});
afterAll(() => rmSync(app, { recursive: true, force: true }));

function run(program: string, options: readonly string[], cwd: string, env: NodeJS.ProcessEnv = process.env): string {
  const { status, stdout, stderr } = spawnSync(program, options, { cwd, env, encoding: 'utf8' });
  expect([status, status === 0 ? '' : stdout + stderr], `${program} ${options.join(' ')}`).toEqual([0, '']);
  return stdout.trim();
}

describe('a scratch app', () => {
  it('types and synthesises the example of docs/deploy.md', () => {
    const [, code] =
      /## In an app of your own\n.*?```ts\n(.*?)```/s.exec(
        readFileSync(join(packageRoot, 'docs', 'deploy.md'), 'utf8'),
      ) ?? [];
    writeFileSync(join(app, 'app.ts'), code ?? '');
    copyFileSync(join(packageRoot, 'examples', 'course-events.yaml'), join(app, 'use-case.yaml'));
    const typeRoots = [join(packageRoot, 'node_modules', '@types')];
    const compilerOptions = {
      target: 'ES2023',
      module: 'NodeNext',
      strict: true,
      skipLibCheck: true,
      types: ['node'],
      typeRoots,
    };
    writeFileSync(join(app, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['app.ts'] }));
    run(process.execPath, [join(packageRoot, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', '.'], app);
    // The CDK synthesises by itself where its CLI names a folder.
    run(process.execPath, ['app.js'], app, { ...process.env, CDK_OUTDIR: join(app, 'cdk.out') });
    const template = readFileSync(join(app, 'cdk.out', 'mine.template.json'), 'utf8');
    expect(template).toContain('"ClusterName": "mine-1"');
    expect(template).toContain('"NumberOfBrokerNodes": 3');
    expect(template).toMatch(/topic\/mine-1\/\*\/categoryChanged|kafka-cluster:WriteData/);
  });

  it('has the command, which plans there', () => {
    const options = [join('node_modules', 'headroom', 'dist', 'bin', 'headroom.js'), 'plan', 'use-case.yaml'];
    expect(run(process.execPath, options, app)).toContain('course-events on msk: 3 brokers');
  });

  it('sees what is exported and nothing else', () => {
    writeFileSync(join(app, 'inner.js'), "import 'headroom/dist/bin/headroom.js';\n");
    const { status, stderr } = spawnSync(process.execPath, ['inner.js'], { cwd: app, encoding: 'utf8' });
    expect([status, stderr]).toEqual([1, expect.stringContaining('ERR_PACKAGE_PATH_NOT_EXPORTED')]);
  });
});
