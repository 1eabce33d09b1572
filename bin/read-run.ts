/** A finished run from its folder alone. */
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readResults, resultFiles } from '../bench/results.ts';
import { HeadroomError } from '../lib/errors.ts';
import { measurementSchemaVersion } from '../lib/measurement/types.ts';
import { planSchemaVersion } from '../lib/plan/types.ts';
import type { Run } from '../lib/report/types.ts';
import { verdictSchemaVersion } from '../lib/verdict/types.ts';

const parts = ['plan', 'environment', 'measurement', 'verdict'] as const;
const known: Readonly<Record<(typeof parts)[number], number>> = {
  plan: planSchemaVersion,
  environment: 1,
  measurement: measurementSchemaVersion,
  verdict: verdictSchemaVersion,
};

const runFolder = /^\d{4}-\d{2}-\d{2}T\d{2}-\d{2}-\d{2}Z(-\d+)?$/;

/** The folder itself, or, for the folder of a use case, that of its latest run with a verdict. */
export async function latestRunFolder(path: string): Promise<string> {
  const names = await readdir(path).catch(() => []);
  const runs = names.filter((name) => runFolder.test(name)).sort();
  const finished = runs.findLast((name) => existsSync(join(path, name, resultFiles.verdict)));
  return finished === undefined ? path : join(path, finished);
}

/** Throws FILE_UNREADABLE, with the file's name, when a part is missing, damaged or of another schema version. */
export async function readRun(path: string): Promise<Run> {
  const found = await readResults(path, parts);
  for (const part of parts) {
    const version = (found[part] as { schemaVersion?: unknown } | null)?.schemaVersion;
    if (version === known[part]) continue;
    throw new HeadroomError(
      'FILE_UNREADABLE',
      `${path}/${resultFiles[part]}: expected schemaVersion ${known[part]}, got ${JSON.stringify(version)}`,
      { hint: 'render it with the version of Headroom that wrote it; environment.json names it' },
    );
  }
  return found as unknown as Run;
}
