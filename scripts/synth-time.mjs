/**
 * `node scripts/synth-time.mjs`: how long the built app takes to synthesise and check all stacks of the example on every
 * target, without network and account, and whether it writes the same twice; goal: 4 s each. Say on which machine.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { prepare, root } from './prepare.mjs';

prepare();
const repeats = 5;
const scratch = mkdtempSync(join(tmpdir(), 'headroom-synth-time-'));
const artifacts = join(scratch, 'artifacts.json');
const software = (key) => ({ key, sha512: '0'.repeat(128) });
writeFileSync(
  artifacts,
  JSON.stringify({
    bucketName: 'measured-only',
    kafka: software('kafka.tgz'),
    jmxExporter: software('jmx.jar'),
    nodeExporter: software('node.tar.gz'),
  }),
);
const targets = {
  msk: { benchImage: 'headroom:1' },
  'msk-express': { target: 'msk-express', benchImage: 'headroom:1' },
  'msk-serverless': { target: 'msk-serverless', benchImage: 'headroom:1' },
  ec2: { target: 'ec2', imageId: 'ami-0a1b2c3d4e5f60718', artifacts },
};
const { app, context } = JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8'));
// As cdk calls it, without the shell: the flags of the app count.
const appArguments = app.split(' ').slice(1);
const isAlone = spawnSync('unshare', ['-rn', 'true']).status === 0;

/** Milliseconds of one synthesis, and all that it wrote. */
function synthesise(change) {
  const out = mkdtempSync(join(scratch, 'out-'));
  const [program, ...options] = [...(isAlone ? ['unshare', '-rn'] : []), process.execPath, ...appArguments];
  const began = performance.now();
  const { status, stderr } = spawnSync(program, options, {
    cwd: root,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, CDK_OUTDIR: out, CDK_CONTEXT_JSON: JSON.stringify({ ...context, ...change }) },
  });
  const ms = performance.now() - began;
  if (status !== 0) throw new Error(stderr);
  const written = readdirSync(out)
    .toSorted()
    .filter((name) => name.endsWith('.json'))
    .map((name) => `${name}\n${readFileSync(join(out, name), 'utf8').replaceAll(out, '')}`);
  return { ms, written: written.join('\n') };
}

try {
  process.stdout.write(
    `${cpus()[0]?.model}, ${cpus().length} cores${isAlone ? ', without network' : ''}, ${repeats} runs each\n`,
  );
  for (const [target, change] of Object.entries(targets)) {
    const runs = Array.from({ length: repeats }, () => synthesise(change));
    const times = runs.map(({ ms }) => ms).toSorted((one, other) => one - other);
    const isSame = new Set(runs.map(({ written }) => written)).size === 1;
    const [least, median, most] = [0, Math.floor(repeats / 2), repeats - 1].map((index) =>
      (times[index] / 1000).toFixed(2),
    );
    process.stdout.write(
      `${target.padEnd(16)} ${median} s (${least} to ${most})  ${isSame ? 'the same each time' : 'DIFFERENT'}\n`,
    );
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
