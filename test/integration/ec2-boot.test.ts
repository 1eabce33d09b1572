import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clusterIdOf, directoryIdOf } from '../../lib/constructs/ec2-identity.ts';
import type { Instance } from './ec2-boot/instance.ts';
import { obstacles, run } from './ec2-boot/machine.ts';
import { clusterName, group, topic, World } from './ec2-boot/world.ts';

/**
 * The boot scripts as the template ships them, executed: real namespaces, filesystems and brokers; AWS, systemd and the
 * metadata service are doubled. What is not proven here: AWS's own API, Amazon Linux, NVMe names, a power cut (the kernel,
 * and so its page cache, outlives the instances).
 */
const missing = obstacles();
if (missing.length > 0) process.stderr.write(`\nEC2 boot scripts NOT executed: ${missing.join('; ')}\n\n`);

/** Far more than is ever needed: what is waited for is a condition, and a busy machine must not fail the test. */
const patienceMs = 600_000;

describe.skipIf(missing.length > 0)('the boot scripts of EC2 nodes', { timeout: patienceMs }, () => {
  let world: World;
  const nodes = new Map<number, Instance>();
  const node = (id: number): Instance => nodes.get(id) as Instance;
  const host = (id: number): string => `node-${id}.${clusterName}.kafka.internal`;

  beforeAll(async () => {
    world = new World();
    await world.prepare();
  }, patienceMs);
  afterAll(() => world.remove(), patienceMs);

  /** Launches an instance and waits until its boot has ended. */
  async function boot(id: number, userData: string) {
    const instance = await world.launch(id, userData);
    const exitCode = await instance.booted();
    const signals = world.aws.signals.filter((signal) => signal.instance === instance.id);
    return { instance, exitCode, signals, log: instance.log() };
  }

  async function bootWell(id: number, userData = world.userData(id)): Promise<string> {
    const { instance, exitCode, log, signals } = await boot(id, userData);
    expect(exitCode, log).toBe(0);
    expect(signals).toEqual([expect.objectContaining({ success: true, reason: `node ${id}: up` })]);
    expect(signals[0]?.resource).toMatch(new RegExp(`Broker${id}Group`));
    nodes.set(id, instance);
    return log;
  }

  const tool = (name: string, options: string): Promise<string> =>
    node(1).command(
      `java -XX:TieredStopAtLevel=1 -DlogLevel=ERROR -Dlog4j2.configurationFile=/opt/headroom/boot/log4j2.xml ` +
        `-cp '/opt/kafka/libs/*' org.apache.kafka.tools.${name} --command-config /etc/kafka/client.properties ${options}`,
    );
  const quorum = (): Promise<string> =>
    tool('MetadataQuorumCommand', `--bootstrap-controller ${host(1)}:9093 describe --status`);
  const client = async (mode: string, more: object): Promise<unknown> =>
    JSON.parse((await promisify(execFile)('ip', world.client(mode, more))).stdout);

  it('make a cluster of blank volumes, one node after the other', async () => {
    expect(await bootWell(1)).toContain('no majority of controllers is there yet');
    for (const id of [2, 3]) {
      const log = await bootWell(id);
      expect(log).toContain('making an XFS filesystem');
      expect(log).not.toContain('no majority');
    }
    const status = await quorum();
    expect(status).toContain(`ClusterId:              ${clusterIdOf(clusterName)}`);
    for (const id of [1, 2, 3]) expect(status).toContain(directoryIdOf(clusterName, id, 1));
  });

  it('give the node what the plan and the unit say', async () => {
    expect(node(2).read('/etc/kafka/server.properties')).toContain('broker.rack=use1-az2');
    expect(node(2).read('/etc/fstab')).toMatch(/^UUID=\S+ \/var\/lib\/kafka xfs noatime,nodiratime/);
    expect(node(2).read('/run/sysctl-calls')).toBe('--quiet --load=/etc/sysctl.d/90-kafka.conf\n');
    expect(await node(2).command('findmnt --noheadings --output FSTYPE,OPTIONS /var/lib/kafka')).toMatch(
      /xfs.*noatime/,
    );
    expect(await node(2).command('stat --format "%U %a" /run/kafka-tls/node.pem')).toBe('kafka 400\n');
    expect(node(2).read('/var/log/node-exporter.service.log')).toBe('--web.listen-address=:11002\n');
    const metrics = await node(2).command('curl --silent http://localhost:11001/metrics');
    expect(metrics).toMatch(/^kafka_server_replicamanager_underreplicatedpartitions 0/m);
  });

  it("bring the plan's topics and the grants into the cluster", async () => {
    const [association] = Object.values(world.template.findResources('AWS::SSM::Association'));
    const commands = association?.Properties.Parameters.commands as string[];
    // A client without a rule sees nothing.
    expect(await client('try', { topic })).toMatch(/AUTHORIZATION|UNKNOWN_TOPIC/);
    expect(await node(1).command(commands.join('\n'))).toContain(`made topic ${topic}`);
    // What is there is brought to the plan, and may be brought again.
    const grown = `/opt/headroom/boot/administer.sh topic ${topic} 12 3 retention.ms=86400000 cleanup.policy=compact,delete`;
    expect(await node(1).command(grown)).toContain(`topic ${topic} was there`);
    const described = await tool('TopicCommand', `--bootstrap-server ${host(1)}:9094 --describe --topic ${topic}`);
    expect(described).toMatch(/PartitionCount: 12\s+ReplicationFactor: 3/);
    for (const setting of ['min.insync.replicas=2', 'retention.ms=86400000', 'cleanup.policy=compact,delete'])
      expect(described).toContain(setting);
    expect(await client('try', { topic })).toBe('sent');
    expect(await client('try', { topic: '__consumer_offsets' })).toBe('TOPIC_AUTHORIZATION_FAILED');
  });

  it('take the volume of a lost instance over: no acknowledged record is lost, and none is refused meanwhile', async () => {
    const producer = spawn('ip', world.client('produce', { topic }));
    const acknowledged = ended(producer);
    await begun(producer);
    await world.lose(node(2), 2, 3000);
    const log = await bootWell(2);
    expect(log).toContain('volume vol-2 keeps its filesystem');
    expect(log).toContain('the volume is formatted for cluster id');
    producer.stdin.end();
    const { numbers, failed } = (await acknowledged) as { numbers: number[]; failed: number };
    expect(failed).toBe(0);
    expect(numbers.length).toBeGreaterThanOrEqual(500);
    const path = join(world.folder, 'acknowledged.json');
    writeFileSync(path, JSON.stringify(numbers));
    const found = (await client('verify', { topic, group, acknowledged: path })) as { read: number; missing: number[] };
    expect(found.missing).toEqual([]);
    expect(found.read).toBeGreaterThanOrEqual(numbers.length);
  });

  it('join the quorum and fill an empty volume that replaces a lost one', async () => {
    await world.lose(node(3), 3);
    world.addVolume('vol-30');
    const template = world.deploy({ 3: 2 });
    await bootWell(3, world.userData(3, { volume: 'vol-30' }, template));
    // Who has left stays listed among the observers for some minutes.
    const voters = /^CurrentVoters: .*$/m.exec(await quorum())?.[0] ?? '';
    expect(voters).not.toContain(directoryIdOf(clusterName, 3, 1));
    expect(voters.match(/node-\d\.course-events-1\.kafka\.internal:9093/g)).toHaveLength(3);
    expect(await node(3).command(`du --summarize --bytes /var/lib/kafka/data | cut -f 1`)).toMatch(/^\d{6,}\n$/);
  });

  describe('refuse, say why, and leave the volume as it is:', () => {
    /** XFS needs 300 MiB; what must stay as it is to the last byte is compared, so it is smaller. */
    const bytes = (refusal: Refusal): number => (refusal.toTheLastByte === true ? 32 : 400) * 2 ** 20;
    const sumOf = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');
    const xfs = (device: string, fill: (folder: string) => void): void => {
      const folder = join(world.folder, 'mnt');
      run('mkfs.xfs', '-q', device);
      run('mkdir', '-p', folder);
      run('mount', device, folder);
      fill(folder);
      run('umount', folder);
    };
    const meta = (clusterId: string, nodeId: number) => (folder: string) => {
      run('mkdir', join(folder, 'data'));
      const lines = ['version=1', `cluster.id=${clusterId}`, `node.id=${nodeId}`, 'directory.id=x', ''];
      writeFileSync(join(folder, 'data', 'meta.properties'), lines.join('\n'));
    };
    const edit = (userData: string, pattern: RegExp, text: string): string => {
      expect(userData).toMatch(pattern);
      return userData.replace(pattern, text);
    };
    interface Refusal {
      /** Prepares the volume; null: there is none. */
      readonly volume: ((device: string) => unknown) | null;
      readonly edit?: (userData: string) => string;
      readonly exitCode?: number;
      readonly toTheLastByte?: true;
      readonly reason: string;
    }
    const blank = (): void => {};
    const cases: Readonly<Record<string, Refusal>> = {
      'a foreign filesystem': {
        volume: (device) => run('mkfs.ext4', '-q', device),
        reason: 'holds ext4, not this node',
        toTheLastByte: true,
      },
      'a partition table': {
        volume: (device) => writeFileSync(device, masterBootRecord()),
        reason: 'holds dos, not this node',
        toTheLastByte: true,
      },
      'files of somebody else': {
        volume: (device) => xfs(device, (folder) => writeFileSync(join(folder, 'letters.txt'), 'dear')),
        reason: "files that are not Kafka's (letters.txt",
      },
      'the data of another cluster': {
        volume: (device) => xfs(device, meta('AAAAAAAAAAAAAAAAAAAAAg', 2)),
        reason: 'belongs to cluster id AAAAAAAAAAAAAAAAAAAAAg',
      },
      'the data of another node': {
        volume: (device) => xfs(device, meta(clusterIdOf(clusterName), 1)),
        reason: 'belongs to node 1, not 2',
      },
      'a volume that is not there': { volume: null, reason: 'does not exist' },
      'a volume that another instance holds': {
        volume: null,
        edit: (text) =>
          edit(edit(text, /^VOLUME_ID='.*'$/m, "VOLUME_ID='vol-1'"), /ATTACH_SECONDS='600'/, "ATTACH_SECONDS='2'"),
        exitCode: 75,
        reason: 'waited 2 s for volume vol-1 to be free',
      },
      'other software': {
        volume: blank,
        edit: (text) => edit(text, /^KAFKA_SHA512='./m, "KAFKA_SHA512='0"),
        reason: 'kafka.tar does not have the SHA-512 of the template',
      },
      'other scripts': {
        volume: blank,
        edit: (text) => edit(text, /^[0-9a-f]{64} {2}boot\.sh$/m, `${'0'.repeat(64)}  boot.sh`),
        reason: 'the boot scripts are not those of the template',
      },
      'a certificate of another node': {
        volume: blank,
        edit: (text) => edit(text, /^NODE_SECRET='(.*)2'$/m, "NODE_SECRET='$11'"),
        reason: 'is not for node-2.',
      },
    };
    type Outcome = Awaited<ReturnType<typeof boot>> & { readonly untouched: boolean };
    const outcomes = new Map<string, Outcome>();

    beforeAll(async () => {
      const prepared = Object.entries(cases).map(([name, refusal], index) => {
        const id = `vol-9${index}`;
        if (refusal.volume !== null) refusal.volume(world.addVolume(id, bytes(refusal)));
        world.addInterface(`eni-9${index}`, 50 + index);
        const userData = world.userData(2, { volume: id, networkInterface: `eni-9${index}` });
        const sum = (): string => (refusal.toTheLastByte === true ? sumOf(join(world.folder, id)) : '');
        return { name, userData: refusal.edit?.(userData) ?? userData, sum, before: sum() };
      });
      await Promise.all(
        prepared.map(async ({ name, userData, sum, before }) => {
          const outcome = await boot(2, userData);
          await outcome.instance.kill();
          outcomes.set(name, { ...outcome, untouched: sum() === before });
        }),
      );
    }, patienceMs);

    it.each(Object.entries(cases))('%s', (name, { exitCode, reason }) => {
      const outcome = outcomes.get(name) as Outcome;
      expect(outcome.exitCode, outcome.log).toBe(exitCode ?? 78);
      expect(outcome.signals).toEqual([{ ...outcome.signals[0], success: false }]);
      expect(outcome.signals[0]?.reason).toContain(reason);
      expect(outcome.log).not.toContain('Formatting');
      expect(outcome.untouched).toBe(true);
    });
  });
});

/** One Linux partition from the second sector on. */
function masterBootRecord(): Buffer {
  const sector = Buffer.alloc(512);
  sector.writeUInt8(0x83, 450);
  sector.writeUInt32LE(1, 454);
  sector.writeUInt32LE(1000, 458);
  sector.writeUInt16LE(0xaa55, 510);
  return sector;
}

/** Resolves at the first line that the client prints. */
async function begun(client: ChildProcess): Promise<void> {
  await new Promise((done) => client.stdout?.once('data', done));
}

/** The last line that the client prints. */
async function ended(client: ChildProcess): Promise<unknown> {
  let text = '';
  client.stdout?.on('data', (chunk: Buffer) => {
    text += chunk.toString('utf8');
  });
  await new Promise((done) => client.once('close', done));
  return JSON.parse(text.trim().split('\n').at(-1) ?? '');
}
