/** Everything around the instances: AWS's double with software, certificates, volumes and interfaces, and the network. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Stack } from 'aws-cdk-lib/core';
import { findFetchedKafka } from '../../../bench/local/fetch.ts';
import { ensureExporterAgent } from '../../../bench/monitoring/exporter-agent.ts';
import { packageRoot } from '../../../bench/package-root.ts';
import { clientNameOf } from '../../../lib/constructs/ec2-access-rules.ts';
import type { Ec2Artifacts } from '../../../lib/constructs/ec2-artifacts.ts';
import { ec2Plan, ec2StackIn, imageId, userDataOf } from '../../stacks/ec2-app.ts';
import { newApp } from '../../stacks/synthesise.ts';
import { AwsDouble } from './aws-double.ts';
import { Instance } from './instance.ts';
import { disk, Network, removeDisk, run } from './machine.ts';

export const clusterName = 'course-events-1';
export const topic = 'categoryChanged';
export const group = 'CGR-lecture-categoryChanged';
const nodeIds = [1, 2, 3];
const hostOf = (node: number): string => `node-${node}.${clusterName}.kafka.internal`;
const addressOf = (node: number): string => `10.77.0.${10 + node}`;

export class World {
  readonly aws = new AwsDouble();
  readonly folder = mkdtempSync(join(tmpdir(), 'headroom-ec2-'));
  readonly network = new Network();
  readonly launched: Instance[] = [];
  /** Of three combined nodes, with one client that may write and read one topic. */
  template = Template.fromJSON({});
  /** Name of the client in Kafka. */
  clientName = '';
  private readonly devices: string[] = [];
  private readonly certificates = join(this.folder, 'certificates');
  private artifacts: Ec2Artifacts | undefined;

  async prepare(): Promise<void> {
    mkdirSync(join(this.folder, 'aws'));
    await this.aws.listen(join(this.folder, 'aws', 'socket'));
    this.artifacts = await this.software();
    this.template = this.deploy();
    await this.makeCertificates();
    for (const node of nodeIds) {
      this.addVolume(`vol-${node}`);
      this.addInterface(`eni-${node}`, 10 + node);
    }
  }

  /** Synthesises the stack; its boot scripts are then in the double's bucket. */
  deploy(volumeGenerations: Readonly<Record<number, number>> = {}): Template {
    const app = newApp();
    const { artifacts } = this;
    if (artifacts === undefined) throw new Error('prepare first');
    const stack = ec2StackIn(app, ec2Plan(), { artifacts, imageId, controllers: 'combined', volumeGenerations });
    const client = new iam.Role(new Stack(app, 'application'), 'Client', { assumedBy: new iam.AccountRootPrincipal() });
    stack.cluster.grantProduce(client, topic);
    stack.cluster.grantConsume(client, topic, group);
    this.clientName = clientNameOf(client);
    const assembly = app.synth();
    const template = Template.fromJSON(assembly.getStackArtifact(stack.artifactId).template);
    const [, key = ''] = /'s3:\/\/[^']*\/([0-9a-f]+)\.zip'/.exec(userDataOf(template, 'Broker1')) ?? [];
    const zip = join(this.folder, `${key}.zip`);
    run('sh', '-c', 'cd "$1" && zip --quiet -r "$2" .', '-', join(assembly.directory, `asset.${key}`), zip);
    this.aws.objects.set(`cdk-hnb659fds-assets-AWS::AccountId-AWS::Region/${key}.zip`, zip);
    return template;
  }

  /** With the operator's own script. Not waited for in one go, because the double that it calls is in this process. */
  private async makeCertificates(): Promise<void> {
    const doubles = join(packageRoot, 'test', 'integration', 'ec2-boot', 'doubles');
    const script = join(packageRoot, 'scripts', 'make-certificates.sh');
    const names = [...nodeIds.map(String), '--', this.clientName];
    await promisify(execFile)(script, [this.certificates, clusterName, ...names], {
      env: { PATH: `${doubles}:${process.env.PATH}`, AWS_DOUBLE: join(this.folder, 'aws', 'socket') },
    });
  }

  /**
   * The user data of a node as CloudFormation would give it to the instance, with a heap and a patience that fit a test.
   * `held`: what stands for its volume and its interface.
   */
  userData(node: number, held: { volume?: string; networkInterface?: string } = {}, template = this.template): string {
    const ids = Object.keys(template.toJSON().Resources);
    const idOf = (part: string): string => ids.find((id) => id.includes(`Broker${node}${part}`)) ?? part;
    const text = userDataOf(template, `Broker${node}`, {
      [idOf('Volume')]: held.volume ?? `vol-${node}`,
      [idOf('Interface')]: held.networkInterface ?? `eni-${node}`,
    });
    return text.replace(/^HEAP_MIB='\d+'$/m, "HEAP_MIB='320'");
  }

  async launch(node: number, userData: string): Promise<Instance> {
    const hosts = ['127.0.0.1 localhost', ...nodeIds.map((id) => `${addressOf(id)} ${hostOf(id)}`), ''].join('\n');
    const { aws, folder } = this;
    const instance = await Instance.launch({ aws, folder, userData, hosts, zoneId: `use1-az${node}` });
    this.launched.push(instance);
    return instance;
  }

  /** The instance is gone, as after a failure of its host; AWS lets volume and interface go `afterMs` later. */
  async lose(instance: Instance, node: number, afterMs = 0): Promise<void> {
    await instance.kill();
    setTimeout(() => {
      this.aws.release(instance.id);
      this.addInterface(`eni-${node}`, 10 + node);
    }, afterMs);
  }

  addVolume(id: string, bytes?: number): string {
    const device = disk(join(this.folder, id), bytes);
    this.devices.push(device);
    this.aws.volumes.set(id, { device, holder: null });
    return device;
  }

  /** A cable ends with the instance that held it; the interface keeps its hardware address and gets a new one. */
  addInterface(id: string, host: number): void {
    const cable = this.network.cable(`02:00:00:00:00:${host}`);
    this.aws.interfaces.set(id, { address: `10.77.0.${host}`, cable, holder: null });
  }

  /** Arguments of client.mjs. */
  client(mode: string, more: object): string[] {
    const description = {
      bootstrap: nodeIds.map((node) => `${hostOf(node)}:9094`).join(','),
      addresses: Object.fromEntries(nodeIds.map((node) => [hostOf(node), addressOf(node)])),
      certificate: join(this.certificates, `client-${this.clientName}.pem`),
      authority: join(this.certificates, 'authority.pem'),
      ...more,
    };
    const script = join(packageRoot, 'test', 'integration', 'ec2-boot', 'client.mjs');
    return ['netns', 'exec', this.network.name, process.execPath, script, mode, JSON.stringify(description)];
  }

  async remove(): Promise<void> {
    for (const instance of this.launched) await instance.kill();
    await this.aws.close();
    this.network.remove();
    for (const device of this.devices) removeDisk(device);
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Kafka's archive from the jars of the local cluster, the exporter's agent, and a stand-in for the node exporter. */
  private async software(): Promise<Ec2Artifacts> {
    const kafka = await findFetchedKafka();
    if (kafka === null) throw new Error('the broker artifacts are not fetched');
    const archive = join(this.folder, 'kafka.tar');
    run('tar', '-cf', archive, '-C', dirname(kafka.libsDir), '--transform', 's,^libs,kafka/libs,', 'libs');
    const quiet = { onProgress: () => {}, signal: new AbortController().signal };
    const agent = await ensureExporterAgent({ ...quiet, dir: join(this.folder, 'agent') });
    const exporter = join(this.folder, 'node-exporter', 'node_exporter');
    mkdirSync(dirname(exporter));
    writeFileSync(exporter, '#!/bin/sh\necho "$@"\nexec sleep 3600\n', { mode: 0o755 });
    run('tar', '-cf', `${dirname(exporter)}.tar`, '-C', this.folder, 'node-exporter');
    const store = (key: string, path: string): { key: string; sha512: string } => {
      this.aws.objects.set(`kafka-software/${key}`, path);
      return { key, sha512: createHash('sha512').update(readFileSync(path)).digest('hex') };
    };
    return {
      bucketName: 'kafka-software',
      kafka: store('kafka.tar', archive),
      jmxExporter: store('jmx-exporter.jar', agent.jarPath),
      nodeExporter: store('node-exporter.tar', `${dirname(exporter)}.tar`),
    };
  }
}
