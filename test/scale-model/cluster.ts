/** Three real brokers, each confined; beside the harness, which reaches them over a bridge. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { NetworkUse } from '../../bench/limit/resources.ts';
import { brokerProperties } from '../../bench/local/broker-config.ts';
import { ensureKafka } from '../../bench/local/fetch.ts';
import { formatStorage, randomKafkaId } from '../../bench/local/format.ts';
import { findJava } from '../../bench/local/java.ts';
import { brokerFlags, type Runtime } from '../../bench/local/jvm.ts';
import { cpuSeconds, endProcesses, identify, type ProcessIdentity } from '../../bench/local/processes.ts';
import { renderProperties } from '../../bench/local/properties-file.ts';
import { readBrokers } from '../../bench/target/brokers.ts';
import { createAdmin } from '../../bench/target/connect.ts';
import type { RunCluster } from '../../bench/target/run-cluster.ts';
import { Confinement, type LinkName, obstacles } from './confinement.ts';

export const brokerIds = [1, 2, 3] as const;
const ports = { client: 9092, controller: 9093, replication: 9094 } as const;
const readyWithinMs = 120_000;

/** What each broker may use; null: as much as there is. */
export interface Limits {
  readonly cores: number | null;
  readonly clientBytesPerSec: number | null;
  readonly replicationBytesPerSec: number | null;
}

export class ScaleCluster {
  readonly #confinement: Confinement;
  readonly #children: ChildProcess[] = [];
  readonly #identities = new Map<number, ProcessIdentity>();
  readonly #replicationLink: boolean;
  #folder = '';
  #limits: Limits = { cores: null, clientBytesPerSec: null, replicationBytesPerSec: null };
  #cluster: RunCluster | undefined;

  /** `replicationLink`: brokers copy over a link of their own; otherwise they share that of the clients. */
  constructor({ replicationLink }: { readonly replicationLink: boolean }) {
    this.#replicationLink = replicationLink;
    this.#confinement = new Confinement(brokerIds, replicationLink ? ['client', 'replication'] : ['client']);
  }

  get cluster(): RunCluster {
    if (this.#cluster === undefined) throw new Error('start the cluster first');
    return this.#cluster;
  }

  get limits(): Limits {
    return this.#limits;
  }

  async start(): Promise<void> {
    const missing = obstacles();
    if (missing.length > 0) throw new Error(`brokers cannot be confined here: ${missing.join('; ')}`);
    const signal = new AbortController().signal;
    const env = process.env;
    const runtime: Runtime = {
      java: await findJava(env, signal),
      kafka: await ensureKafka({ onProgress: () => {}, signal, env }),
    };
    this.#folder = await mkdtemp(join(tmpdir(), 'headroom-scale-'));
    this.#confinement.build();
    const clusterId = randomKafkaId();
    const brokers = brokerIds.map((id) => ({
      id,
      dataDir: join(this.#folder, `broker-${id}`, 'data'),
      configPath: join(this.#folder, `broker-${id}`, 'server.properties'),
    }));
    for (const { id, dataDir, configPath } of brokers) {
      await mkdir(join(this.#folder, `broker-${id}`));
      await writeFile(configPath, renderProperties(this.#properties(id, dataDir)));
    }
    await formatStorage({ runtime, clusterId, brokers, env, signal });
    for (const { id, configPath } of brokers) this.#launch(id, configPath, runtime);
    await this.#ready(clusterId, runtime.kafka.version);
  }

  #properties(id: number, dataDir: string): Readonly<Record<string, string>> {
    const at = (link: LinkName): string => this.#confinement.address(link, id);
    const between = this.#replicationLink ? [`REPLICATION://${at('replication')}:${ports.replication}`] : [];
    const clients = [`PLAINTEXT://${at('client')}:${ports.client}`, ...between];
    const address = { port: ports.client, controllerPort: ports.controller };
    return brokerProperties({
      broker: { id, ...address, rack: `rack-${id}`, dataDir },
      cluster: brokerIds.map((each) => ({ id: each, ...address })),
      overrides: {
        listeners: [...clients, `CONTROLLER://${at('client')}:${ports.controller}`].join(','),
        'advertised.listeners': clients.join(','),
        'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,REPLICATION:PLAINTEXT',
        'inter.broker.listener.name': this.#replicationLink ? 'REPLICATION' : 'PLAINTEXT',
        'controller.quorum.voters': brokerIds
          .map((each) => `${each}@${this.#confinement.address('client', each)}:${ports.controller}`)
          .join(','),
        // A link or a quota at its limit must show as a lower rate, not as a broker that is taken for dead.
        'broker.session.timeout.ms': '60000',
        'replica.lag.time.max.ms': '60000',
      },
    });
  }

  #launch(id: number, configPath: string, runtime: Runtime): void {
    const logs = join(this.#folder, `broker-${id}`);
    const [program = '', ...words] = this.#confinement.launcher(id);
    const java = [runtime.java.path, ...brokerFlags(runtime, logs), 'kafka.Kafka', configPath];
    const output = openSync(join(logs, 'output.log'), 'a');
    const child = spawn(program, [...words, ...java], { cwd: logs, stdio: ['ignore', output, output] });
    closeSync(output);
    if (child.pid === undefined) throw new Error(`broker ${id} did not start`);
    this.#confinement.admit(id, child.pid);
    const identity = identify(child.pid);
    if (identity !== null) this.#identities.set(id, identity);
    this.#children.push(child);
  }

  async #ready(clusterId: string, version: string): Promise<void> {
    const bootstrap = brokerIds.map((id) => `${this.#confinement.address('client', id)}:${ports.client}`);
    const admin = createAdmin(bootstrap);
    const deadline = performance.now() + readyWithinMs;
    for (;;) {
      const found = await readBrokers(admin, bootstrap).catch(() => []);
      if (found.length === brokerIds.length) break;
      if (this.#children.some(({ exitCode }) => exitCode !== null))
        throw new Error(`a broker ended, see ${this.#folder}`);
      if (performance.now() > deadline) throw new Error(`the brokers did not meet, see ${this.#folder}`);
      await sleep(250);
    }
    this.#cluster = {
      target: 'existing',
      bootstrap,
      clusterId,
      admin,
      msk: null,
      brokers: await readBrokers(admin, bootstrap),
      versions: { kafka: version },
      aliveBrokers: async () =>
        new Set([...this.#identities].flatMap(([id, { pid }]) => (identify(pid) === null ? [] : [id]))),
      brokerCpuSeconds: async () =>
        new Map(
          [...this.#identities].flatMap(([id, identity]) => {
            const seconds = cpuSeconds(identity);
            return seconds === null ? [] : [[id, seconds] as const];
          }),
        ),
      folders: null,
      crashBroker: null,
    };
  }

  confine(limits: Limits): void {
    this.#limits = limits;
    this.#confinement.limitCpu(limits.cores);
    this.#confinement.limitLink('client', limits.clientBytesPerSec);
    if (this.#replicationLink) this.#confinement.limitLink('replication', limits.replicationBytesPerSec);
  }

  /** Of the link that clients use; null while it has no limit. */
  networkUse(): readonly NetworkUse[] | null {
    const { clientBytesPerSec: limit } = this.#limits;
    if (limit === null) return null;
    return brokerIds.map((broker) => ({
      broker,
      ...this.#confinement.counters('client', broker),
      limitBytesPerSec: limit,
    }));
  }

  async stop(): Promise<void> {
    await this.#cluster?.admin.close().catch(() => {});
    await endProcesses([...this.#identities.values()], 0);
    this.#confinement.remove();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
