/** `headroom down`: ends a cluster that `headroom up` started. */
import { resolve } from 'node:path';
import { isRunning } from '../../bench/local/processes.ts';
import { endCluster, findCluster, listClusters, runningBrokers } from '../../bench/local/registry.ts';
import { orderlyStopMs } from '../../bench/local/start.ts';
import { exitCodes, HeadroomError } from '../../lib/errors.ts';
import { type Command, stringOption } from '../command.ts';
import { defaultClusterDir } from '../local-dir.ts';

export const command: Command = {
  name: 'down',
  arguments: '',
  minArguments: 0,
  maxArguments: 0,
  summary: 'stop a local Kafka cluster; its data and logs stay',
  options: {
    dir: { type: 'string', value: 'DIR', description: `directory of the cluster; ${defaultClusterDir} when left out` },
  },
  notes: 'Exits 0 when the cluster was stopped, 69 when there is none in that directory.',
  examples: ['headroom down --dir .headroom/small', 'headroom down'],
  async run(context) {
    const dir = resolve(context.cwd, stringOption(context, 'dir') ?? defaultClusterDir);
    const cluster = await findCluster(dir);
    if (cluster === null) throw await noCluster(dir);
    const { record } = cluster;
    if (!record.detached && isRunning(record.owner)) {
      throw new HeadroomError(
        'USAGE',
        `the cluster in ${dir} belongs to process ${record.owner.pid}, which is running`,
        {
          hint: 'it stops the cluster when it ends; stop that process, with Ctrl-C where it runs',
        },
      );
    }
    const { size } = await runningBrokers(cluster);
    context.onProgress({ stage: 'stopping the local cluster', detail: `${size} brokers`, fraction: null });
    await endCluster(cluster, orderlyStopMs);
    context.stdout(`local cluster in ${dir} is down: ${size} ${size === 1 ? 'broker' : 'brokers'} stopped\n`);
    return exitCodes.met;
  },
};

async function noCluster(dir: string): Promise<HeadroomError> {
  const known = (await listClusters()).map(({ record }) => record.dir);
  return new HeadroomError('RESOURCE_MISSING', `there is no local cluster in ${dir}`, {
    hint:
      known.length === 0
        ? 'none is on record; headroom up starts one'
        : `those on record are in:\n${known.join('\n')}\nname one with --dir`,
  });
}
