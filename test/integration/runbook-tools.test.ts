/** The pages' commands against the tools themselves: Kafka's help, AWS's model. `-u` writes what was extracted. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ensureKafka } from '../../bench/local/fetch.ts';
import { findJava } from '../../bench/local/java.ts';
import { kafkaTools } from '../../lib/runbooks/kafka-tools.ts';
import { blocks } from '../runbooks/all-pages.ts';
import { toolOptionsFile } from '../runbooks/block-faults.ts';
import { optionsOf } from '../runbooks/kafka-help.ts';
import { commandsIn } from '../runbooks/shell-commands.ts';

it('the list of options is what the help of Kafka’s tools says', async () => {
  const java = await findJava();
  const { classpath } = await ensureKafka({ onProgress: () => {}, signal: new AbortController().signal });
  const list: Record<string, object> = {};
  for (const [script, tool] of Object.entries(kafkaTools)) {
    list[script] = { ...(await optionsOf(java.path, classpath, tool)) };
  }
  await expect(`${JSON.stringify(list, null, 2)}\n`).toMatchFileSnapshot(toolOptionsFile);
});

const python = join(homedir(), '.cache', 'headroom', 'moto-5.2.5', 'bin', 'python');
const isInstalled = existsSync(python);
if (!isInstalled) process.stderr.write('runbooks: no moto in ~/.cache/headroom, commands of AWS are not checked\n');

describe.runIf(isInstalled || process.env.CI === 'true')('commands of AWS', () => {
  const check = (commands: readonly (readonly string[])[]): unknown => {
    const script = join(import.meta.dirname, '..', 'runbooks', 'aws-faults.py');
    const { stdout, stderr } = spawnSync(python, [script], { input: JSON.stringify(commands), encoding: 'utf8' });
    return stdout === '' ? stderr : JSON.parse(stdout);
  };

  it('are what its service model knows', () => {
    const commands = blocks.flatMap(({ text }) => commandsIn(text)).filter(([program]) => program === 'aws');
    expect(commands.length).toBeGreaterThan(10);
    expect(check(commands)).toEqual([]);
  });

  it('would be found if they were not: the planted faults', () => {
    const arn = ['--cluster-arn', 'x'];
    expect(
      check([
        ['aws', 'kafka', 'reboot-brokers', ...arn],
        ['aws', 'kafka', 'reboot-broker', ...arn, '--broker-id', '1'],
        ['aws', 'kafka', 'reboot-broker', ...arn],
        ['aws', 'kafka', 'list-nodes', ...arn, '--query', 'Nodes[].Id'],
        ['aws', 'kafkas', 'list-nodes'],
      ]),
    ).toEqual([
      'aws kafka reboot-brokers: no such operation',
      'aws kafka reboot-broker has no --broker-id',
      'aws kafka reboot-broker needs --broker-ids',
      'aws kafka reboot-broker needs --broker-ids',
      'aws kafka list-nodes answers nothing called Nodes',
      'aws kafkas: no such service',
    ]);
  });
});
