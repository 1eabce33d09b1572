/** Brokers that run out of something: request handlers, heap, open files; and a Prometheus that does not watch them. */
import { spawnSync } from 'node:child_process';
import { chmod, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigResourceTypes, IncrementalAlterConfigOperationTypes } from '@platformatic/kafka';
import { parse, stringify } from 'yaml';
import { HeadroomError } from '../../lib/errors.ts';
import { type LocalCluster, restartBroker } from '../local/local-cluster.ts';
import { ofFailover, ofLostBroker, victimOf } from './brokers.ts';
import { ensureTopicOn, withAdmin } from './cluster-view.ts';
import { anywhere, type Fault } from './fault.ts';
import { startWriter } from './reader.ts';

/** Kafka halves or doubles a running pool at most. */
const fewerThreads = ['4', '2', '1'];
const moreThreads = ['2', '4', '8'];
const writers = 3;

export const handlersBusy: Fault = {
  id: 'handlers-busy',
  consequences: [...ofFailover, 'KafkaIngressOverPlan', 'KafkaIsrFlapping', 'KafkaUnderReplicated', 'KafkaAtMinIsr'],
  probe: anywhere,
  inject: async ({ cluster }) => {
    const { id } = (await victimOf(cluster)).victim;
    const topic = 'drill-recompress';
    // gzip at its highest level: the handler works for each request, and keeps little.
    await ensureTopicOn(cluster, topic, [id], {
      ...{ 'compression.type': 'gzip', 'compression.gzip.level': '9', 'retention.bytes': '10000000' },
    });
    for (const threads of fewerThreads) await setHandlers(cluster, id, threads);
    const load = { topic, recordBytes: 100_000, recordsPerSend: 4, everyMs: 0, acks: 1 } as const;
    const loads = await Promise.all(Array.from({ length: writers }, async () => await startWriter(cluster, load)));
    const sinceMs = performance.now();
    return {
      evidence: async () => {
        const written = loads.reduce((sum, each) => sum + each.written(), 0);
        const perSec = (written * load.recordBytes) / 1000 / (performance.now() - sinceMs);
        return `broker ${id} has one request handler and compresses ${perSec.toFixed(1)} MB/s again`;
      },
      heal: async () => {
        await Promise.all(loads.map(async (each) => await each.stop()));
        for (const threads of moreThreads) await setHandlers(cluster, id, threads);
      },
    };
  },
};

async function setHandlers(cluster: LocalCluster, brokerId: number, threads: string): Promise<void> {
  await withAdmin(cluster, async (admin) => {
    await admin.incrementalAlterConfigs({
      resources: [
        {
          resourceType: ConfigResourceTypes.BROKER,
          resourceName: String(brokerId),
          configs: [
            { name: 'num.io.threads', configOperation: IncrementalAlterConfigOperationTypes.SET, value: threads },
          ],
        },
      ],
    });
  });
}

/** A broker keeps some 200 MiB, 128 of them the log cleaner's buffer: room to live, and little more. */
const smallHeapMiB = 288;

export const heapFull: Fault = {
  id: 'heap-full',
  consequences: [...ofFailover, ...ofLostBroker, 'KafkaGcPause'],
  probe: anywhere,
  inject: async ({ cluster, signal }) => {
    const { victim: broker } = await victimOf(cluster);
    const { runtime } = cluster.launch;
    const java = { ...runtime.java, path: await smallHeapJava(cluster.dir, runtime.java.path) };
    const small: LocalCluster = { ...cluster, launch: { ...cluster.launch, runtime: { ...runtime, java } } };
    await restartBroker(small, broker.id, signal);
    return {
      evidence: async () => {
        const exported = await fetch(`http://${broker.host}:${broker.exporterPort}/metrics`).catch(() => null);
        const most = /^jvm_memory_max_bytes\{area="heap"\} (\S+)/m.exec((await exported?.text()) ?? '')?.[1];
        return most === undefined ? null : `broker ${broker.id} runs with a heap of ${Number(most) / 2 ** 20} MiB`;
      },
      heal: async () => await restartBroker(cluster, broker.id, signal),
    };
  },
};

