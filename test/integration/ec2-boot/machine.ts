/** What of this machine the test needs: programs and rights, a network of its own, disks that are files. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, truncateSync, writeFileSync } from 'node:fs';

const programs = [
  'ip',
  'unshare',
  'nsenter',
  'losetup',
  'mkfs.xfs',
  'mkfs.ext4',
  'wipefs',
  'blkid',
  'unzip',
  'zip',
  'curl',
  'openssl',
];

/** Why the boot scripts cannot be run here, in words; empty: they can. */
export function obstacles(): readonly string[] {
  if (process.getuid?.() !== 0) return ['needs root, for network namespaces, loop devices and mounts'];
  const missing = programs.filter((program) => spawnSync('sh', ['-c', `command -v ${program}`]).status !== 0);
  if (!existsSync('/usr/bin/java')) missing.push('/usr/bin/java');
  return missing.map((program) => `needs ${program}`);
}

export function run(program: string, ...args: readonly string[]): string {
  return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Names of this process's own, so that two runs side by side do not meet. */
export const prefix = `hr${process.pid % 100_000}`;

/** A switch in a namespace of its own, where the client runs too. */
export class Network {
  readonly name = `${prefix}n`;
  private cables = 0;

  constructor() {
    run('ip', 'netns', 'add', this.name);
    for (const args of [
      'link set lo up',
      'link add br0 type bridge',
      'link set br0 up',
      'addr add 10.77.0.1/24 dev br0',
    ])
      run('ip', '-n', this.name, ...args.split(' '));
  }

  /** A cable with one end in the switch; its other end carries `mac` and waits to be moved into an instance. */
  cable(mac: string): string {
    this.cables += 1;
    const end = `${prefix}c${this.cables}`;
    const port = `p${this.cables}`;
    run('ip', 'link', 'add', end, 'address', mac, 'type', 'veth', 'peer', 'name', port, 'netns', this.name);
    run('ip', '-n', this.name, 'link', 'set', port, 'master', 'br0', 'up');
    return end;
  }

  remove(): void {
    for (let number = 1; number <= this.cables; number += 1) spawnSync('ip', ['link', 'del', `${prefix}c${number}`]);
    spawnSync('ip', ['netns', 'del', this.name]);
  }
}

/** A loop device over a sparse file. */
export function disk(path: string, bytes = 1 << 30): string {
  writeFileSync(path, '');
  truncateSync(path, bytes);
  return run('losetup', '--find', '--show', path).trim();
}

export function removeDisk(device: string): void {
  // Lazily: the last mount may still be going down with its namespace.
  spawnSync('losetup', ['--detach', device]);
}
