/** Runbook pages in a drill: which blocks can be run on a local cluster, with what values, and what the page is told of it. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type RunnableBlock, runBlocks } from '../bench/drill/run-blocks.ts';
import type { BlockResult, DrillReport } from '../bench/drill/types.ts';
import type { FaultWorld } from '../bench/faults/world.ts';
import { configPath, dataDir } from '../bench/local/broker-process.ts';
import { ensureKafkaTools } from '../bench/local/kafka-tools.ts';
import { loopback } from '../bench/local/ports.ts';
import { isRunning } from '../bench/local/processes.ts';
import { readIdentity } from '../bench/local/registry.ts';
import { type Place, readPage, type ShellBlock, withRegion } from '../lib/runbooks/page.ts';
import type { PlaceholderValues } from '../lib/runbooks/placeholders.ts';

const notHere: Readonly<Record<Place, string | null>> = {
  anywhere: null,
  selfManaged: null,
  brokerHost: 'wants a broker’s own host with systemd',
  msk: 'wants MSK; checked against the model of its API',
};

/**
 * The checks of a page, or all its blocks in order; none when there is no such page. `withHost`: something stands for the
 * broker's host, so that what runs there can be run.
 */
export function blocksOf(
  dir: string,
  id: string,
  which: 'checks' | 'all',
  host: 'withHost' | 'withoutHost' = 'withoutHost',
): readonly RunnableBlock[] {
  const path = pagePath(dir, id);
  if (!existsSync(path)) return [];
  const { blocks } = readPage(readFileSync(path, 'utf8'));
  return blocks
    .filter(({ changes }) => which === 'all' || !changes)
    .map((block) => ({ page: id, heading: headingOf(block), text: block.text, notHere: whyNot(block, host) }));
}

function whyNot({ where, text }: ShellBlock, host: 'withHost' | 'withoutHost'): string | null {
  if (/(^|[ (])aws [a-z]/m.test(text)) return notHere.msk;
  return where === 'brokerHost' && host === 'withHost' ? null : notHere[where];
}

/** Runs blocks with this cluster's names; the broker in question is the one that is down, if any. */
export async function runOnWorld(
  world: FaultWorld,
  blocks: readonly RunnableBlock[],
  signal: AbortSignal,
): Promise<readonly BlockResult[]> {
  if (blocks.length === 0) return [];
  return await runBlocks(blocks, { values: await namesIn(world), signal });
}

/** This cluster's own names; the broker in question is the one that is down, if any. */
export async function namesIn({ cluster, topic, reader, prometheusUrl, load }: FaultWorld): Promise<PlaceholderValues> {
  const { kafka, java } = cluster.launch.runtime;
  const clientConfig = join(cluster.dir, 'client.properties');
  writeFileSync(clientConfig, '# plain connections\n');
  const broker = (await firstDown(cluster)) ?? cluster.brokers[0];
  const record = cluster.launch.records.find(({ id }) => id === broker?.id);
  return {
    KAFKA_BIN: await ensureKafkaTools(kafka, java.path),
    BOOTSTRAP: cluster.bootstrap.join(','),
    CLIENT_CONFIG: clientConfig,
    CONTROLLERS: cluster.launch.records.map(({ controllerPort }) => `${loopback}:${controllerPort}`).join(','),
    BROKER: String(broker?.id ?? 1),
    METRICS: `${loopback}:${broker?.exporterPort ?? 0}`,
    SERVER_CONFIG: record === undefined ? '' : configPath(record),
    LOG_DIR: record === undefined ? '' : dataDir(record),
    TOPIC: topic.name,
    PARTITION: '0',
    GROUP: reader.group,
    PRINCIPAL: load.options.topic.name,
    PROMETHEUS: prometheusUrl,
  };
}

async function firstDown(
  cluster: FaultWorld['cluster'],
): Promise<FaultWorld['cluster']['brokers'][number] | undefined> {
  for (const broker of cluster.brokers) {
    const identity = await readIdentity(cluster.launch.recordFolder, broker.id);
    if (identity === null || !isRunning(identity)) return broker;
  }
  return undefined;
}

/** Writes into each page what the drill did with it; gives the pages written. */
export function writeExercised(dir: string, report: DrillReport): readonly string[] {
  const date = report.startedAt.slice(0, 10);
  const where = `on a local cluster of ${report.brokers} brokers, Kafka ${report.kafkaVersion}`;
  const written: string[] = [];
  for (const result of report.faults) {
    for (const { alert, firedAfterSec, clearedAfterSec } of result.alerts) {
      const text = [
        `${date}, ${where}, durations divided by ${report.timeDivisor}. Fault: \`${result.fault}\`.`,
        '',
        `- The alert ${firedAfterSec === null ? 'did not fire' : `fired after ${firedAfterSec} s`}, ${clearedAfterSec === null ? 'not seen clear' : `clear ${clearedAfterSec} s after the healing began`}.`,
        ...(result.evidence === null ? [] : [`- ${result.evidence}.`]),
        ...exercisedLines(result.blocks.filter(({ page }) => page === alert)),
      ].join('\n');
      if (rewrite(pagePath(dir, alert), text)) written.push(alert);
    }
  }
  return written;
}

/** A procedure that was done on a local cluster. */
export function writeProcedure(
  dir: string,
  id: string,
  date: string,
  outcome: string,
  blocks: readonly BlockResult[],
): void {
  rewrite(pagePath(dir, id), [`${date}, on a local cluster: ${outcome}`, '', ...exercisedLines(blocks)].join('\n'));
}

function exercisedLines(blocks: readonly BlockResult[]): readonly string[] {
  const reasons = [...new Set(blocks.filter(({ exitCode }) => exitCode === null).map(({ note }) => note))];
  return [
    ...blocks
      .filter(({ exitCode }) => exitCode !== null)
      .map(({ heading, exitCode }) => `- ${heading}: run, exit code ${exitCode}.`),
    ...reasons.map((reason) => {
      const headings = blocks.filter(({ exitCode, note }) => exitCode === null && note === reason);
      return `- Not run here, ${reason}: ${headings.map(({ heading }) => heading).join('; ')}.`;
    }),
  ];
}

function headingOf({ section, step }: ShellBlock): string {
  return step === '' ? section : `${section}, ${step}`;
}

function rewrite(path: string, text: string): boolean {
  if (!existsSync(path)) return false;
  writeFileSync(path, withRegion(readFileSync(path, 'utf8'), 'drill', text));
  return true;
}

function pagePath(dir: string, id: string): string {
  return join(dir, `${id}.md`);
}
