/**
 * `npm test`: lint, types, unit tests, then integration tests on a real local cluster. In CI, and with `-- --all`, also the
 * system tests: stacks, monitoring, boot scripts, other targets, long loads (about 9 minutes more).
 * Prints the time of each suite and ends with a line `N passed, N failed, N skipped`.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepare, run, say } from './prepare.mjs';

prepare();
const scratch = mkdtempSync(join(tmpdir(), 'headroom-test-'));
const totals = { passed: 0, failed: 0, skipped: 0 };
const times = [];

step('lint', () => check('npx', ['--no-install', 'biome', 'check', '--error-on-warnings', '.']));
step('types', () => check('npx', ['--no-install', 'tsc', '--noEmit']));
step('unit', () => vitest('unit'));
step('integration', () => vitest('integration'));
if (process.env.CI === 'true' || process.argv.includes('--all')) step('system', () => vitest('system'));

rmSync(scratch, { recursive: true, force: true });
process.stdout.write(
  `\n${times.map(({ name, seconds, ok }) => `${ok ? 'ok    ' : 'FAILED'} ${name.padEnd(18)} ${seconds.toFixed(1).padStart(6)} s`).join('\n')}\n\n`,
);
process.stdout.write(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped\n`);
process.exitCode = totals.failed > 0 || (process.env.CI === 'true' && totals.skipped > 0) ? 1 : 0;

/** One suite with its time. */
function step(name, work) {
  say(name);
  const began = performance.now();
  const ok = work();
  times.push({ name, ok, seconds: (performance.now() - began) / 1000 });
}

/** A step without tests of its own counts as one failed test when it fails. */
function check(program, args) {
  const ok = run(program, args) === 0;
  if (!ok) totals.failed += 1;
  return ok;
}

function vitest(project) {
  const output = join(scratch, `${project}.json`);
  const code = run('npx', [
    '--no-install',
    'vitest',
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${output}`,
  ]);
  const report = read(output);
  if (report === null) {
    totals.failed += 1;
    return false;
  }
  totals.passed += report.numPassedTests;
  // A file that does not load has no failed test of its own: it counts as one.
  totals.failed += Math.max(report.numFailedTests, report.numFailedTestSuites > 0 ? 1 : 0, code === 0 ? 0 : 1);
  totals.skipped += report.numPendingTests + (report.numTodoTests ?? 0);
  return code === 0 && report.numPassedTests > 0;
}

function read(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}
