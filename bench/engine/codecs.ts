/** Compression of the records of a batch, by the codec numbers of Kafka's batch attributes. */
import { compressionsAlgorithms } from '@platformatic/kafka';
import { HeadroomError } from '../../lib/errors.ts';
import type { Compression } from '../../lib/requirements/types.ts';

const names: readonly Compression[] = ['none', 'gzip', 'snappy', 'lz4', 'zstd'];

/** Codecs this Node.js can do: zstd came with Node 22.15. */
export const availableCompressions: readonly Compression[] = names.filter(
  (name) => compressionsAlgorithms[name].available,
);

/** Number of the codec in the attributes of a batch. */
export function codecOf(compression: Compression): number {
  if (!availableCompressions.includes(compression)) throw unavailable(compression);
  return names.indexOf(compression);
}

export function compress(codec: number, bytes: Buffer): Buffer {
  return algorithm(codec).compressSync(bytes) as Buffer;
}

export function decompress(codec: number, bytes: Buffer): Buffer {
  return algorithm(codec).decompressSync(bytes) as Buffer;
}

function algorithm(codec: number) {
  const name = names[codec];
  if (name === undefined || !availableCompressions.includes(name)) throw unavailable(name ?? `number ${codec}`);
  return compressionsAlgorithms[name];
}

function unavailable(codec: string): HeadroomError {
  return new HeadroomError('CODEC_UNAVAILABLE', `compression ${codec} cannot be used by the engine on this Node.js`, {
    hint: `Use one of ${availableCompressions.join(', ')}, or a newer Node.js.`,
  });
}
