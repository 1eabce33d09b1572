/** Reads which software the nodes on EC2 install: where it lies and what its SHA-512 must be. */
import { artifactNames, type Ec2Artifacts } from '../lib/constructs/ec2-artifacts.ts';
import { HeadroomError } from '../lib/errors.ts';
import { readJson } from './read-file.ts';

const remedy = 'docs/deploy.md shows how the file looks';

/** Throws FILE_UNREADABLE when the file holds no JSON, USAGE when a part is missing. What the parts say is for the stack to judge. */
export function readArtifacts(path: string): Ec2Artifacts {
  const given = (readJson(path, remedy) ?? {}) as Partial<Record<string, unknown>>;
  const wrong = [
    ...(typeof given.bucketName === 'string' ? [] : ['bucketName']),
    ...artifactNames.filter((name) => !isArtifact(given[name])).map((name) => `${name} { key, sha512 }`),
  ];
  if (wrong.length > 0) throw new HeadroomError('USAGE', `${path} lacks ${wrong.join(', ')}`, { hint: remedy });
  return given as unknown as Ec2Artifacts;
}

function isArtifact(value: unknown): boolean {
  const { key, sha512 } = (value ?? {}) as Record<string, unknown>;
  return typeof key === 'string' && typeof sha512 === 'string';
}
