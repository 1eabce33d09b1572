/**
 * `npm run nightly [-- PART-OF-A-FILE-NAME ...] [-- --write]`: the checks that take longer than CI may; ends with the counts, like
 * `npm test`. With --write what ran is put into docs/reference/nightly.json and its page, beside what ran before.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { prepare, root, run } from './prepare.mjs';

const recordPath = join(root, 'docs', 'reference', 'nightly.json');
const write = process.argv.includes('--write');
const files = process.argv.slice(2).filter((argument) => argument !== '--write');

prepare();
const scratch = mkdtempSync(join(tmpdir(), 'headroom-nightly-'));
const output = join(scratch, 'nightly.json');
const reporting = ['--reporter=verbose', '--reporter=json', `--outputFile.json=${output}`];
const code = run('npx', ['--no-install', 'vitest', 'run', '--project', 'nightly', ...reporting, ...files]);
const report = JSON.parse(readFileSync(output, 'utf8'));
rmSync(scratch, { recursive: true, force: true });
if (write) {
  const { describeHost } = await import('../dist/bench/host.js');
  record(report, describeHost());
}
process.stdout.write(
  `${report.numPassedTests} passed, ${report.numFailedTests} failed, ${report.numPendingTests} skipped\n`,
);
process.exitCode = code;

/** All tests of a file are replaced at once, so that none stays that is no more. */
function record({ testResults }, host) {
  const about = {
    date: new Date().toISOString().slice(0, 10),
    commit: execFileSync('git', ['describe', '--always', '--dirty'], { cwd: root, encoding: 'utf8' }).trim(),
    machine: `${host.cpus} x ${host.cpuModel}, ${Math.round(host.memoryBytes / 1e9)} GB, Node.js ${process.version}`,
  };
  const ran = testResults.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status }) => status === 'passed' || status === 'failed')
      .map(({ fullName, status, duration, meta }) => ({
        file: basename(name),
        test: fullName.trim(),
        outcome: status,
        seconds: Math.round((duration ?? 0) / 1_000),
        found: meta?.found ?? null,
        ...about,
      })),
  );
  const before = existsSync(recordPath) ? JSON.parse(readFileSync(recordPath, 'utf8')) : [];
  const kept = before.filter(({ file }) => !ran.some((test) => test.file === file));
  const tests = [...kept, ...ran].sort((a, b) => (a.file < b.file ? -1 : Number(a.file > b.file)));
  writeFileSync(recordPath, `${JSON.stringify(tests, null, 2)}\n`);
  writeFileSync(recordPath.replace(/json$/, 'md'), pageOf(tests));
}

function pageOf(tests) {
  const machines = [...new Set(tests.map(({ machine }) => machine))];
  const line = (cells) => `| ${cells.join(' | ')} |`;
  const rows = tests.map(({ file, test, outcome, seconds, found, date, commit, machine }) =>
    line([file, test, outcome, seconds, found ?? '', date, commit, machines.indexOf(machine) + 1]),
  );
  return `# The last nightly results

What \`npm run nightly -- --write\` found, each file when it last ran. Drivers side by side are in [drivers.md](drivers.md).

${line(['file', 'test', 'outcome', 's', 'found', 'date', 'commit', 'machine'])}
|${' --- |'.repeat(8)}
${rows.join('\n')}

Machines: ${machines.map((machine, index) => `${index + 1}: ${machine}`).join('; ')}.
`;
}
