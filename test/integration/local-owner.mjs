/**
 * A harness that starts one broker, says so, and waits to be killed: `node local-owner.mjs DIR`.
 * Plain JavaScript on the build, as Node 20 runs no TypeScript.
 */
import { startLocalCluster } from '../../dist/bench/local/start.js';

const cluster = await startLocalCluster({
  brokers: 1,
  dir: process.argv[2],
  onProgress: () => {},
  signal: new AbortController().signal,
});
process.stdout.write(`${JSON.stringify({ pid: cluster.brokers[0].pid, port: cluster.brokers[0].port })}\n`);
setInterval(() => {}, 60_000);
