/** Compression of the records of a batch, by the codec numbers of Kafka's batch attributes. zstd needs `loadZstd` first. */
import { compressionsAlgorithms } from '@platformatic/kafka';
import { type Compression, compressions as names } from '../../lib/requirements/types.ts';

/** Number of the codec in the attributes of a batch. */
export function codecOf(compression: Compression): number {
  return names.indexOf(compression);
}

export function compress(codec: number, bytes: Buffer): Buffer {
  return algorithm(codec).compressSync(bytes);
}

export function decompress(codec: number, bytes: Buffer): Buffer {
  const { decompressSync } = algorithm(codec);
  if (names[codec] !== 'snappy' || !bytes.subarray(0, xerialMagic.length).equals(xerialMagic)) {
    return decompressSync(bytes);
  }
  return Buffer.concat(xerialBlocks(bytes).map((block) => decompressSync(block)));
}

/** What the Java client writes for snappy: this mark, two version numbers, then raw blocks, each behind its length. */
const xerialMagic = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0]);
const xerialHeaderBytes = xerialMagic.length + 8;

function xerialBlocks(bytes: Buffer): Buffer[] {
  const blocks: Buffer[] = [];
  for (let at = xerialHeaderBytes; at < bytes.length; ) {
    const end = at + 4 + bytes.readInt32BE(at);
    if (end <= at || end > bytes.length) throw new RangeError(`a snappy block from ${at} to ${end} of ${bytes.length}`);
    blocks.push(bytes.subarray(at + 4, end));
    at = end;
  }
  return blocks;
}

function algorithm(codec: number) {
  const name = names[codec];
  if (name === undefined) throw new RangeError(`codec ${codec} is none of Kafka's ${names.length}`);
  return compressionsAlgorithms[name];
}
