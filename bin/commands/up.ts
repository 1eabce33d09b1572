/** `headroom up`: a local cluster that stays until `headroom down`, watched by Prometheus when asked for. */
import { dirname, join, relative, resolve } from 'node:path';
import type { LocalCluster } from '../../bench/local/local-cluster.ts';
import { endCluster, findCluster } from '../../bench/local/registry.ts';
import { type LocalClusterOptions, startLocalCluster } from '../../bench/local/start.ts';
import { defaultMetricsPort } from '../../bench/metrics/metric-server.ts';
import { ensureExporterAgent } from '../../bench/monitoring/exporter-agent.ts';
import { findGrafana, startGrafana } from '../../bench/monitoring/grafana.ts';
import { findNodeExporter, requirePrometheus } from '../../bench/monitoring/programs.ts';
import { localClusterName, type Monitoring, startMonitoring } from '../../bench/monitoring/start.ts';
import { dashboardFiles } from '../../dashboards/files.ts';
import { exitCodes, HeadroomError } from '../../lib/errors.ts';
import { plannedFigures, planRecords } from '../../lib/metrics/planned.ts';
import { dashboardUid } from '../../lib/metrics/prometheus-rules.ts';
import { planUseCase } from '../../lib/plan/plan.ts';
import { type Command, type CommandContext, integerOption, stringOption } from '../command.ts';
import { defaultClusterDir } from '../local-dir.ts';
import { readUseCase } from '../read-use-case.ts';

const highestPort = 65_000;
/** Often enough to watch a run, seldom enough to leave the brokers the machine. */
const scrapeSec = 5;

export const command: Command = {
  name: 'up',
  arguments: '',
  minArguments: 0,
  maxArguments: 0,
  summary: 'start a local Kafka cluster that stays until headroom down',
  options: {
    brokers: { type: 'string', value: 'N', description: 'how many, from 1 to 9; 3 when left out' },
    dir: {
      type: 'string',
      value: 'DIR',
      description: `where its data and logs go; ${defaultClusterDir} when left out`,
    },
    port: { type: 'string', value: 'P', description: 'first client port; left out, free ones are chosen' },
    secured: { type: 'boolean', description: 'listeners with TLS and SASL too, with client settings files for them' },
    monitoring: {
      type: 'boolean',
      description: 'an exporter in each broker, and Prometheus with our alerts beside it',
    },
    'use-case': {
      type: 'string',
      value: 'FILE',
      description: 'with --monitoring: figures of its plan to draw and to compare with',
    },
    json: { type: 'boolean', description: 'print the cluster as JSON' },
  },
  notes: [
    'Real Apache Kafka in KRaft mode, a rack each, on 127.0.0.1 only. Needs a JDK 17 or newer; the first start fetches',
    'Kafka with Maven. The data is kept: headroom up in the same directory goes on with it. --monitoring needs prometheus',
    'on PATH, and shows disks and the host where prometheus-node-exporter is there too; a Grafana that is installed is',
    'started with our boards (not tried with a real one). Watch a run with',
    `headroom prove ... --metrics-port ${defaultMetricsPort}.`,
  ].join('\n'),
  examples: [
    'headroom up',
    'headroom up --brokers 1 --dir .headroom/small --port 29092',
    'headroom up --monitoring --use-case examples/course-events.yaml',
  ],
  async run(context) {
    const dir = resolve(context.cwd, stringOption(context, 'dir') ?? defaultClusterDir);
    const watched = context.options.monitoring === true ? await prepareMonitoring(context, dir) : null;
    if (watched === null && stringOption(context, 'use-case') !== undefined) {
      throw new HeadroomError('USAGE', '--use-case gives figures to monitoring, and there is no --monitoring', {
        hint: `for instance: ${command.examples[2]}`,
      });
    }
    const cluster = await startLocalCluster({ ...clusterOptions(context, dir), ...(watched?.cluster ?? {}) });
    const monitoring = watched === null ? null : await watch(cluster, watched.start);
    context.stdout(
      context.options.json === true ? renderJson(cluster, monitoring) : renderText(cluster, monitoring, context.cwd),
    );
    return exitCodes.met;
  },
};

function clusterOptions(context: CommandContext, dir: string): LocalClusterOptions {
  const named = stringOption(context, 'port') !== undefined;
  const port = integerOption(context, 'port', { min: 1_024, max: highestPort, fallback: 29_092 });
  return {
    brokers: integerOption(context, 'brokers', { min: 1, max: 9, fallback: 3 }),
    dir,
    detached: true,
    secured: context.options.secured === true,
    ...(named ? { basePort: port } : {}),
    onProgress: context.onProgress,
    signal: context.signal,
  };
}

