/**
 * Brings the JMX exporter, pinned by version and checksum, into the user's cache, once. It runs inside a broker's Java and
 * may read all its memory, so what does not have the checksum is never used.
 */
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HeadroomError } from '../../lib/errors.ts';
import { exporterConfig, exporterVersion } from '../../lib/metrics/exporter-config.ts';
import type { ExporterAgent } from '../local/broker-process.ts';
import type { Environment } from '../local/executable.ts';
import { kafkaCacheDir } from '../local/fetch.ts';
import { copyArtifacts, requireMaven } from '../local/maven.ts';
import { packageRoot } from '../package-root.ts';
import type { OnProgress } from '../progress.ts';

const pomPath = join(packageRoot, 'bench', 'monitoring', 'pom.xml');
const jarName = `jmx_prometheus_javaagent-${exporterVersion}.jar`;
/** Of the artifact on Maven Central. */
const jarSha256 = '7d61f737fd661610ccc14aea79764faa1ea94a340cbc8f0029b3d2edea3d80c1';

export interface AgentRequest {
  /** Where its configuration is written. */
  readonly dir: string;
  /** Another configuration than ours, such as none at all, which is MSK's form. */
  readonly config?: string;
  readonly onProgress: OnProgress;
  readonly signal: AbortSignal;
  readonly env?: Environment;
}

/** The agent and its configuration. Errors: MAVEN_MISSING (only when it must be fetched), FETCH_FAILED, INTERRUPTED. */
export async function ensureExporterAgent(request: AgentRequest): Promise<ExporterAgent> {
  const env = request.env ?? process.env;
  const jarPath = join(kafkaCacheDir(env), '..', jarName);
  if (!(await isPinned(jarPath))) await fetchTo(jarPath, { ...request, env });
  const configPath = join(request.dir, 'jmx-exporter.yaml');
  await mkdir(request.dir, { recursive: true });
  await writeFile(configPath, request.config ?? exporterConfig());
  return { jarPath, configPath };
}

async function fetchTo(jarPath: string, request: AgentRequest & { readonly env: Environment }): Promise<void> {
  const cache = join(jarPath, '..');
  await mkdir(cache, { recursive: true });
  const partial = await mkdtemp(join(cache, '.agent-'));
  try {
    const what = { pomPath, target: partial, version: exporterVersion, maven: requireMaven(request.env) };
    await copyArtifacts({ ...request, ...what });
    const fetched = join(partial, jarName);
    if (!(await isPinned(fetched))) {
      const found = (await readdir(partial)).join(', ') || 'nothing';
      throw new HeadroomError(
        'FETCH_FAILED',
        `${jarName} does not have the checksum that is pinned; fetched: ${found}`,
        {
          hint: 'a mirror may serve something else; it was not used',
        },
      );
    }
    await rename(fetched, jarPath);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

async function isPinned(path: string): Promise<boolean> {
  const content = await readFile(path).catch(() => null);
  return content !== null && createHash('sha256').update(content).digest('hex') === jarSha256;
}
