/**
 * The files of one replica of one partition beside the bytes of its segments. Kafka creates both indexes of an open segment
 * with `segment.index.bytes` (10 MiB), sparse, and cuts them to their entries when it closes the segment, so only blocks
 * that hold entries are allocated.
 */
import { logDefaults } from './log-defaults.ts';

/** An entry of the offset index is two 4-byte numbers, one of the time index 8 + 4 bytes. */
const offsetIndexEntryBytes = 8;
const timeIndexEntryBytes = 12;
/** A snapshot of the producers known at a segment's start: version, checksum, count, then 46 bytes a producer. */
const snapshotBytes = 10;
const snapshotProducerBytes = 46;
/** The folder itself, leader-epoch-checkpoint and partition.metadata. */
const filesPerFolder = 3;
export const fileSystemBlockBytes = 4096;

export interface LogShape {
  /** Of a closed segment. */
  readonly segmentBytes: number;
  /** The open one included; at least 1. A part of one is a whole set of files. */
  readonly segments: number;
  /** One batch on disk: an index entry never splits it. */
  readonly batchBytes: number;
  /** Producers with sequence numbers. */
  readonly producers: number;
}

/** Bytes in allocated blocks of 4096. */
export interface LogFiles {
  /** Offset and time indexes. */
  readonly indexBytes: number;
  /** Producer snapshots, checkpoints, the folder, and what the last block of each segment leaves unused. */
  readonly otherBytes: number;
  /** Length of the open segment's indexes: what a file system without sparse files would hold instead. */
  readonly preallocatedBytes: number;
}

export function predictFiles({ segmentBytes, segments, batchBytes, producers }: LogShape): LogFiles {
  const files = Math.ceil(segments);
  const appendsPerEntry = Math.floor(logDefaults.indexIntervalBytes / batchBytes) + 1;
  const entries = Math.max(0, Math.floor((segmentBytes / batchBytes - 1) / appendsPerEntry));
  // A segment's last time stamp gets an entry when it is closed.
  const indexBytes = wholeBlocks(entries * offsetIndexEntryBytes) + wholeBlocks((entries + 1) * timeIndexEntryBytes);
  const snapshots = files * wholeBlocks(snapshotBytes + producers * snapshotProducerBytes);
  const unused = (files - 1) * (wholeBlocks(segmentBytes) - segmentBytes) + fileSystemBlockBytes / 2;
  return {
    indexBytes: files * indexBytes,
    otherBytes: Math.ceil(snapshots + unused) + filesPerFolder * fileSystemBlockBytes,
    preallocatedBytes: 2 * logDefaults.indexSizeMaxBytes,
  };
}

function wholeBlocks(bytes: number): number {
  return Math.ceil(bytes / fileSystemBlockBytes) * fileSystemBlockBytes;
}
