/** An EC2 instance: namespaces of its own, a root disk in memory, a metadata service, and the user data as its first deed. */
import { type ChildProcess, execFile as execFileOf, spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { packageRoot } from '../../../bench/package-root.ts';
import type { AwsDouble } from './aws-double.ts';
import { prefix, run } from './machine.ts';

const execFile = promisify(execFileOf);
const here = join(packageRoot, 'test', 'integration', 'ec2-boot');

export interface LaunchRequest {
  readonly aws: AwsDouble;
  /** Folder of the run; the double's socket is in `aws/`. */
  readonly folder: string;
  readonly userData: string;
  readonly zoneId: string;
  /** Lines of /etc/hosts, in place of the private DNS zone. */
  readonly hosts: string;
}

let launched = 0;

export class Instance {
  readonly id: string;
  private readonly metadata: ChildProcess;
  private readonly process: ChildProcess;
  private readonly namespace: string;
  private readonly logPath: string;
  private readonly dir: string;
  private pid = 0;

  private constructor(request: LaunchRequest) {
    launched += 1;
    const { folder } = request;
    this.id = `i-${String(launched).padStart(8, '0')}`;
    this.namespace = `${prefix}i${launched}`;
    const dir = join(folder, this.id);
    this.dir = dir;
    mkdirSync(join(dir, 'root'), { recursive: true });
    writeFileSync(join(dir, 'user-data'), request.userData);
    writeFileSync(join(dir, 'hosts'), request.hosts);
    this.logPath = join(dir, 'log');
    run('ip', 'netns', 'add', this.namespace);
    run('ip', '-n', this.namespace, 'link', 'set', 'lo', 'up');
    run('ip', '-n', this.namespace, 'addr', 'add', '169.254.169.254/32', 'dev', 'lo');
    const inside = ['netns', 'exec', this.namespace];
    this.metadata = spawn(
      'ip',
      [...inside, process.execPath, join(here, 'metadata-service.mjs'), this.id, request.zoneId],
      { stdio: 'ignore' },
    );
    const log = openSync(this.logPath, 'w');
    const own = ['unshare', '--mount', '--pid', '--fork', '--kill-child=SIGKILL', '--'];
    const launch = [join(here, 'launch-instance.sh'), join(dir, 'root'), join(folder, 'aws'), this.id];
    this.process = spawn('ip', [...inside, ...own, ...launch, join(dir, 'user-data'), join(dir, 'hosts')], {
      stdio: ['ignore', log, log],
    });
    closeSync(log);
  }

  static async launch(request: LaunchRequest): Promise<Instance> {
    const instance = new Instance(request);
    instance.pid = await instance.firstProcess();
    request.aws.instances.set(instance.id, instance.pid);
    // Only now can the double answer it.
    writeFileSync(join(instance.dir, 'known'), '');
    return instance;
  }

  /** Of the instance, as this machine numbers it. */
  private async firstProcess(): Promise<number> {
    const parent = String(this.process.pid);
    for (;;) {
      const children = readFileSync(`/proc/${parent}/task/${parent}/children`, 'utf8').trim();
      const [child] = children.split(' ');
      if (child !== undefined && child !== '' && readFileSync(`/proc/${parent}/comm`, 'utf8') === 'unshare\n')
        return Number(child);
      await sleep(10);
    }
  }

  /** Exit code of the user data. */
  async booted(): Promise<number> {
    const path = `/proc/${this.pid}/root/run/boot-exit`;
    while (!existsSync(path) || readFileSync(path, 'utf8') === '') {
      if (this.process.exitCode !== null) throw new Error(`${this.id} ended:\n${this.log()}`);
      await sleep(100);
    }
    return Number(readFileSync(path, 'utf8'));
  }

  log(): string {
    return readFileSync(this.logPath, 'utf8');
  }

  read(path: string): string {
    return readFileSync(`/proc/${this.pid}/root${path}`, 'utf8');
  }

  /** A command line in the instance, as root. Gives what it prints; throws with it when it fails. */
  async command(line: string): Promise<string> {
    const target = ['--target', String(this.pid), '--mount', '--net', '--pid', '--root', '--wdns=/'];
    const path = 'PATH=/doubles:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
    // Not waited for in one go, because the double of AWS answers from this process.
    const { stdout } = await execFile('nsenter', [...target, '/usr/bin/env', '-i', path, 'bash', '-c', line]);
    return stdout;
  }

  /** As pulling the plug: nothing in it gets a chance to tidy up. Volume and interface stay attached to it. */
  async kill(): Promise<void> {
    const ended = new Promise((done) => this.process.once('exit', done));
    if (this.process.exitCode === null && this.process.signalCode === null) {
      process.kill(this.pid, 'SIGKILL');
      await ended;
    }
    this.metadata.kill('SIGKILL');
    spawnSync('ip', ['netns', 'del', this.namespace]);
  }
}
