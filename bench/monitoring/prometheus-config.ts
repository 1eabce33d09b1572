/** What Prometheus scrapes, as its configuration file. */
import { stringify } from 'yaml';

export interface ScrapeTargets {
  /** Value of the label `cluster` on everything. */
  readonly cluster: string;
  readonly brokers: readonly { readonly id: number; readonly address: string }[];
  /** host:port of the node exporter; null: none runs. */
  readonly node: string | null;
  /** host:port where the harness tells of its runs; unreachable between them. */
  readonly harness: string;
  readonly scrapeSec: number;
  readonly ruleFiles: readonly string[];
}

/** The jobs' names are those that the signal table expects. */
export function prometheusConfig(targets: ScrapeTargets): string {
  const { cluster, brokers, node, harness, scrapeSec, ruleFiles } = targets;
  const job = (name: string, addresses: readonly { address: string; labels: Readonly<Record<string, string>> }[]) => ({
    job_name: name,
    static_configs: addresses.map(({ address, labels }) => ({ targets: [address], labels: { cluster, ...labels } })),
  });
  return stringify({
    global: { scrape_interval: `${scrapeSec}s`, evaluation_interval: `${scrapeSec}s` },
    rule_files: ruleFiles,
    scrape_configs: [
      job(
        'kafka',
        brokers.map(({ id, address }) => ({ address, labels: { broker: String(id) } })),
      ),
      // The brokers of a local cluster share one host.
      ...(node === null ? [] : [job('node', [{ address: node, labels: { broker: 'host' } }])]),
      job('headroom', [{ address: harness, labels: {} }]),
    ],
  });
}
