import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { packageRoot } from '../../../bench/package-root.ts';
import { command } from '../../../bin/commands/runbook.ts';
import { subjects } from '../../../lib/runbooks/generated.ts';
import { names } from '../../../lib/runbooks/placeholders.ts';
import { runCommand } from '../run-command.ts';

let state: string;

beforeEach(() => {
  // Clusters of this machine's user are none of the test's.
  state = mkdtempSync(join(tmpdir(), 'headroom-runbook-'));
  vi.stubEnv('XDG_STATE_HOME', state);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(state, { recursive: true, force: true });
});

async function run(...argv: readonly string[]): Promise<string> {
  const { exitCode, stdout } = await runCommand(command, argv, packageRoot);
  expect(exitCode).toBe(0);
  return stdout;
}

describe('headroom runbook', () => {
  it('lists every page', async () => {
    const lines = (await run()).trim().split('\n');
    expect(lines.map((line) => line.split(' ')[0])).toEqual([...subjects.keys()]);
    expect(lines).toContainEqual(expect.stringMatching(/^KafkaOfflinePartitions +page +Nobody can write/));
    const { pages } = JSON.parse(await run('--json')) as { pages: object[] };
    expect(pages).toHaveLength(subjects.size);
  });

  it('fills in the names of a use case and of the command line, and lists what is open', async () => {
    const text = await run(
      ...['KafkaConsumerStalled', '--use-case', 'examples/course-events.yaml'],
      ...['--bootstrap', 'b-1:9092,b-2:9092', '--set', 'PARTITION=3', '--set', 'CLIENT_CONFIG=my client.properties'],
    );
    expect(text).toContain('--bootstrap-server b-1:9092,b-2:9092');
    expect(text).toContain("--command-config 'my client.properties'");
    expect(text).toContain('--group CGR-lecture-categoryChanged');
    expect(text).toContain('--topic "categoryChanged:3" ');
    expect(text).not.toMatch(/<!--|\$TOPIC|\$GROUP/);
    expect(text.slice(text.indexOf('Open names'))).toMatch(/^ {2}KAFKA_BIN +folder of Kafka/m);
  });

  it('takes a plan as well, and names the candidates where it has several', async () => {
    const { planUseCase } = await import('../../../lib/plan/plan.ts');
    const { readUseCase } = await import('../../../bin/read-use-case.ts');
    const plan = planUseCase(readUseCase('examples/course-events.yaml', packageRoot).requirements);
    const [topic] = plan.topics;
    const file = join(state, 'plan.json');
    writeFileSync(file, JSON.stringify({ ...plan, topics: [topic, { ...topic, name: 'other' }] }));
    const text = await run('procedure-move-topic', '--use-case', file, '--bootstrap', 'b:1');
    expect(text).toMatch(/TOPIC +topic in question; one of categoryChanged, other/);
  });

  it('leaves out what needs a shell on the brokers of MSK, and the other way round', async () => {
    const arn = 'arn:aws:kafka:eu-central-1:111122223333:cluster/course-events-1/6f2c-1';
    const msk = await run('KafkaBrokerMissing', '--cluster-arn', arn);
    expect(msk).toContain(`--cluster-arn ${arn}`);
    expect(msk).not.toMatch(/journalctl|systemctl|\(self-managed\)/);
    expect(await run('MskCpuHigh', '--cluster-arn', arn)).toContain('"Name=Cluster Name,Value=course-events-1"');
    const file = join(state, 'own.yaml');
    const text = readFileSync(join(packageRoot, 'examples', 'course-events.yaml'), 'utf8');
    writeFileSync(file, text.replace(/target: msk.*/, 'target: ec2'));
    const own = await run('KafkaBrokerMissing', '--use-case', file);
    expect(own).toContain('journalctl');
    expect(own).not.toContain('aws kafka');
  });

  it('gives the same as JSON', async () => {
    const value = JSON.parse(await run('Watchdog', '--json', '--set', 'PROMETHEUS=http://p:9090')) as {
      text: string;
      names: object;
      open: string[];
    };
    expect(value).toMatchObject({ id: 'Watchdog', names: { PROMETHEUS: 'http://p:9090' } });
    expect(value.text).toContain('promtool query instant http://p:9090 ');
    expect(value.open).toEqual(['KAFKA_BIN', 'BOOTSTRAP', 'CLIENT_CONFIG']);
  });

  it('leaves nothing open of any page when all names are given', async () => {
    const all = names().flatMap((name) => ['--set', `${name}=value`]);
    for (const id of subjects.keys()) expect(await run(id, ...all), id).not.toContain('Open names');
  });

  it.each([
    [['KafkaUnderReplicted'], /no runbook "KafkaUnderReplicted", did you mean KafkaUnderReplicated\?/],
    [['rolling-restart'], /did you mean procedure-rolling-restart\?/],
    [['../package'], /no runbook/],
    [
      ['Watchdog', '--set', 'TOPIK=1', '--set', 'GROUP'],
      /TOPIK: no such name, did you mean TOPIC\?\n--set GROUP has no value/,
    ],
    [['Watchdog', '--cluster-arn', 'course-events'], /expected the ARN of an MSK cluster, got "course-events"/],
    [['Watchdog', '--dir', '/nowhere'], /no local cluster in \/nowhere/],
    [['Watchdog', '--use-case', 'no.yaml'], /no\.yaml does not exist/],
  ])('refuses %j', async (argv, message) => {
    await expect(run(...argv)).rejects.toThrow(message);
  });
});
