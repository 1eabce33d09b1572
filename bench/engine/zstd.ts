/**
 * zstd where Node.js has none (before 22.15): the same C library, built for WebAssembly. It takes its place among the codecs
 * of the protocol library, so that the engine and @platformatic/kafka both find it, and is loaded when somebody asks for it.
 */
import { compressionsAlgorithms } from '@platformatic/kafka';

type Codec = (typeof compressionsAlgorithms)['zstd'];
type Bytes = Parameters<Codec['compressSync']>[0];

/** As Node.js and the Java client. */
const level = 3;
/** What the Java client writes does not say how large it will be: with too little room zstd gives this code. */
const tooSmall = /code -70$/;
const firstRoomBytes = 1024 * 1024;
const mostRoomBytes = 256 * firstRoomBytes;

let loading: Promise<void> | null = null;

/** Resolves when zstd can be used; the codecs work without waiting, so whoever may need it waits here first. */
export async function loadZstd(): Promise<void> {
  if (!compressionsAlgorithms.zstd.available) loading ??= install();
  await loading;
}

async function install(): Promise<void> {
  const { init, compress, decompress } = await import('@bokuweb/zstd-wasm');
  await init();
  const roomy = (bytes: Uint8Array, roomBytes: number): Uint8Array => {
    try {
      return decompress(bytes, { defaultHeapSize: roomBytes });
    } catch (error) {
      if (roomBytes >= mostRoomBytes || !tooSmall.test((error as Error).message)) throw error;
      return roomy(bytes, roomBytes * 4);
    }
  };
  const codec: Partial<Codec> = {
    compressSync: (data) => bufferOf(compress(contiguous(data), level)),
    decompressSync: (data) => bufferOf(roomy(contiguous(data), firstRoomBytes)),
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
