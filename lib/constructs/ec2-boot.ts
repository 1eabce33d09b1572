/** The boot scripts of a node as they are shipped: a folder in S3, each file held to its SHA-256 before anything of it runs. */
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import type { Construct } from 'constructs';
import { exporterConfig } from '../metrics/exporter-config.ts';

/** The same folder from source and from dist, which holds no shell files. */
export const bootFolder: string = (() => {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'lib', 'constructs', 'ec2-boot', 'boot.sh'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error(`no lib/constructs/ec2-boot above ${fileURLToPath(import.meta.url)}`);
    folder = parent;
  }
  return join(folder, 'lib', 'constructs', 'ec2-boot');
})();

/** Name -> text, by name: the shell and unit files, and what the exporter reads by the signal table. */
function bootFiles(): ReadonlyMap<string, string> {
  const files = readdirSync(bootFolder).map((name): [string, string] => [
    name,
    readFileSync(join(bootFolder, name), 'utf8'),
  ]);
  return new Map([...files, ['jmx-exporter.yaml', exporterConfig()] as const].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Lines that `sha256sum --check` reads, one a file. */
export function bootChecksums(): readonly string[] {
  return [...bootFiles()].map(([name, text]) => `${createHash('sha256').update(text).digest('hex')}  ${name}`);
}

/** The files as one object in the bucket of the app's assets. */
export function bootAsset(scope: Construct, id: string): Asset {
  const stage = mkdtempSync(join(tmpdir(), 'headroom-boot-'));
  try {
    for (const [name, text] of bootFiles()) writeFileSync(join(stage, name), text);
    return new Asset(scope, id, { path: stage });
  } finally {
    rmSync(stage, { recursive: true });
  }
}
