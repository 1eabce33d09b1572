/**
 * Plays AWS for the instances of the test: volumes, network interfaces, secrets, objects in S3, signals of CloudFormation.
 * Every call the boot scripts make is answered here or fails, and is written down.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { dirname, join, resolve } from 'node:path';

export interface Signal {
  readonly instance: string;
  readonly resource: string;
  readonly success: boolean;
  readonly reason: string;
}

interface Attachable {
  /** Instance that holds it; null: it is free. */
  holder: string | null;
}

export interface Volume extends Attachable {
  /** Loop device. */
  readonly device: string;
}

export interface Interface extends Attachable {
  readonly address: string;
  /** The end of a cable that can be moved into an instance. */
  readonly cable: string;
}

class Refused extends Error {}

export class AwsDouble {
  readonly volumes = new Map<string, Volume>();
  readonly interfaces = new Map<string, Interface>();
  readonly secrets = new Map<string, string>();
  /** `bucket/key` -> file. */
  readonly objects = new Map<string, string>();
  readonly signals: Signal[] = [];
  /** Instance -> process id of its first process, as this machine sees it. */
  readonly instances = new Map<string, number>();
  private server: Server | undefined;

  async listen(socket: string): Promise<void> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const [, instance = '', program = ''] = (request.url ?? '').split('/');
        const [cwd = '/', ...words] = Buffer.concat(chunks).toString('utf8').split('\0').slice(0, -1);
        try {
          const answer = program === 'cfn-signal' ? this.signal(instance, words) : this.call(instance, cwd, words);
          response.writeHead(200).end(answer === '' ? '' : `${answer}\n`);
        } catch (error) {
          response.writeHead(400).end(`${error instanceof Error ? error.message : String(error)}\n`);
        }
      });
    });
    this.server = server;
    await new Promise<void>((done) => server.listen(socket, done));
  }

  async close(): Promise<void> {
    await new Promise((done) => (this.server === undefined ? done(undefined) : this.server.close(done)));
  }

  /** What a terminated instance held becomes free. */
  release(instance: string): void {
    for (const one of [...this.volumes.values(), ...this.interfaces.values()])
      if (one.holder === instance) one.holder = null;
    this.instances.delete(instance);
  }

  private call(instance: string, cwd: string, words: readonly string[]): string {
    const [service = '', verb = ''] = words;
    const option = (name: string): string => {
      const value = words[words.indexOf(`--${name}`) + 1];
      if (!words.includes(`--${name}`) || value === undefined) throw new Refused(`${service} ${verb}: no --${name}`);
      return value;
    };
    switch (`${service} ${verb}`) {
      case 's3 cp':
        return this.copyObject(
          instance,
          cwd,
          words.slice(2).filter((word) => !word.startsWith('--')),
        );
      case 'ec2 describe-volumes':
        return describe(this.find(this.volumes, 'InvalidVolume.NotFound', option('volume-ids')));
      case 'ec2 attach-volume':
        return this.attachVolume(instance, option('volume-id'), option('instance-id'));
      case 'ec2 describe-network-interfaces': {
        const found = this.find(this.interfaces, 'InvalidNetworkInterfaceID.NotFound', option('network-interface-ids'));
        return option('query').endsWith('PrivateIpAddress') ? found.address : describe(found);
      }
      case 'ec2 attach-network-interface':
        return this.attachInterface(instance, option('network-interface-id'), option('instance-id'));
      case 'secretsmanager get-secret-value':
        return this.find(this.secrets, 'ResourceNotFoundException', option('secret-id')).trimEnd();
      case 'secretsmanager describe-secret':
        return this.find(this.secrets, 'ResourceNotFoundException', option('secret-id')) && '{}';
      case 'secretsmanager create-secret':
        this.secrets.set(
          option('name'),
          readFileSync(resolve(cwd, option('secret-string').replace('file://', '')), 'utf8'),
        );
        return '{}';
      default:
        throw new Refused(`this double does not know: aws ${words.join(' ')}`);
    }
  }

  private find<T>(all: ReadonlyMap<string, T>, code: string, id: string): T {
    const found = all.get(id);
    if (found === undefined) throw new Refused(`An error occurred (${code}): ${id} does not exist`);
    return found;
  }

  private root(instance: string): string {
    const pid = this.instances.get(instance);
    if (pid === undefined) throw new Refused(`no instance ${instance}`);
    return `/proc/${pid}/root`;
  }

  private copyObject(instance: string, cwd: string, [from = '', to = '']: readonly string[]): string {
    const file = this.find(this.objects, 'NoSuchKey', from.replace('s3://', ''));
    const target = join(this.root(instance), resolve(cwd, to));
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(file, target);
    return '';
  }

  private attachVolume(caller: string, volumeId: string, instance: string): string {
    const volume = this.find(this.volumes, 'InvalidVolume.NotFound', volumeId);
    take(volume, caller, instance);
    const root = this.root(instance);
    const node = join(root, volume.device);
    if (!existsSync(node)) execFileSync('cp', ['-a', volume.device, node]);
    const link = join(root, `dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_${volumeId.replace('-', '')}`);
    symlinkSync(volume.device, link);
    return '{ "State": "attaching" }';
  }

  private attachInterface(caller: string, interfaceId: string, instance: string): string {
    const found = this.find(this.interfaces, 'InvalidNetworkInterfaceID.NotFound', interfaceId);
    take(found, caller, instance);
    const pid = String(this.instances.get(instance));
    execFileSync('ip', ['link', 'set', found.cable, 'netns', pid]);
    const inside = (...args: string[]): void => {
      execFileSync('nsenter', ['--target', pid, '--net', 'ip', ...args]);
    };
    inside('addr', 'add', `${found.address}/24`, 'dev', found.cable);
    inside('link', 'set', found.cable, 'up');
    return '{ "AttachmentId": "eni-attach-1" }';
  }

  private signal(instance: string, words: readonly string[]): string {
    const option = (name: string): string => words[words.indexOf(`--${name}`) + 1] ?? '';
    const success = option('success') === 'true';
    this.signals.push({ instance, success, reason: option('reason'), resource: option('resource') });
    return '';
  }
}

function describe({ holder }: Attachable): string {
  return holder === null ? 'available\tNone' : `in-use\t${holder}`;
}

function take(one: Attachable, caller: string, instance: string): void {
  if (caller !== instance) throw new Refused(`UnauthorizedOperation: ${caller} may not attach to ${instance}`);
  if (one.holder !== null) throw new Refused(`VolumeInUse: it is attached to ${one.holder}`);
  one.holder = instance;
}
