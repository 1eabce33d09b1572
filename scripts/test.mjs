/**
 * `npm test`: lint, types, unit tests, then integration tests on a real local cluster. In CI, and with `-- --all`, also the
 * system tests: stacks, monitoring, boot scripts, other targets, long loads (about 9 minutes more), and beside the first
 * suites, which are about no time, two minutes of the generator whose memory must not grow.
 * Prints the time of each suite and ends with a line `N passed, N failed, N skipped`.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { prepare, root, run, say } from './prepare.mjs';

prepare();
const scratch = mkdtempSync(join(tmpdir(), 'headroom-test-'));
const totals = { passed: 0, failed: 0, skipped: 0 };
const times = [];
/** Named again at the end, since of a long output often only the end is kept. */
const failures = [];
const isComplete = process.env.CI === 'true' || process.argv.includes('--all');

const soak = isComplete ? beginVitest('soak') : null;
await step('lint', () => check('npx', ['--no-install', 'biome', 'check', '--error-on-warnings', '.']));
await step('types', () => check('npx', ['--no-install', 'tsc', '--noEmit']));
await step('unit', () => vitest('unit'));
if (soak !== null) await step('end of the soak', () => endVitest(soak));
await step('integration', () => vitest('integration'));
if (isComplete) await step('system', () => vitest('system'));

rmSync(scratch, { recursive: true, force: true });
process.stdout.write(
  `\n${times.map(({ name, seconds, ok }) => `${ok ? 'ok    ' : 'FAILED'} ${name.padEnd(18)} ${seconds.toFixed(1).padStart(6)} s`).join('\n')}\n\n`,
);
for (const failure of failures) process.stdout.write(`failed: ${failure}\n`);
process.stdout.write(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped\n`);
process.exitCode = totals.failed > 0 || (process.env.CI === 'true' && totals.skipped > 0) ? 1 : 0;

/** One suite with its time. */
async function step(name, work) {
  say(name);
  const began = performance.now();
  const ok = await work();
  times.push({ name, ok, seconds: (performance.now() - began) / 1000 });
}

/** A step without tests of its own counts as one failed test when it fails. */
function check(program, args) {
  const ok = run(program, args) === 0;
  if (!ok) totals.failed += 1;
  return ok;
}

function vitest(project) {
  return count(project, run('npx', commandOf(project)));
}

/** Beside what runs meanwhile; its output goes to a file. */
function beginVitest(project) {
  const log = join(scratch, `${project}.log`);
  const file = openSync(log, 'w');
  const child = spawn('npx', commandOf(project), { cwd: root, stdio: ['ignore', file, file] });
  const ended = new Promise((resolve) => {
    child.once('error', () => resolve(1));
    child.once('close', (code) => resolve(code ?? 130));
  });
  return { project, log, ended };
}

async function endVitest({ project, log, ended }) {
  const code = await ended;
  process.stdout.write(readFileSync(log, 'utf8'));
  return count(project, code);
}

function commandOf(project) {
  const output = `--outputFile.json=${outputOf(project)}`;
  return ['--no-install', 'vitest', 'run', '--project', project, '--reporter=default', '--reporter=json', output];
}

function outputOf(project) {
  return join(scratch, `${project}.json`);
}

/** Adds the results of a project that ended with this code to the totals. */
function count(project, code) {
  const report = read(outputOf(project));
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
