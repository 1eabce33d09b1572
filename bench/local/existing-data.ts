/** Whether a directory can hold the cluster that is about to start: what is there already is never lost by accident. */
import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';
import { HeadroomError } from '../../lib/errors.ts';
import { makeFolders } from '../make-folders.ts';
import { isDiskFull } from './disk-full.ts';
import type { Environment } from './executable.ts';
import { formattedClusterId } from './format.ts';
import { findCluster } from './registry.ts';

export interface DirRequest {
  readonly dir: string;
  readonly brokers: number;
  readonly keepData: boolean;
  readonly env: Environment;
}

/**
 * Makes the directory. Resolves with the cluster id of the data it holds, or null when it holds none.
 * Throws CLUSTER_EXISTS when a cluster runs there, USAGE when its data does not fit what is asked.
 */
export async function prepareDir({ dir, brokers, keepData, env }: DirRequest): Promise<string | null> {
  if ((await findCluster(dir, env)) !== null) {
    throw new HeadroomError('CLUSTER_EXISTS', `a local cluster already runs in ${dir}`, {
      hint: `stop it with: headroom down --dir ${dir}\nor name another directory with --dir`,
    });
  }
  await makeWritable(dir);
  const clusterIds: string[] = [];
  for (let id = 1; ; id++) {
    const clusterId = await formattedClusterId(join(dir, `broker-${id}`, 'data'));
    if (clusterId === null) break;
    clusterIds.push(clusterId);
  }
  if (clusterIds.length === 0) return null;
  if (clusterIds.length !== brokers || !keepData) {
    throw new HeadroomError(
      'USAGE',
      `${dir} holds the data of a local cluster of ${clusterIds.length} brokers, ${keepData ? brokers : 'a passing cluster'} cannot go on with it`,
      {
        hint: `name another directory, ask for ${clusterIds.length} brokers, or remove ${dir} if its data is not needed`,
      },
    );
  }
  return clusterIds[0] ?? null;
}

async function makeWritable(dir: string): Promise<void> {
  try {
    await makeFolders(dir);
    await access(dir, constants.W_OK);
  } catch (cause) {
    if (isDiskFull(cause)) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new HeadroomError('USAGE', `${dir} cannot hold a local cluster: ${reason}`, {
      hint: 'name a directory that can be written to',
      cause,
    });
  }
}
