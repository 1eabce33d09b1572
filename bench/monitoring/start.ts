/**
 * Prometheus, and the node exporter where there is one, beside a local cluster that was started with the exporter. They
 * record their processes where the brokers do, so that whatever ends the cluster ends them too.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HeadroomError } from '../../lib/errors.ts';
import { durationText } from '../../lib/metrics/expression.ts';
import { planRecords } from '../../lib/metrics/planned.ts';
import { prometheusRules } from '../../lib/metrics/prometheus-rules.ts';
import type { Profile } from '../../lib/metrics/types.ts';
import type { LocalCluster } from '../local/local-cluster.ts';
import { freePort, loopback } from '../local/ports.ts';
import { isRunning } from '../local/processes.ts';
import { type RegisteredCluster, readIdentity } from '../local/registry.ts';
import { companionLog, isReadyWithin, launchCompanion } from './companion.ts';
import { prometheusConfig } from './prometheus-config.ts';

export interface MonitoringOptions {
  readonly prometheus: string;
  readonly nodeExporter: string | null;
  /** Where the harness will tell of its runs. */
  readonly harnessPort: number;
  readonly scrapeSec: number;
  /** @default local */
  readonly profile?: Profile;
  /** Every duration of the rules is divided by it. Default 1. */
  readonly timeDivisor?: number;
  /** Rules with the figures of a plan; left out, only the number of brokers is recorded. */
  readonly planRules?: string;
  readonly signal: AbortSignal;
}

export interface Monitoring {
  /** http://127.0.0.1:port */
  readonly prometheusUrl: string;
  readonly harnessPort: number;
  readonly hasNode: boolean;
}

/** Value of the label `cluster` of a local cluster. */
export const localClusterName = 'local';
/** In the folder `monitoring`: where Prometheus listens, for who comes later. */
const urlFile = 'prometheus.url';
const firstPort = 19_590;
/** Prometheus's own default. */
const lookbackSec = 300;
const readyWithinMs = 20_000;

/** Resolves when Prometheus is ready. Throws RESOURCE_MISSING when it does not become so, with the end of its log. */
export async function startMonitoring(cluster: LocalCluster, options: MonitoringOptions): Promise<Monitoring> {
  const dir = join(cluster.dir, 'monitoring');
  await mkdir(join(dir, 'data'), { recursive: true });
  const nodePort = options.nodeExporter === null ? null : await freePort(firstPort);
  const port = await freePort((nodePort ?? firstPort) + 1);
  if (options.nodeExporter !== null && nodePort !== null) {
    launchCompanion(cluster, 'node-exporter', [options.nodeExporter, `--web.listen-address=${loopback}:${nodePort}`]);
  }
  await writeConfiguration(dir, cluster, options, nodePort === null ? null : `${loopback}:${nodePort}`);
  launchCompanion(cluster, 'prometheus', [
    options.prometheus,
    `--config.file=${join(dir, 'prometheus.yml')}`,
    `--storage.tsdb.path=${join(dir, 'data')}`,
    `--web.listen-address=${loopback}:${port}`,
    '--storage.tsdb.retention.time=7d',
    // What a job said last counts for five minutes after the job is gone: a drill divides these, too.
    `--query.lookback-delta=${durationText(lookbackSec / (options.timeDivisor ?? 1))}`,
    '--web.enable-lifecycle',
  ]);
  const prometheusUrl = `http://${loopback}:${port}`;
  if (!(await isReadyWithin(`${prometheusUrl}/-/ready`, readyWithinMs, options.signal))) {
    throw new HeadroomError('RESOURCE_MISSING', `Prometheus did not become ready within ${readyWithinMs / 1000} s`, {
      hint: `its log is ${companionLog(cluster, 'prometheus')}`,
    });
  }
  await writeFile(join(dir, urlFile), prometheusUrl);
  return { prometheusUrl, harnessPort: options.harnessPort, hasNode: nodePort !== null };
}

/** Address of the Prometheus beside a local cluster; null when none runs there. */
export async function readPrometheusUrl({ folder, record }: RegisteredCluster): Promise<string | null> {
  const identity = await readIdentity(folder, 'prometheus');
  if (identity === null || !isRunning(identity)) return null;
  return await readFile(join(record.dir, 'monitoring', urlFile), 'utf8').catch(() => null);
}

async function writeConfiguration(
  dir: string,
  cluster: LocalCluster,
  options: MonitoringOptions,
  node: string | null,
): Promise<void> {
  const { profile = 'local', timeDivisor = 1, scrapeSec, harnessPort } = options;
  const files = {
    'alerts.yaml': prometheusRules({ profile, timeDivisor, evaluationSec: scrapeSec * timeDivisor }),
    'plan.yaml': options.planRules ?? planRecords({ brokers: cluster.brokers.length }, localClusterName),
    'prometheus.yml': prometheusConfig({
      cluster: localClusterName,
      brokers: cluster.brokers.map(({ id, host, exporterPort }) => ({ id, address: `${host}:${exporterPort}` })),
      node,
      harness: `${loopback}:${harnessPort}`,
      scrapeSec,
      ruleFiles: ['alerts.yaml', 'plan.yaml'],
    }),
  };
  for (const [name, content] of Object.entries(files)) await writeFile(join(dir, name), content);
}
