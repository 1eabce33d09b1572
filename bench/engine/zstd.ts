/**
 * zstd where Node.js has none (before 22.15): the same C library, as an addon. It takes its place among the codecs of the
 * protocol library, so that the engine and @platformatic/kafka both find it, and is loaded when somebody asks for it.
 */
import { compressionsAlgorithms } from '@platformatic/kafka';

type Codec = (typeof compressionsAlgorithms)['zstd'];
type Bytes = Parameters<Codec['compressSync']>[0];

/** As Node.js and the Java client. */
const level = 3;

let loading: Promise<void> | null = null;

/** Resolves when zstd can be used; the codecs work without waiting, so whoever may need it waits here first. */
export async function loadZstd(): Promise<void> {
  if (!compressionsAlgorithms.zstd.available) loading ??= install();
  await loading;
}

async function install(): Promise<void> {
  const { compress, decompress } = await import('@cloudpss/zstd');
  const codec: Partial<Codec> = {
    compressSync: (data) => bufferOf(compress(contiguous(data), level)),
    decompressSync: (data) => bufferOf(decompress(contiguous(data))),
    available: true,
  };
  Object.assign(compressionsAlgorithms.zstd, codec);
}

function contiguous(data: Bytes): Buffer {
  return Buffer.isBuffer(data) ? data : data.buffer;
}

/** The same memory. */
function bufferOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
