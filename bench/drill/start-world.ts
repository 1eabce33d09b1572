/** Starts what a drill acts on: three brokers, one of them with a second disk, their Prometheus, the load, the readers. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { HeadroomError } from '../../lib/errors.ts';
import { plannedFigures, planRecords } from '../../lib/metrics/planned.ts';
import type { Plan } from '../../lib/plan/types.ts';
import { withAdmin } from '../faults/cluster-view.ts';
import type { WorldNeed } from '../faults/fault.ts';
import { UndoJournal } from '../faults/journal.ts';
import { Load } from '../faults/load.ts';
import { Reader, startWriter, type Writer } from '../faults/reader.ts';
import { addSecondDisk } from '../faults/second-disk.ts';
import type { FaultWorld } from '../faults/world.ts';
import type { LocalCluster } from '../local/local-cluster.ts';
import { freePort } from '../local/ports.ts';
import { startLocalCluster } from '../local/start.ts';
import { defaultMetricsPort } from '../metrics/metric-server.ts';
import { ensureExporterAgent } from '../monitoring/exporter-agent.ts';
import { findNodeExporter, requirePrometheus } from '../monitoring/programs.ts';
import { localClusterName, startMonitoring } from '../monitoring/start.ts';
import type { OnProgress } from '../progress.ts';

export interface WorldOptions {
  readonly plan: Plan;
  /** Holds the cluster's data and logs while the drill runs. */
  readonly dir: string;
  readonly timeDivisor: number;
  readonly scrapeSec: number;
  readonly ratePerSec: number;
  /** Of the exporter; ours when left out. */
  readonly exporterConfig?: string;
  /** What the faults to come want. */
  readonly needs: ReadonlySet<WorldNeed>;
  readonly onProgress: OnProgress;
  readonly signal: AbortSignal;
}

export interface StartedWorld {
  readonly world: FaultWorld;
  /** Ends everything and undoes what the journal holds. Safe to call twice. */
  stop(): Promise<void>;
}

/** Alerts are tried here, not speed: on a machine that does much else the objective of the use case would be missed without a fault. */
const drilledP99Ms = 1_000;
/** A replica that hangs is dropped after this in a drill, 30 s in life: the one setting of Kafka that is quicker, too. */
const replicaLagMs = '3000';
/** Rules can be made and count for users; who comes over the plain listener may do all, as without it. */
const authorizer = {
  'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
  'super.users': 'User:ANONYMOUS;User:headroom',
  'allow.everyone.if.no.acl.found': 'true',
} as const;
/** Groups of the drill's own: one on the topic under load, one on a topic that forgets within seconds. */
const groups = { reader: 'CGR-drill-reader', short: 'CGR-drill-short' } as const;
const shortTopic = {
  name: 'drill-short',
  configs: { 'retention.ms': '15000', 'segment.ms': '3000', 'file.delete.delay.ms': '1000' },
} as const;

/** Everything that can be refused is refused before a broker starts: RESOURCE_MISSING without Prometheus. */
export async function startWorld(given: WorldOptions): Promise<StartedWorld> {
  const options = { ...given, plan: { ...given.plan, slo: { ...given.plan.slo, publishP99Ms: drilledP99Ms } } };
  const prometheus = requirePrometheus();
  const metricsPort = await freePort(defaultMetricsPort);
  const [topic] = options.plan.topics;
  if (topic === undefined) throw new HeadroomError('USAGE', 'the use case has no topic to load');
  const { dir, onProgress, signal, timeDivisor } = options;
  const journal = await UndoJournal.open();
  const monitoringDir = join(dir, 'monitoring');
  await mkdir(monitoringDir, { recursive: true });
  const config = options.exporterConfig === undefined ? {} : { config: options.exporterConfig };
  const exporter = await ensureExporterAgent({ dir: monitoringDir, onProgress, signal, ...config });
  const closing: (() => Promise<void>)[] = [async () => await journal.undoAll()];
  const stop = async (): Promise<void> => {
    for (let close = closing.pop(); close !== undefined; close = closing.pop()) await close();
  };
  try {
    const cluster = await startLocalCluster({
      ...{ brokers: 3, dir, exporter, secured: options.needs.has('securedListeners'), onProgress, signal },
      brokerOverrides: {
        ...(timeDivisor === 1 ? {} : { 'replica.lag.time.max.ms': replicaLagMs }),
        ...(options.needs.has('authorizer') ? authorizer : {}),
      },
    });
    closing.push(async () => await cluster.stop());
    onProgress({ stage: 'preparing the drill', detail: 'disks and topics', fraction: null });
    const secondDisk = options.needs.has('secondDisk') ? await addSecondDisk(cluster, journal, signal) : null;
    const { prometheusUrl } = await startMonitoring(cluster, {
      ...{ prometheus, nodeExporter: findNodeExporter(), harnessPort: metricsPort, timeDivisor, signal },
      scrapeSec: options.scrapeSec,
      planRules: planRecords(plannedFigures(options.plan), localClusterName, options.plan),
    });
    await createTopics(cluster, options.plan);
    onProgress({ stage: 'preparing the drill', detail: 'load and readers', fraction: null });
    const reader = new Reader(cluster, topic.name, groups.reader);
    const shortReader = new Reader(cluster, shortTopic.name, groups.short);
    const load = new Load({
      ...{ cluster, topic, slo: options.plan.slo, ratePerSec: options.ratePerSec, metricsPort },
      alsoWatched: [reader, shortReader].map((each) => ({ topic: each.topic, groups: [each.group] })),
    });
    closing.push(async () => await Promise.all([load.stop(), reader.stop(), shortReader.stop()]).then(() => {}));
    await load.start();
    const writer: Writer = await startWriter(cluster, {
      ...{ topic: shortTopic.name, recordBytes: 500, recordsPerSend: 2, everyMs: 100, acks: -1 },
    });
    closing.push(async () => await writer.stop());
    await Promise.all([reader.start(), shortReader.start()]);
    const world: FaultWorld = {
      ...{ cluster, prometheusUrl, monitoringDir, plan: options.plan, topic, load, reader, shortReader },
      ...{ secondDisk, journal, signal },
    };
    return { world, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function createTopics(cluster: LocalCluster, plan: Plan): Promise<void> {
  await withAdmin(cluster, async (admin) => {
    const configs = Object.entries(shortTopic.configs).map(([name, value]) => ({ name, value }));
    await admin.createTopics({ topics: [shortTopic.name], partitions: 1, replicas: 3, configs });
    for (const { name, partitions, replicationFactor, minInsyncReplicas } of plan.topics) {
      const minInSync = [{ name: 'min.insync.replicas', value: String(minInsyncReplicas) }];
      await admin.createTopics({ topics: [name], partitions, replicas: replicationFactor, configs: minInSync });
    }
  });
}
