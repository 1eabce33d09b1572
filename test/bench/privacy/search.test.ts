import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPrivacySearch } from '../../../bench/privacy/search.ts';

const canary = '+82-10-5550-0173';
const search = createPrivacySearch([canary]);

/** Private values as people have them: at least 8 characters, so that a chance hit cannot happen. */
const privateValue = fc.string({ unit: 'grapheme', minLength: 8, maxLength: 40 });

describe('countIn', () => {
  it('finds the raw value anywhere', () => {
    fc.assert(
      fc.property(fc.string(), privateValue, fc.string(), (before, value, after) => {
        expect(createPrivacySearch([value]).countIn(Buffer.from(`${before}${value}${after}`))).toBeGreaterThan(0);
      }),
    );
  });

  it.each(['base64', 'base64url'] as const)('finds the value inside %s at every alignment', (encoding) => {
    fc.assert(
      fc.property(fc.string(), privateValue, fc.string(), (before, value, after) => {
        const encoded = Buffer.from(`${before}${value}${after}`).toString(encoding);
        expect(createPrivacySearch([value]).countIn(Buffer.from(encoded))).toBeGreaterThan(0);
      }),
    );
  });

  it('finds the value escaped as JSON, plain, ASCII only or in full', () => {
    const value = 'Zoë "Z" \\ 12/3 주소\u0001';
    const json = JSON.stringify({ name: value });
    const ascii = json.replaceAll(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
    const full = [...Array(value.length).keys()]
      .map((i) => `\\u${value.charCodeAt(i).toString(16).padStart(4, '0')}`)
      .join('');
    for (const text of [json, json.replace('/', '\\/'), ascii, full]) {
      expect(createPrivacySearch([value]).countIn(Buffer.from(text))).toBeGreaterThan(0);
    }
  });

  it('does not find what is masked, and nothing when there is nothing to find', () => {
    expect(search.countIn(Buffer.from('{"phone":"***-0173"}'))).toBe(0);
    expect(createPrivacySearch([]).countIn(Buffer.from(canary))).toBe(0);
  });
});

describe('records', () => {
  it('counts records searched and records that hold a value', () => {
    const { records } = createPrivacySearch([canary]);
    records.look(Buffer.from('clean'));
    records.look(Buffer.from(`${canary} ${canary}`));
    expect([records.searched, records.found]).toEqual([2, 1]);
  });
});

describe('searchFolder', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'headroom-privacy-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('finds a value that lies across two chunks once, in a nested folder', async () => {
    const chunk = 1 << 20;
    await mkdir(join(folder, 'topic-0'));
    for (const shift of [1, 8, canary.length - 1]) {
      const file = Buffer.alloc(2 * chunk);
      file.write(canary, chunk - shift);
      await writeFile(join(folder, 'topic-0', 'segment.log'), file);
      expect(await search.searchFolder(folder, () => false)).toEqual({ searched: 2 * chunk, found: 1 });
    }
  });

  it('leaves out what it is told to, and takes a missing folder as empty', async () => {
    await writeFile(join(folder, '0.index'), canary);
    expect(await search.searchFolder(folder, (name) => name.endsWith('.index'))).toEqual({ searched: 0, found: 0 });
    expect(await search.searchFolder(join(folder, 'none'), () => false)).toEqual({ searched: 0, found: 0 });
  });
});
