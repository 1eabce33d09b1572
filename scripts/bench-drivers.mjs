/**
 * `npm run bench:drivers [-- --write]`: the client libraries side by side on a local cluster (about 10 minutes on a quiet machine).
 * With --write the result becomes docs/reference/drivers.md.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepare, root } from './prepare.mjs';

const ratePerSec = 20_000;
const repeats = 5;
const ceilingRates = [20_000, 30_000, 40_000, 60_000, 80_000, 120_000];

prepare();
const { startLocalCluster } = await import('../dist/bench/local/start.js');
const { compareDrivers, findCeiling } = await import('../dist/bench/drivers/compare.js');
const { driversPage } = await import('../dist/bench/drivers/compare-page.js');
const { drivers } = await import('../dist/bench/drivers/index.js');
const { describeHost, measureHostNoiseP99Ms } = await import('../dist/bench/host.js');

const say = (text) => process.stderr.write(`${text}\n`);
const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => stopping.abort(new Error(`ended by ${signal}`)));
const dir = mkdtempSync(join(tmpdir(), 'headroom-drivers-'));
const hostNoiseP99Ms = await measureHostNoiseP99Ms(3_000, stopping.signal);
const cluster = await startLocalCluster({
  brokers: 3,
  dir,
  onProgress: ({ stage, detail }) => say(`${stage} ${detail}`),
  signal: stopping.signal,
});
try {
  const onRun = (run) => {
    stopping.signal.throwIfAborted();
    const { driver, consumes, achievedPerSec, publishP99Ms, slipP99Ms, cpuMicrosPerRecord, faults } = run;
    say(
      `${driver}${consumes ? ' + consumer' : ''} at ${run.ratePerSec}/s: ${Math.round(achievedPerSec)}/s, publish p99 ${publishP99Ms} ms, slip p99 ${slipP99Ms} ms, ${cpuMicrosPerRecord?.toFixed(1)} us a record, ${faults} faults`,
    );
  };
  const { bootstrap } = cluster;
  const names = drivers.map(({ name }) => name);
  const rows = await compareDrivers({ bootstrap, drivers: names, ratePerSec, repeats, seed: 1, onRun });
  const ceilings = [];
  for (const name of names) ceilings.push(await findCeiling({ bootstrap, onRun }, name, ceilingRates));
  const page = driversPage({
    date: new Date().toISOString().slice(0, 10),
    host: describeHost(),
    hostNoiseP99Ms,
    kafkaVersion: cluster.kafkaVersion,
    nodeVersion: process.version,
    ratePerSec,
    rows,
    ceilings,
  });
  process.stdout.write(page);
  if (process.argv.includes('--write')) writeFileSync(join(root, 'docs', 'reference', 'drivers.md'), page);
} finally {
  await cluster.stop();
  rmSync(dir, { recursive: true, force: true });
}