/** A Java whose last word on the heap is ours; the launcher's own flags come before. */
async function smallHeapJava(dir: string, javaPath: string): Promise<string> {
  const path = join(dir, 'java-with-a-small-heap');
  const options = `-Xms${smallHeapMiB}m -Xmx${smallHeapMiB}m`;
  await writeFile(path, `#!/bin/sh\nexport _JAVA_OPTIONS='${options}'\nexec '${javaPath}' "$@"\n`);
  await chmod(path, 0o755);
  return path;
}

const filesUsedShare = 0.9;

export const filesExhausted: Fault = {
  id: 'files-exhausted',
  consequences: [],
  probe: () => (process.platform === 'linux' ? null : 'limits of a running process can be changed on Linux only'),
  inject: async ({ cluster }) => {
    const { victim } = await victimOf(cluster);
    const { pid } = victim;
    const limits = await readFile(`/proc/${pid}/limits`, 'utf8');
    const [, soft = '', hard = ''] = /^Max open files\s+(\d+)\s+(\d+)/m.exec(limits) ?? [];
    const open = (await readdir(`/proc/${pid}/fd`)).length;
    const lowered = Math.ceil(open / filesUsedShare);
    setFileLimit(pid, `${lowered}:${hard}`);
    return {
      evidence: async () => {
        const now = (await readdir(`/proc/${pid}/fd`)).length;
        return `broker ${victim.id} has ${now} of ${lowered} files open; before it might have ${soft}`;
      },
      heal: async () => setFileLimit(pid, `${soft}:${hard}`),
    };
  },
};

function setFileLimit(pid: number, limit: string): void {
  const { status, stderr } = spawnSync('prlimit', [`--pid=${pid}`, `--nofile=${limit}`], { encoding: 'utf8' });
  if (status !== 0) throw new HeadroomError('RESOURCE_MISSING', `prlimit cannot set the limit: ${stderr}`);
}

export const brokersUnwatched: Fault = {
  id: 'brokers-unwatched',
  // Nobody reports a controller any more, which cannot be told from none.
  consequences: ['KafkaNoActiveController'],
  probe: anywhere,
  inject: async ({ monitoringDir, prometheusUrl }) => {
    const { putBack, reload } = await unwatch(monitoringDir, prometheusUrl);
    return {
      evidence: async () => {
        const answer = await fetch(`${prometheusUrl}/api/v1/targets?state=active`);
        const { data } = (await answer.json()) as { data: { activeTargets: { labels: { job: string } }[] } };
        const jobs = [...new Set(data.activeTargets.map(({ labels }) => labels.job))];
        return jobs.includes('kafka') ? null : `Prometheus scrapes ${jobs.join(', ')} and no broker`;
      },
      heal: async () => {
        await putBack();
        await reload();
      },
    };
  },
};

/** Takes the brokers out of Prometheus's configuration; it reads a file that was put back once it is told to. */
export async function unwatch(
  monitoringDir: string,
  prometheusUrl: string,
): Promise<{ readonly path: string; putBack(): Promise<void>; reload(): Promise<void> }> {
  const path = join(monitoringDir, 'prometheus.yml');
  const before = await readFile(path, 'utf8');
  const config = parse(before) as { scrape_configs: { job_name: string }[] };
  const without = config.scrape_configs.filter(({ job_name }) => job_name !== 'kafka');
  const reload = async (): Promise<void> => {
    await fetch(`${prometheusUrl}/-/reload`, { method: 'POST' });
  };
  await writeFile(path, stringify({ ...config, scrape_configs: without }));
  await reload();
  return { path, reload, putBack: async () => await writeFile(path, before) };
}
