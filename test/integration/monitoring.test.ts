/** The boards on a real cluster: exporter in each broker, node exporter, harness under load, real Prometheus. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import type { LocalCluster } from '../../bench/local/local-cluster.ts';
import { startLocalCluster } from '../../bench/local/start.ts';
import { ensureExporterAgent } from '../../bench/monitoring/exporter-agent.ts';
import { findNodeExporter, requirePrometheus } from '../../bench/monitoring/programs.ts';
import { instant } from '../../bench/monitoring/prometheus-api.ts';
import { localClusterName, type Monitoring, startMonitoring } from '../../bench/monitoring/start.ts';
import { exporterConfig } from '../../lib/metrics/exporter-config.ts';
import { plannedFigures, planRecords } from '../../lib/metrics/planned.ts';
import type { Profile } from '../../lib/metrics/types.ts';
import { signals } from '../../lib/metrics.ts';
import { examplePlan } from '../bench/example-plan.ts';
import { type GateResult, runGate } from '../monitoring/gate.ts';
import { hasProgram } from '../monitoring/programs.ts';
import { startWatchedLoad, type WatchedLoad } from '../monitoring/watched-load.ts';

const quickScrapeSec = 3;
const slowScrapeSec = 15;
const quickMs = 30_000;
const metricsPort = 19_477;
/** Many scrapes of a busy machine. */
const patienceMs = 200_000;

/** MSK exports everything; what no board asks for is left out here, because it only takes time. */
function readObjects(): readonly string[] {
  return (parse(exporterConfig()) as { includeObjectNames: string[] }).includeObjectNames;
}

function isOfRenamed(fault: string): boolean {
  return fault.includes('underreplicated');
}

const isInstalled = hasProgram('prometheus') && hasProgram('prometheus-node-exporter');

describe.skipIf(!isInstalled)('boards on a real cluster', { timeout: patienceMs + 40_000 }, () => {
  const signal = new AbortController().signal;
  const plan = examplePlan();
  let dir: string;
  let configPath: string;
  let cluster: LocalCluster;
  let monitoring: Monitoring;
  let load: WatchedLoad;
  let scrapeSec = quickScrapeSec;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'headroom-eyes-'));
    const exporter = await ensureExporterAgent({ dir: join(dir, 'monitoring'), onProgress: () => {}, signal });
    configPath = exporter.configPath;
    cluster = await startLocalCluster({ brokers: 3, dir, exporter, onProgress: () => {}, signal });
    monitoring = await startMonitoring(cluster, {
      prometheus: requirePrometheus(),
      nodeExporter: findNodeExporter(),
      harnessPort: metricsPort,
      scrapeSec,
      planRules: planRecords(plannedFigures(plan), localClusterName, plan),
      signal,
    });
    load = await startWatchedLoad(cluster, plan, metricsPort);
  });

  afterAll(async () => {
    await load?.stop();
    await cluster?.stop();
    await rm(dir, { recursive: true, force: true });
  });

  /**
   * Until the gate says what is awaited: what it finds depends on when the scrapes fell. A machine so busy that brokers do
   * not answer within a scrape gets longer ones.
   */
  async function gate(profile: Profile, isAwaited: (result: GateResult) => boolean): Promise<GateResult> {
    const beganMs = performance.now();
    for (;;) {
      const result = await runGate({
        prometheusUrl: monitoring.prometheusUrl,
        profile,
        brokers: 3,
        groups: 1,
        benchTopics: 1,
        rateInterval: `${4 * scrapeSec}s`,
      });
      const waitedMs = performance.now() - beganMs;
      if (isAwaited(result) || waitedMs > patienceMs) return result;
      if (waitedMs > quickMs && scrapeSec === quickScrapeSec) await scrapeSlowly();
      await sleep(1_000);
    }
  }

  async function scrapeSlowly(): Promise<void> {
    const path = join(dir, 'monitoring', 'prometheus.yml');
    const config = await readFile(path, 'utf8');
    await writeFile(path, config.replaceAll(`: ${scrapeSec}s`, `: ${slowScrapeSec}s`));
    scrapeSec = slowScrapeSec;
    await fetch(`${monitoring.prometheusUrl}/-/reload`, { method: 'POST' });
  }

  it('show data in every panel, with as many series as they should', async () => {
    const result = await gate('local', ({ faults }) => faults.length === 0);
    expect(result.faults).toEqual([]);
    expect(result.checked).toBeGreaterThan(100);
  });

  it('cost at most 1,000 series a broker and 20 for each partition it leads', async () => {
    const series = await instant(monitoring.prometheusUrl, 'scrape_samples_scraped{job="kafka"}');
    const leaders = await instant(monitoring.prometheusUrl, 'kafka_server_replicamanager_leadercount');
    expect(series).toHaveLength(3);
    for (const { labels, value } of series) {
      const led = leaders.find((each) => each.labels.broker === labels.broker)?.value ?? 0;
      expect(value).toBeGreaterThan(200);
      expect(value).toBeLessThanOrEqual(1_000 + 20 * led);
    }
  });

  it('add up: the topics make the broker’s total', async () => {
    const [difference] = await instant(
      monitoring.prometheusUrl,
      'abs(sum(kafka_server_brokertopicmetrics_bytesin_total{topic=""}) / sum(kafka_server_brokertopicmetrics_bytesin_total{topic!=""}) - 1)',
    );
    // The exporter reads them one after the other while records arrive.
    expect(difference?.value).toBeLessThan(0.05);
  });

  it('fail the gate by name when the exporter renames one metric', async () => {
    const renamed = signals.map((signal) =>
      signal.id === 'underReplicated' && signal.mbean !== null
        ? { ...signal, mbean: { ...signal.mbean, as: 'SomethingElse' } }
        : signal,
    );
    await writeFile(configPath, exporterConfig(renamed));
    const result = await gate('local', ({ faults }) => faults.length > 0 && faults.every(isOfRenamed));
    expect(result.faults.join('\n')).toMatch(/Kafka \/ Overview > Under-replicated: no data/);
    expect(result.faults.filter((fault) => !isOfRenamed(fault))).toEqual([]);
  });

  it('show the same under MSK’s form of the metrics: an exporter without rules', async () => {
    await writeFile(configPath, stringify({ includeObjectNames: [...readObjects(), 'java.lang:*'] }));
    const result = await gate('msk', ({ faults }) => faults.length === 0);
    expect(result.faults).toEqual([]);
    expect(result.checked).toBeGreaterThan(80);
  });
});