interface PreparedMonitoring {
  readonly cluster: Pick<LocalClusterOptions, 'exporter'>;
  readonly start: Parameters<typeof startMonitoring>[1];
}

/** Everything that can be refused, before a broker starts. */
async function prepareMonitoring(context: CommandContext, dir: string): Promise<PreparedMonitoring> {
  const { onProgress, signal } = context;
  const prometheus = requirePrometheus();
  const file = stringOption(context, 'use-case');
  const plan = file === undefined ? null : planUseCase(readUseCase(file, context.cwd).requirements);
  const exporter = await ensureExporterAgent({ dir: join(dir, 'monitoring'), onProgress, signal });
  return {
    cluster: { exporter },
    start: {
      prometheus,
      nodeExporter: findNodeExporter(),
      harnessPort: defaultMetricsPort,
      scrapeSec,
      signal,
      ...(plan === null ? {} : { planRules: planRecords(plannedFigures(plan), localClusterName, plan) }),
    },
  };
}

/** With the address of a Grafana's overview, or the log that says why it has none; null: none is installed. */
type Watched = Monitoring & { readonly grafana: { readonly url: string } | { readonly log: string } | null };

/** A cluster that cannot be watched is ended again: what was asked for is not there. */
async function watch(cluster: LocalCluster, options: PreparedMonitoring['start']): Promise<Watched> {
  try {
    const monitoring = await startMonitoring(cluster, options);
    const program = findGrafana();
    if (program === null) return { ...monitoring, grafana: null };
    const grafana = await startGrafana(cluster, {
      program,
      prometheusUrl: monitoring.prometheusUrl,
      boards: localBoards(),
      dir: join(cluster.dir, 'monitoring'),
      signal: options.signal,
    });
    return { ...monitoring, grafana };
  } catch (error) {
    const registered = await findCluster(cluster.dir);
    if (registered !== null) await endCluster(registered, 0);
    throw error;
  }
}

function localBoards(): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(dashboardFiles({ profile: 'local' })).filter(([name]) => name.endsWith('.json')),
  );
}

function renderJson(cluster: LocalCluster, monitoring: Watched | null): string {
  const { clusterId, kafkaVersion, bootstrap, secured, brokers, dir, logsDir } = cluster;
  const value = { schemaVersion: 1, clusterId, kafkaVersion, bootstrap, secured, brokers, dir, logsDir, monitoring };
  return `${JSON.stringify(value, null, 2)}\n`;
}

function renderText(cluster: LocalCluster, monitoring: Watched | null, cwd: string): string {
  const { brokers, dir, secured } = cluster;
  const place = relative(cwd, dir);
  return [
    `local cluster is up: ${brokers.length} ${brokers.length === 1 ? 'broker' : 'brokers'}, Kafka ${cluster.kafkaVersion}, KRaft`,
    `  bootstrap   ${cluster.bootstrap.join(',')}`,
    `  cluster id  ${cluster.clusterId}`,
    ...(secured === null
      ? []
      : [
          `  TLS         ${secured.tlsBootstrap.join(',')}  --client-config ${secured.clientConfigs.tls}`,
          `  TLS, SASL   ${secured.saslBootstrap.join(',')}  --client-config one of ${dirname(secured.clientConfigs.tls)}`,
        ]),
    `  JMX         ${brokers.map(({ host, jmxPort }) => `${host}:${jmxPort}`).join(', ')}`,
    ...(monitoring === null ? [] : monitoringLines(cluster, monitoring)),
    `  data, logs  ${dir}`,
    `  stop with   headroom down${place === defaultClusterDir ? '' : ` --dir ${place.startsWith('..') ? dir : place}`}`,
    '',
  ].join('\n');
}

function monitoringLines({ brokers }: LocalCluster, { prometheusUrl, hasNode, grafana }: Watched): readonly string[] {
  return [
    `  exporters   ${brokers.map(({ host, exporterPort }) => `http://${host}:${exporterPort}/metrics`).join(', ')}`,
    `  Prometheus  ${prometheusUrl}${hasNode ? '' : ' (no node exporter on PATH: disks and host are not watched)'}`,
    `  alerts      ${prometheusUrl}/alerts`,
    grafana === null
      ? '  dashboards  headroom dashboards export --profile local --out DIR, for a Grafana of yours'
      : 'url' in grafana
        ? `  Grafana     ${grafana.url}/d/${dashboardUid('overview')}`
        : `  Grafana     did not become ready, see ${grafana.log}`,
  ];
}
