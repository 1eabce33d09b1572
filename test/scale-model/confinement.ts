/**
 * Confines brokers to a fraction of an instance: each in a network namespace behind links of stated bandwidth (tbf on both
 * ends of a veth), and in a cgroup with a CPU quota (v1, the one that is here).
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const cgroups = '/sys/fs/cgroup/cpu';
const programs = ['ip', 'tc', 'setpriv'];
/** The kernel hands a quota out in slices of 5 ms a core: of much shorter periods a good part is handed out and not used. */
const periodMicros = 100_000;
/** Two whole packets as the sending side hands them on, before they are cut to frames. */
const burstBytes = 131_072;
/** So much waits at a full link before it drops: less, and what is sent twice takes its part of the bandwidth. */
const queueTime = '1s';
/** Names of this process's own, so that two runs side by side do not meet. */
const prefix = `hs${process.pid}`;

/** Why brokers cannot be confined here, in words; empty: they can. */
export function obstacles(): readonly string[] {
  if (process.getuid?.() !== 0) return ['needs root, for network namespaces and cgroups'];
  const missing = programs.filter((program) => spawnSync('sh', ['-c', `command -v ${program}`]).status !== 0);
  return [
    ...missing.map((program) => `needs ${program}`),
    ...(existsSync(join(cgroups, 'cpu.cfs_burst_us'))
      ? []
      : [`needs CPU quotas with bursts in ${cgroups} (cgroup v1)`]),
  ];
}

function run(program: string, ...args: readonly string[]): void {
  execFileSync(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
}

/** `client` carries clients and, where there is no link of its own for it, replication, as an instance's network does. */
export type LinkName = 'client' | 'replication';

const networks: Readonly<Record<LinkName, { readonly letter: string; readonly net: string }>> = {
  client: { letter: 'c', net: '10.78.0' },
  replication: { letter: 'r', net: '10.78.1' },
};

export interface Counters {
  readonly receivedBytes: number;
  readonly sentBytes: number;
}

export class Confinement {
  readonly #brokers: readonly number[];
  readonly #links: readonly LinkName[];
  readonly #namespaces: string[] = [];
  readonly #groups: string[] = [];

  constructor(brokers: readonly number[], links: readonly LinkName[]) {
    this.#brokers = brokers;
    this.#links = links;
  }

  /** Bridges, namespaces and links, not limited yet. */
  build(): void {
    sweep();
    for (const link of this.#links) {
      const { letter, net } = networks[link];
      run('ip', 'link', 'add', `${prefix}${letter}`, 'type', 'bridge');
      run('ip', 'addr', 'add', `${net}.1/24`, 'dev', `${prefix}${letter}`);
      run('ip', 'link', 'set', `${prefix}${letter}`, 'up');
    }
    for (const broker of this.#brokers) {
      const namespace = `${prefix}n${broker}`;
      run('ip', 'netns', 'add', namespace);
      this.#namespaces.push(namespace);
      run('ip', '-n', namespace, 'link', 'set', 'lo', 'up');
      for (const link of this.#links) this.#connect(link, broker, namespace);
      const group = groupOf(broker);
      mkdirSync(group);
      this.#groups.push(group);
      writeFileSync(join(group, 'cpu.cfs_period_us'), String(periodMicros));
    }
  }

  #connect(link: LinkName, broker: number, namespace: string): void {
    const { letter, net } = networks[link];
    const outer = outerOf(link, broker);
    run('ip', 'link', 'add', outer, 'type', 'veth', 'peer', 'name', `${letter}0`, 'netns', namespace);
    run('ip', 'link', 'set', outer, 'master', `${prefix}${letter}`, 'up');
    run('ip', '-n', namespace, 'addr', 'add', `${net}.${10 + broker}/24`, 'dev', `${letter}0`);
    run('ip', '-n', namespace, 'link', 'set', `${letter}0`, 'up');
  }

  address(link: LinkName, broker: number): string {
    return `${networks[link].net}.${10 + broker}`;
  }

  /** What the broker's program is started with. */
  launcher(broker: number): readonly string[] {
    const enter = ['ip', 'netns', 'exec', `${prefix}n${broker}`];
    // The broker must not outlive the test, however that ends.
    return [...enter, 'setpriv', '--pdeathsig', 'KILL'];
  }

  /** Takes a broker's process in. */
  admit(broker: number, pid: number): void {
    writeFileSync(join(groupOf(broker), 'cgroup.procs'), String(pid));
  }

  /** Each direction of each broker's link; null: no limit. */
  limitLink(link: LinkName, bytesPerSec: number | null): void {
    const { letter } = networks[link];
    for (const broker of this.#brokers) {
      for (const end of [
        ['-n', `${prefix}n${broker}`, 'qdisc', `${letter}0`],
        ['qdisc', outerOf(link, broker)],
      ]) {
        const [device = '', ...rest] = end.toReversed();
        const words = rest.toReversed();
        spawnSync('tc', [...words, 'del', 'dev', device, 'root']);
        if (bytesPerSec === null) continue;
        const rate = ['rate', `${Math.round(bytesPerSec * 8)}bit`, 'burst', String(burstBytes), 'latency', queueTime];
        run('tc', ...words, 'add', 'dev', device, 'root', 'tbf', ...rate);
      }
    }
  }

  /**
   * Cores of each broker on average; null: no limit. What a period leaves unused is for the next one: brokers wait for each
   * other, each without CPU at other times, and used 89 to 96 % of their quota without this, and 97 to 100 % with it.
   */
  limitCpu(cores: number | null): void {
    const quota = cores === null ? -1 : Math.round(cores * periodMicros);
    for (const group of this.#groups) {
      // The burst is never above the quota, not for a moment either.
      writeFileSync(join(group, 'cpu.cfs_burst_us'), '0');
      writeFileSync(join(group, 'cpu.cfs_quota_us'), String(quota));
      writeFileSync(join(group, 'cpu.cfs_burst_us'), String(Math.max(0, quota)));
    }
  }

  counters(link: LinkName, broker: number): Counters {
    // What the outer end sends, the broker receives.
    const read = (name: string): number =>
      Number(readFileSync(`/sys/class/net/${outerOf(link, broker)}/statistics/${name}`, 'utf8'));
    return { receivedBytes: read('tx_bytes'), sentBytes: read('rx_bytes') };
  }

  /** When no process is left inside. Safe to call twice. */
  remove(): void {
    for (const namespace of this.#namespaces.splice(0)) spawnSync('ip', ['netns', 'del', namespace]);
    for (const link of this.#links) spawnSync('ip', ['link', 'del', `${prefix}${networks[link].letter}`]);
    for (const group of this.#groups.splice(0)) rmdirSync(group);
  }
}

/** What a killed process has left: its brokers ended with it. */
function sweep(): void {
  const left = (folder: string): readonly string[] =>
    (existsSync(folder) ? readdirSync(folder) : []).filter((name) => {
      const pid = /^hs(\d+)[ncr]\d?$/.exec(name)?.[1];
      return pid !== undefined && !existsSync(`/proc/${pid}`);
    });
  for (const namespace of left('/run/netns')) spawnSync('ip', ['netns', 'del', namespace]);
  for (const bridge of left('/sys/class/net')) spawnSync('ip', ['link', 'del', bridge]);
  for (const group of left(cgroups)) rmdirSync(join(cgroups, group));
}

/** A letter parts the pid from the broker's number. */
function groupOf(broker: number): string {
  return join(cgroups, `${prefix}n${broker}`);
}

function outerOf(link: LinkName, broker: number): string {
  return `${prefix}${networks[link].letter}${broker}`;
}
