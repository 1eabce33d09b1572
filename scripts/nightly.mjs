/** `npm run nightly`: the checks that take longer than CI may; ends with the counts, like `npm test`. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepare, run } from './prepare.mjs';

prepare();
const scratch = mkdtempSync(join(tmpdir(), 'headroom-nightly-'));
const output = join(scratch, 'nightly.json');
const code = run('npx', [
  '--no-install',
  'vitest',
  'run',
  '--project',
  'nightly',
  '--reporter=verbose',
  '--reporter=json',
  `--outputFile.json=${output}`,
]);
const report = JSON.parse(readFileSync(output, 'utf8'));
rmSync(scratch, { recursive: true, force: true });
process.stdout.write(
  `${report.numPassedTests} passed, ${report.numFailedTests} failed, ${report.numPendingTests} skipped\n`,
);
process.exitCode = code;
