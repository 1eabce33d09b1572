/** What a node installs from the user's own bucket, each file pinned by its SHA-512. */

export interface Ec2Artifact {
  /** Key of the object in the bucket. */
  readonly key: string;
  /** 128 hexadecimal digits. */
  readonly sha512: string;
}

export interface Ec2Artifacts {
  /** The user's own bucket, in the region of the cluster. */
  readonly bucketName: string;
  /** Kafka's release archive, a tar whose files lie in one folder with `libs/`. */
  readonly kafka: Ec2Artifact;
  /** The jar of the Prometheus JMX exporter's Java agent. */
  readonly jmxExporter: Ec2Artifact;
  /** Release archive of the Prometheus node exporter for the processor of the instances, a tar. */
  readonly nodeExporter: Ec2Artifact;
}

export const artifactNames = ['kafka', 'jmxExporter', 'nodeExporter'] as const;

/** What is wrong with them, each in words. */
export function artifactFaults(artifacts: Ec2Artifacts): readonly string[] {
  const faults: string[] = [];
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(artifacts.bucketName))
    faults.push(`artifacts.bucketName: expected the name of an S3 bucket, got "${artifacts.bucketName}"`);
  for (const name of artifactNames) {
    const { key, sha512 } = artifacts[name];
    if (!/^[\w./+=@-]+$/.test(key)) faults.push(`artifacts.${name}.key: expected the key of an object, got "${key}"`);
    if (!/^[0-9a-f]{128}$/.test(sha512))
      faults.push(`artifacts.${name}.sha512: expected 128 hexadecimal digits, got "${sha512}"`);
  }
  return faults;
}

/** Variables of the boot scripts. */
export function artifactVariables(artifacts: Ec2Artifacts): Readonly<Record<string, string>> {
  const prefixes = { kafka: 'KAFKA', jmxExporter: 'JMX_EXPORTER', nodeExporter: 'NODE_EXPORTER' } as const;
  return Object.fromEntries(
    artifactNames.flatMap((name) => [
      [`${prefixes[name]}_URI`, `s3://${artifacts.bucketName}/${artifacts[name].key}`],
      [`${prefixes[name]}_SHA512`, artifacts[name].sha512],
    ]),
  );
}
