/** Where a nightly run leaves its results for others to read: objects under one address. */
import { HeadroomError } from '../../lib/errors.ts';

export interface ObjectStore {
  /** `s3://bucket/prefix`, without a slash at the end. */
  readonly address: string;
  /** Keys are relative to the address. */
  put(key: string, content: string | Buffer): Promise<void>;
  /** Null when there is no such object. */
  get(key: string): Promise<string | null>;
  /** Keys that start with `prefix`, sorted. */
  list(prefix: string): Promise<readonly string[]>;
  close(): void;
}

export interface StoreAddress {
  readonly bucket: string;
  /** Empty, or without slashes at its ends. */
  readonly prefix: string;
}

/** Throws USAGE for anything but `s3://bucket[/prefix]`. */
export function parseStoreAddress(option: string, text: string): StoreAddress {
  const match = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*?))?\/?$/.exec(text);
  if (match !== null) return { bucket: match[1] ?? '', prefix: match[2] ?? '' };
  throw new HeadroomError('USAGE', `${option}: expected s3://bucket/prefix, got "${text}"`, {
    hint: `for instance ${option} s3://headroom-results/runs/course-events`,
  });
}
