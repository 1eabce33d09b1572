import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { brokerLogsDir, explainDeath, tellingLines } from '../../../bench/local/broker-process.ts';
import { scratchDir } from './scratch.ts';
import { standInRecord } from './stand-in.ts';

async function deathWith(output: string, serverLog: string) {
  const [broker] = standInRecord().brokers;
  if (broker === undefined) throw new Error('no broker');
  const logsDir = scratchDir();
  mkdirSync(brokerLogsDir(logsDir, broker.id));
  writeFileSync(join(brokerLogsDir(logsDir, broker.id), 'output.log'), output);
  writeFileSync(join(brokerLogsDir(logsDir, broker.id), 'server.log'), serverLog);
  return await explainDeath(broker, logsDir);
}

it('names a full disk whichever log tells of it', async () => {
  const line = 'ERROR Disk error java.io.IOException: No space left on device\n';
  for (const [output, log] of [[line, ''] as const, ['', line] as const]) {
    expect(await deathWith(output, log)).toMatchObject({ code: 'DISK_FULL', exitCode: 69 });
  }
});

it('shows the error, not the stack frames or the chatter around it', async () => {
  const error = await deathWith(
    '',
    [
      '2026-11-21 INFO [main] KafkaConfig values: many',
      '2026-11-21 ERROR [main] Exiting Kafka due to fatal exception',
      'java.net.BindException: Address already in use',
      '\tat java.base/sun.nio.ch.Net.bind0(Native Method)',
      '2026-11-21 INFO [main] shutting down',
    ].join('\n'),
  );
  expect(error).toMatchObject({ code: 'BROKER_START_FAILED', exitCode: 69 });
  expect(error.message.split('\n').slice(1)).toEqual([
    '2026-11-21 ERROR [main] Exiting Kafka due to fatal exception',
    'java.net.BindException: Address already in use',
  ]);
});

it('shows the last lines when none tells of an error', () => {
  const lines = Array.from({ length: 20 }, (_, index) => `line ${index}`);
  expect(tellingLines(lines)).toEqual(lines.slice(-8));
});

it('does not fill the screen with one line', () => {
  expect(tellingLines(['x'.repeat(5_000)])[0]).toHaveLength(300);
});

it('still says which broker when there is no log at all', async () => {
  expect((await deathWith('', '')).message).toContain('broker 1 ended before it was ready');
});
