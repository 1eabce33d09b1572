/** The ways to meet that need no cluster: a folder, and a topic whose log is in memory. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { emptyFolderMeeting, folderMeeting } from '../../../bench/workers/folder-meeting.ts';
import type { Meeting } from '../../../bench/workers/meeting.ts';
import { type ControlReader, type ControlRecord, topicMeeting } from '../../../bench/workers/topic-meeting.ts';

export interface Place {
  /** For the run, and for each worker. */
  open(): Promise<Meeting>;
  /** Everything that was ever put, as text. */
  written(): Promise<string>;
  remove(): void;
}

export const placesToMeet: readonly (readonly [string, () => Promise<Place>])[] = [
  ['a folder', folderPlace],
  ['a topic', topicPlace],
];

async function folderPlace(): Promise<Place> {
  const root = mkdtempSync(join(tmpdir(), 'headroom-meet-'));
  const folder = join(root, 'run');
  await emptyFolderMeeting(folder);
  return {
    open: async () => folderMeeting(folder),
    written: async () => JSON.stringify(await folderMeeting(folder).get('plan')),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

async function topicPlace(): Promise<Place> {
  const log = memoryLog();
  return {
    open: log.open,
    written: async () => log.records.map(({ value }) => value.toString()).join('\n'),
    remove: () => {},
  };
}

export interface MemoryLog {
  readonly records: ControlRecord[];
  readonly readers: Set<ControlReader>;
  open(): Promise<Meeting>;
}

/** Records reach every reader later than the append, as a fetch brings them. */
export function memoryLog(): MemoryLog {
  const records: ControlRecord[] = [];
  const readers = new Set<ControlReader>();
  const deliver = (reader: ControlReader, some: readonly ControlRecord[]): void => {
    setImmediate(() => {
      for (const record of some) if (readers.has(reader)) reader.onRecord(record);
    });
  };
  const open = async (): Promise<Meeting> =>
    await topicMeeting(async (reader) => {
      readers.add(reader);
      deliver(reader, [...records]);
      return {
        place: 'headroom-0a1b2c3d-workers',
        append: async (some) => {
          records.push(...some);
          for (const each of readers) deliver(each, some);
        },
        close: async () => {
          readers.delete(reader);
        },
      };
    });
  return { records, readers, open };
}
