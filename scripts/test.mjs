/**
 * `npm test`: lint, types, unit tests, then integration tests on a real local cluster. In CI, and with `-- --all`, also the
 * system tests: stacks, monitoring, boot scripts, other targets, long loads (about 9 minutes more).
 * Prints the time of each suite and ends with a line `N passed, N failed, N skipped`.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { prepare, run, say } from './prepare.mjs';

prepare();
const scratch = mkdtempSync(join(tmpdir(), 'headroom-test-'));
const totals = { passed: 0, failed: 0, skipped: 0 };
const times = [];
/** Named again at the end, since of a long output often only the end is kept. */
const failures = [];

step('lint', () => check('npx', ['--no-install', 'biome', 'check', '--error-on-warnings', '.']));
step('types', () => check('npx', ['--no-install', 'tsc', '--noEmit']));
step('unit', () => vitest('unit'));
step('integration', () => vitest('integration'));
if (process.env.CI === 'true' || process.argv.includes('--all')) step('system', () => vitest('system'));

rmSync(scratch, { recursive: true, force: true });
process.stdout.write(
  `\n${times.map(({ name, seconds, ok }) => `${ok ? 'ok    ' : 'FAILED'} ${name.padEnd(18)} ${seconds.toFixed(1).padStart(6)} s`).join('\n')}\n\n`,
);
for (const failure of failures) process.stdout.write(`failed: ${failure}\n`);
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
    failures.push(`${project}: no report was written`);
    return false;
  }
  failures.push(...failuresOf(project, report));
  totals.passed += report.numPassedTests;
  // A file that does not load has no failed test of its own: it counts as one.
  totals.failed += Math.max(report.numFailedTests, report.numFailedTestSuites > 0 ? 1 : 0, code === 0 ? 0 : 1);
  totals.skipped += report.numPendingTests + (report.numTodoTests ?? 0);
  return code === 0 && report.numPassedTests > 0;
}

/** A line for each failed test, and for each file that did not load: where, which, and the beginning of what it said. */
function failuresOf(project, { testResults }) {
  const beginning = (text) => (text ?? '').split('\n').slice(0, 12).join('\n  ');
  return testResults.flatMap(({ name, status, message, assertionResults }) => {
    const failed = assertionResults.filter((test) => test.status === 'failed');
    const file = `${project} ${relative(process.cwd(), name)}`;
    if (failed.length > 0) {
      return failed.map(({ fullName, failureMessages }) => `${file} > ${fullName}\n  ${beginning(failureMessages[0])}`);
    }
    return status === 'failed' ? [`${file} did not run\n  ${beginning(message)}`] : [];
  });
}

function read(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}
