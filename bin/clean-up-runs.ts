/** `prove --clean-up`: deletes what runs that were cut short left on a cluster, by their manifests and nothing else. */
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseStoreAddress } from '../bench/nightly/object-store.ts';
import type { ProveTarget } from '../bench/prove.ts';
import { resultFiles } from '../bench/results.ts';
import { deleteRunResources } from '../bench/target/clean-up.ts';
import type { RunManifest } from '../bench/target/manifest.ts';
import { withExistingCluster } from '../bench/target/run-cluster.ts';
import { type ExitCode, exitCodes, HeadroomError } from '../lib/errors.ts';
import type { CommandContext } from './command.ts';

const withinMs = 60_000;

/** Met when nothing of the runs is left; throws RESOURCE_MISSING, with what is left, otherwise. */
export async function cleanUpRuns(context: CommandContext, place: string, target: ProveTarget): Promise<ExitCode> {
  if (target.kind === 'local') {
    throw new HeadroomError('USAGE', '--clean-up needs the cluster to clean: --bootstrap or --cluster-arn', {
      hint: 'a local cluster of a run is deleted with it, there is nothing to clean',
    });
  }
  const manifests = await readManifests(context, place);
  if (manifests.length === 0) {
    context.stdout(`no run under ${place} has a manifest: nothing was created, nothing is left\n`);
    return exitCodes.met;
  }
  const left = await withExistingCluster(target, async ({ admin, clusterId }) => {
    const found: string[] = [];
    for (const { path, manifest } of manifests) {
      if (manifest.clusterId !== clusterId) {
        found.push(`${path} is of cluster ${manifest.clusterId}, this one is ${clusterId}`);
        continue;
      }
      found.push(...(await deleteRunResources(admin, manifest, withinMs)));
    }
    return found;
  });
  if (left.length === 0) {
    context.stdout(
      `nothing is left of ${manifests.length} ${manifests.length === 1 ? 'run' : 'runs'} under ${place}\n`,
    );
    return exitCodes.met;
  }
  throw new HeadroomError('RESOURCE_MISSING', `left on the cluster:\n${left.map((line) => `  ${line}`).join('\n')}`, {
    hint: 'delete it by hand if it is yours; run the same again if the cluster was busy',
  });
}

interface FoundManifest {
  readonly path: string;
  readonly manifest: RunManifest;
}

async function readManifests({ cwd }: CommandContext, place: string): Promise<readonly FoundManifest[]> {
  const texts = place.startsWith('s3://') ? await fromStore(place) : await fromFolder(resolve(cwd, place));
  return texts.map(({ path, text }) => ({ path, manifest: parse(path, text) }));
}

async function fromStore(place: string): Promise<readonly { path: string; text: string }[]> {
  const address = parseStoreAddress('--clean-up', place);
  const { openS3Store } = await import('../bench/aws/s3-store.ts');
  const store = openS3Store(address);
  try {
    const keys = (await store.list('')).filter((key) => isManifest(key));
    return await Promise.all(
      keys.map(async (key) => ({ path: `${store.address}/${key}`, text: (await store.get(key)) ?? '' })),
    );
  } finally {
    store.close();
  }
}

async function fromFolder(folder: string): Promise<readonly { path: string; text: string }[]> {
  const names = await readdir(folder, { recursive: true }).catch((cause: unknown) => {
    throw new HeadroomError('FILE_UNREADABLE', `no folder at ${folder}`, {
      hint: 'expected the folder of a run, or one that holds such folders, such as results',
      cause,
    });
  });
  const paths = names.filter(isManifest).map((name) => join(folder, name));
  return await Promise.all(paths.map(async (path) => ({ path, text: await readFile(path, 'utf8') })));
}

function isManifest(path: string): boolean {
  return path === resultFiles.manifest || path.endsWith(`/${resultFiles.manifest}`);
}

function parse(path: string, text: string): RunManifest {
  try {
    const manifest = JSON.parse(text) as RunManifest;
    if (manifest.schemaVersion === 1 && Array.isArray(manifest.topics)) return manifest;
  } catch {
    // Told below, with the file.
  }
  throw new HeadroomError('FILE_UNREADABLE', `${path}: not the manifest of a run of this version`, {
    hint: 'clean up with the version of Headroom that wrote it; environment.json beside it names it',
  });
}
