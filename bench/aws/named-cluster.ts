/** Reads the MSK cluster that the user named; loaded only then, because the AWS client takes its time to load. */
import { KafkaClient } from '@aws-sdk/client-kafka';
import { type MskCluster, readMskCluster, regionOfClusterArn } from './msk-cluster.ts';
import { withoutVersionWarning } from './version-warning.ts';

/** With the credentials of the environment, in the region of the ARN. Throws as `readMskCluster`, and USAGE for another text. */
export async function readNamedCluster(arn: string): Promise<MskCluster> {
  const region = regionOfClusterArn(arn);
  const client = withoutVersionWarning(() => new KafkaClient({ region }));
  try {
    return await readMskCluster(client, arn);
  } finally {
    client.destroy();
  }
}
