/** `headroom status`: the local clusters on record and how they fare. */
import { resolve } from 'node:path';
import { type ClusterStatus, readClusterStatus } from '../../bench/local/cluster-status.ts';
import { exitCodes } from '../../lib/errors.ts';
import { type Command, stringOption } from '../command.ts';

export const command: Command = {
  name: 'status',
  arguments: '',
  minArguments: 0,
  maxArguments: 0,
  summary: 'show the local Kafka clusters and whether their brokers serve',
  options: {
    dir: { type: 'string', value: 'DIR', description: 'only the cluster in this directory' },
    json: { type: 'boolean', description: 'print the clusters as JSON' },
  },
  notes: 'Exits 0 when every cluster shown has all its brokers serving, 69 otherwise and when there is none.',
  examples: ['headroom status', 'headroom status --dir .headroom/local --json'],
  async run(context) {
    const dir = stringOption(context, 'dir');
    const clusters = await readClusterStatus(dir === undefined ? null : resolve(context.cwd, dir));
    context.stdout(
      context.options.json === true
        ? `${JSON.stringify({ schemaVersion: 1, clusters }, null, 2)}\n`
        : renderClusters(clusters, dir),
    );
    const healthy = clusters.length > 0 && clusters.every(({ state }) => state === 'running');
    return healthy ? exitCodes.met : exitCodes.unavailable;
  },
};

export function renderClusters(clusters: readonly ClusterStatus[], dir?: string): string {
  if (clusters.length === 0) {
    return `no local cluster${dir === undefined ? '' : ` in ${dir}`}; headroom up starts one\n`;
  }
  return clusters.map(renderCluster).join('\n');
}

function renderCluster(cluster: ClusterStatus): string {
  const serving = cluster.brokers.filter((broker) => broker.serving).length;
  const owner = cluster.ownerPid === null ? 'until headroom down' : `owned by process ${cluster.ownerPid}`;
  return [
    `${cluster.dir}: ${cluster.state}, ${serving} of ${cluster.brokers.length} brokers serve, ${owner}`,
    `  cluster id  ${cluster.clusterId}   Kafka ${cluster.kafkaVersion}   since ${cluster.createdAt}`,
    `  bootstrap   ${cluster.bootstrap.join(',')}`,
    ...cluster.brokers.map(
      ({ id, host, port, jmxPort, rack, pid, serving: serves }) =>
        `  broker ${id}    ${host}:${port}   JMX ${jmxPort}   ${rack}   ${pid === null ? 'not running' : `pid ${pid}`}${pid !== null && !serves ? ', does not serve' : ''}`,
    ),
    '',
  ].join('\n');
}
