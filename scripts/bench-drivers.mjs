/**
 * `npm run bench:drivers [-- --write]`: `headroom bench drivers` as a page (about 10 minutes on a quiet machine).
 * With --write it becomes docs/reference/drivers.md.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { prepare, root } from './prepare.mjs';

const rounds = 5;
const ratePerSec = 20_000;

prepare();
const { benchmarkDrivers } = await import('../dist/bench/drivers/benchmark.js');
const { driversPage } = await import('../dist/bench/drivers/compare-page.js');

const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => stopping.abort(new Error(`ended by ${signal}`)));
const result = await benchmarkDrivers({
  rounds,
  scale: 1,
  ratePerSec,
  onProgress: ({ stage, detail }) => process.stderr.write(`${stage}: ${detail}\n`),
  signal: stopping.signal,
});
const page = driversPage(result);
process.stdout.write(page);
if (process.argv.includes('--write')) writeFileSync(join(root, 'docs', 'reference', 'drivers.md'), page);
