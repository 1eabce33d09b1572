/**
 * A meeting in a log that all read from its beginning: a record holds a value or a part of one, its key is the name. A topic
 * takes messages of about a megabyte, and what a worker found can be longer.
 */
import type { Meeting } from './meeting.ts';

/** What is needed of a topic with one partition. */
export interface ControlLog {
  readonly place: string;
  /** Appends in this order, nothing of another call between them; resolves when all are acknowledged. */
  append(records: readonly ControlRecord[]): Promise<void>;
  close(): Promise<void>;
}

export interface ControlRecord {
  readonly key: Buffer;
  readonly value: Buffer;
}

/** What waits for the log's records, and what has come of them. */
export interface ControlReader {
  onRecord(record: ControlRecord): void;
  /** The log cannot be read any more. */
  onFailure(error: Error): void;
}

/** Half of what a topic takes by default. */
const partBytes = 512 * 1024;
/** Before each part: its number and how many there are. */
const headBytes = 8;

/** `open` connects the log and begins to read it from its beginning. */
export async function topicMeeting(open: (reader: ControlReader) => Promise<ControlLog>): Promise<Meeting> {
  const values = new Map<string, string>();
  const begun = new Map<string, Buffer[]>();
  let failure: Error | null = null;
  const log = await open({
    onRecord: ({ key, value }) => {
      const name = key.toString();
      const [part, parts] = [value.readUInt32BE(0), value.readUInt32BE(4)];
      const soFar = part === 0 ? [] : (begun.get(name) ?? []);
      // The rest of a value whose beginning was never written.
      if (soFar.length !== part) return;
      soFar.push(value.subarray(headBytes));
      begun.set(name, soFar);
      if (soFar.length < parts) return;
      begun.delete(name);
      values.set(name, Buffer.concat(soFar).toString());
    },
    onFailure: (error) => {
      failure ??= error;
    },
  });
  return {
    place: log.place,
    put: async (name, value) => await log.append(partsOf(name, Buffer.from(JSON.stringify(value)))),
    get: async <T>(name: string) => {
      if (failure !== null) throw failure;
      const text = values.get(name);
      return text === undefined ? null : (JSON.parse(text) as T);
    },
    close: async () => await log.close(),
  };
}

function partsOf(name: string, bytes: Buffer): readonly ControlRecord[] {
  const parts = Math.max(1, Math.ceil(bytes.length / partBytes));
  return Array.from({ length: parts }, (_, part) => {
    const head = Buffer.alloc(headBytes);
    head.writeUInt32BE(part, 0);
    head.writeUInt32BE(parts, 4);
    const content = bytes.subarray(part * partBytes, (part + 1) * partBytes);
    return { key: Buffer.from(name), value: Buffer.concat([head, content]) };
  });
}
