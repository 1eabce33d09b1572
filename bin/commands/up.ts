/** `headroom up`: a local cluster that stays until `headroom down`. */
import { dirname, relative, resolve } from 'node:path';
import type { LocalCluster } from '../../bench/local/local-cluster.ts';
import { startLocalCluster } from '../../bench/local/start.ts';
import { exitCodes } from '../../lib/errors.ts';
import { type Command, integerOption, stringOption } from '../command.ts';
import { defaultClusterDir } from '../local-dir.ts';

const highestPort = 65_000;

export const command: Command = {
  name: 'up',
  arguments: '',
  minArguments: 0,
  maxArguments: 0,
  summary: 'start a local Kafka cluster that stays until headroom down',
  options: {
    brokers: { type: 'string', value: 'N', description: 'how many, from 1 to 9; 3 when left out' },
    dir: {
      type: 'string',
      value: 'DIR',
      description: `where its data and logs go; ${defaultClusterDir} when left out`,
    },
    port: { type: 'string', value: 'P', description: 'first client port; left out, free ones are chosen' },
    secured: { type: 'boolean', description: 'listeners with TLS and SASL too, with client settings files for them' },
    json: { type: 'boolean', description: 'print the cluster as JSON' },
  },
  notes: [
    'Real Apache Kafka in KRaft mode, a rack each, on 127.0.0.1 only. Needs a JDK 17 or newer; the first start fetches',
    'Kafka with Maven. The data is kept: headroom up in the same directory goes on with it.',
  ].join('\n'),
  examples: ['headroom up', 'headroom up --brokers 1 --dir .headroom/small --port 29092'],
  async run(context) {
    const dir = resolve(context.cwd, stringOption(context, 'dir') ?? defaultClusterDir);
    const named = stringOption(context, 'port') !== undefined;
    const port = integerOption(context, 'port', { min: 1_024, max: highestPort, fallback: 29_092 });
    const cluster = await startLocalCluster({
      brokers: integerOption(context, 'brokers', { min: 1, max: 9, fallback: 3 }),
      dir,
      detached: true,
      secured: context.options.secured === true,
      ...(named ? { basePort: port } : {}),
      onProgress: context.onProgress,
      signal: context.signal,
    });
    context.stdout(context.options.json === true ? renderJson(cluster) : renderText(cluster, context.cwd));
    return exitCodes.met;
  },
};

function renderJson({ clusterId, kafkaVersion, bootstrap, secured, brokers, dir, logsDir }: LocalCluster): string {
  return `${JSON.stringify({ schemaVersion: 1, clusterId, kafkaVersion, bootstrap, secured, brokers, dir, logsDir }, null, 2)}\n`;
}

function renderText(cluster: LocalCluster, cwd: string): string {
  const { brokers, dir, secured } = cluster;
  const place = relative(cwd, dir);
  return [
    `local cluster is up: ${brokers.length} ${brokers.length === 1 ? 'broker' : 'brokers'}, Kafka ${cluster.kafkaVersion}, KRaft`,
    `  bootstrap   ${cluster.bootstrap.join(',')}`,
    `  cluster id  ${cluster.clusterId}`,
    ...(secured === null
      ? []
      : [
          `  TLS         ${secured.tlsBootstrap.join(',')}  --client-config ${secured.clientConfigs.tls}`,
          `  TLS, SASL   ${secured.saslBootstrap.join(',')}  --client-config one of ${dirname(secured.clientConfigs.tls)}`,
        ]),
    `  JMX         ${brokers.map(({ host, jmxPort }) => `${host}:${jmxPort}`).join(', ')}`,
    `  data, logs  ${dir}`,
    `  stop with   headroom down${place === defaultClusterDir ? '' : ` --dir ${place.startsWith('..') ? dir : place}`}`,
    '',
  ].join('\n');
}
