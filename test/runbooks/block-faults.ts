/** What is wrong with the commands of a shell block, as far as the tools' own words tell. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { commands } from '../../bin/commands/index.ts';
import { isAvailable } from '../../lib/metrics/types.ts';
import { signals } from '../../lib/metrics.ts';
import { kafkaTools } from '../../lib/runbooks/kafka-tools.ts';
import { commandsIn, type ShellCommand } from './shell-commands.ts';

/** Tool -> sub-command, or '' for those of the tool itself -> its options. Extracted from the tools' help by a system test. */
export type ToolOptions = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

export const toolOptionsFile = join(import.meta.dirname, 'golden', 'kafka-tools.json');

export function readToolOptions(): ToolOptions {
  return JSON.parse(readFileSync(toolOptionsFile, 'utf8')) as ToolOptions;
}

/** Programs that pages may use beside Kafka's, AWS's and ours; those of a broker's host are Linux's. */
const programs = new Set(
  `cat chmod chown cp date df du echo find grep head jcmd journalctl keytool kill ls mkdir mv openssl promtool ps read sed seq sleep sort ss stat
  systemctl tail tar tee test timeout tr true umask uniq vmstat wc xfs_growfs sysctl time find awk cut curl iostat lsblk mount rm comm diff printf rm xargs export`.split(
    /\s+/,
  ),
);

const metricNames = new Set(
  signals.flatMap(({ sources }) =>
    [sources.selfManaged, sources.msk].flatMap((source) =>
      isAvailable(source) ? [source.metric, ...Object.values(source.byQuantile ?? {}).map(({ metric }) => metric)] : [],
    ),
  ),
);

/** Of AWS/Kafka, beside those of the signal table: https://docs.aws.amazon.com/msk/latest/developerguide/metrics-details.html */
const otherCloudWatchMetrics = [
  'ClientConnectionCount',
  'ConnectionCloseRate',
  'MaxOffsetLag',
  'ProduceLocalTimeMsMean',
  'ReplicationBytesOutPerSec',
  'VolumeQueueLength',
  'VolumeTotalWriteTime',
];
const cloudWatchMetrics = new Set([
  ...signals.flatMap(({ sources: { cloudWatch } }) => (isAvailable(cloudWatch) ? [cloudWatch.metric] : [])),
  ...otherCloudWatchMetrics,
]);

export async function faultsIn(text: string, options: ToolOptions): Promise<readonly string[]> {
  const faults = await Promise.all(commandsIn(text).map((command) => faultsOf(command, options)));
  return faults.flat();
}

async function faultsOf(command: ShellCommand, options: ToolOptions): Promise<readonly string[]> {
  const [program = '', ...words] = command;
  if (program.startsWith('$KAFKA_BIN/')) return kafkaFaults(program.slice('$KAFKA_BIN/'.length), words, options);
  if (program === 'headroom') return await headroomFaults(words);
  if (program === 'npx') return words[0] === 'cdk' ? [] : [`npx ${words[0]} is not known`];
  if (program === 'promtool') return metricFaults(words.join(' '));
  if (program === 'aws') return cloudWatchFaults(words);
  return programs.has(program) ? [] : [`${program} is not a program that pages may use`];
}

function kafkaFaults(tool: string, words: readonly string[], options: ToolOptions): readonly string[] {
  const known = options[tool];
  if (known === undefined) return [`${tool} is not among ${Object.keys(kafkaTools).join(', ')}`];
  const verbs = Object.keys(known).filter((verb) => verb !== '');
  const verb = words.find((word) => verbs.includes(word)) ?? '';
  if (verbs.length > 0 && verb === '') return [`${tool} needs one of ${verbs.join(', ')}`];
  const allowed = new Set([...(known[''] ?? []), ...(known[verb] ?? [])]);
  return words
    .filter((word) => word.startsWith('--') && !allowed.has(word.split('=')[0] ?? ''))
    .map((word) => `${tool}${verb === '' ? '' : ` ${verb}`} has no ${word}`);
}

async function headroomFaults([name = '', ...words]: readonly string[]): Promise<readonly string[]> {
  const entry = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (entry === undefined) return [`headroom has no ${name}`];
  const { command } = await entry.load();
  return words
    .filter((word) => word.startsWith('--') && !Object.hasOwn(command.options, word.slice(2).split('=')[0] ?? ''))
    .map((word) => `headroom ${name} has no ${word}`);
}

/** Service, operation and options are held against AWS's model by a system test. */
function cloudWatchFaults(words: readonly string[]): readonly string[] {
  const at = words.indexOf('--metric-name');
  const metric = words[at + 1] ?? '';
  return at < 0 || cloudWatchMetrics.has(metric) ? [] : [`AWS/Kafka has no metric ${metric}`];
}

function metricFaults(query: string): readonly string[] {
  const names = query.match(/\b(?:kafka|node|jvm|java|process|bench|headroom)_\w+/g) ?? [];
  return names
    .filter((name) => !metricNames.has(name) && !metricNames.has(name.replace(/_(bucket|sum|count)$/, '')))
    .map((name) => `${name} is no metric of the signal table`);
}
