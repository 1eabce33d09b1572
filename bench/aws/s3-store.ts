/** Results in a bucket, with the credentials and the region of the environment. */
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { ObjectStore, StoreAddress } from '../nightly/object-store.ts';
import { askAws } from './ask-aws.ts';
import { withoutVersionWarning } from './version-warning.ts';

/** An endpoint of one's own, such as that of a double, knows no host name for each bucket. */
const ownEndpoints = ['AWS_ENDPOINT_URL_S3', 'AWS_ENDPOINT_URL'];

export function openS3Store({ bucket: Bucket, prefix }: StoreAddress): ObjectStore {
  const forcePathStyle = ownEndpoints.some((name) => process.env[name] !== undefined);
  const client = withoutVersionWarning(() => new S3Client({ forcePathStyle }));
  const full = (key: string): string => (prefix === '' ? key : `${prefix}/${key}`);
  const address = `s3://${Bucket}${prefix === '' ? '' : `/${prefix}`}`;
  return {
    address,
    put: async (key, Body) => {
      await askAws(`store ${address}/${key}`, () =>
        client.send(new PutObjectCommand({ Bucket, Key: full(key), Body })),
      );
    },
    get: async (key) =>
      await askAws(`read ${address}/${key}`, async () => {
        try {
          const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: full(key) }));
          return (await Body?.transformToString()) ?? '';
        } catch (error) {
          if ((error as { name?: unknown }).name === 'NoSuchKey') return null;
          throw error;
        }
      }),
    list: async (start) =>
      await askAws(`list ${address}`, async () => {
        const keys: string[] = [];
        let ContinuationToken: string | undefined;
        do {
          const page = await client.send(
            new ListObjectsV2Command({
              Bucket,
              Prefix: full(start),
              ...(ContinuationToken === undefined ? {} : { ContinuationToken }),
            }),
          );
          for (const { Key } of page.Contents ?? []) if (Key !== undefined) keys.push(Key.slice(full('').length));
          ContinuationToken = page.NextContinuationToken;
        } while (ContinuationToken !== undefined);
        return keys.sort();
      }),
    close: () => client.destroy(),
  };
}
