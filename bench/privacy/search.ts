/** Looks for private values in what a run wrote: record values as they are read, files and texts afterwards. */
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { searchForms } from './forms.ts';

export interface PrivacySearch {
  /** How often any form of any value occurs. */
  countIn(bytes: Buffer): number;
  /** Adds one record to the search; whether it holds a value in any form. */
  readonly records: RecordSearch;
  /** All regular files under a folder; `skip` names files that are left out. A folder that is not there holds nothing. */
  searchFolder(path: string, skip: (fileName: string) => boolean): Promise<SearchCount>;
}

export interface SearchCount {
  readonly searched: number;
  readonly found: number;
}

export interface RecordSearch extends SearchCount {
  look(value: Buffer): void;
  /** What another process searched. */
  add(count: SearchCount): void;
}

/** `values` are the raw private values of the run; with none, everything is found clean. */
export function createPrivacySearch(values: readonly string[]): PrivacySearch {
  const forms = values.flatMap(searchForms);
  const longest = Math.max(1, ...forms.map((form) => form.length));
  const countIn = (bytes: Buffer): number => forms.reduce((sum, form) => sum + occurrences(bytes, form, 0), 0);

  const searchFile = async (path: string): Promise<SearchCount> => {
    let searched = 0;
    let found = 0;
    let tail = Buffer.alloc(0);
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
      const bytes = Buffer.concat([tail, chunk as Buffer]);
      // A match that lies wholly in the tail was counted with the chunk before.
      for (const form of forms) found += occurrences(bytes, form, Math.max(0, tail.length - form.length + 1));
      searched += (chunk as Buffer).length;
      tail = bytes.subarray(Math.max(0, bytes.length - longest + 1));
    }
    return { searched, found };
  };

  return {
    countIn,
    records: createRecordSearch((value) => forms.some((form) => value.includes(form))),
    searchFolder: async (path, skip) => {
      const total = { searched: 0, found: 0 };
      const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => []);
      for (const entry of entries) {
        if (!entry.isFile() || skip(entry.name)) continue;
        // A file may be deleted or renamed by the broker between listing and reading.
        const file = await searchFile(join(entry.parentPath, entry.name)).catch(() => ({ searched: 0, found: 0 }));
        total.searched += file.searched;
        total.found += file.found;
      }
      return total;
    },
  };
}

function createRecordSearch(holdsValue: (value: Buffer) => boolean): RecordSearch {
  let searched = 0;
  let found = 0;
  return {
    look: (value) => {
      searched += 1;
      if (holdsValue(value)) found += 1;
    },
    add: (count) => {
      searched += count.searched;
      found += count.found;
    },
    get searched() {
      return searched;
    },
    get found() {
      return found;
    },
  };
}

function occurrences(bytes: Buffer, form: Buffer, from: number): number {
  let count = 0;
  for (let at = bytes.indexOf(form, from); at >= 0; at = bytes.indexOf(form, at + 1)) count += 1;
  return count;
}
