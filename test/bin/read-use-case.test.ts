import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../bench/package-root.ts';
import { readUseCase } from '../../bin/read-use-case.ts';
import { HeadroomError } from '../../lib/errors.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'headroom-read-'));
  mkdirSync(join(folder, 'examples'));
  writeFileSync(join(folder, 'examples', 'orders.yaml'), '');
  writeFileSync(join(folder, 'latin1.yaml'), Buffer.from([0x75, 0x3a, 0xe4]));
  writeFileSync(join(folder, 'huge.yaml'), 'a'.repeat(1024 * 1024 + 1));
  writeFileSync(join(folder, 'bad.yaml'), 'useCase: X\n');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function errorOf(path: string): HeadroomError {
  try {
    readUseCase(path, folder);
  } catch (error) {
    if (error instanceof HeadroomError) return error;
    throw error;
  }
  throw new Error('the file was read');
}

describe('a file that cannot be read', () => {
  it.each([
    ['missing.yaml', /missing\.yaml does not exist/, /headroom init missing\.yaml/],
    ['examples/order.yaml', /does not exist/, /did you mean examples\/orders\.yaml\?/],
    ['bad.yaml/x', /does not exist/, /headroom init/],
    ['examples', /examples is a folder/, /name a file/],
    ['.', /is a folder/, /name a file/],
    ['/dev/null', /not a plain file/, /name a file/],
    ['latin1.yaml', /not UTF-8/, /save it as UTF-8/],
    ['huge.yaml', /1048577 bytes/, /use case file/],
    ['nul\0byte', /cannot be read/, /permissions/],
  ])('%j', (path, message, hint) => {
    const error = errorOf(path);
    expect(error.code).toBe('FILE_UNREADABLE');
    expect(error.exitCode).toBe(64);
    expect(error.message).toMatch(message);
    expect(error.hint).toMatch(hint);
  });
});

it('names the file as the user did', () => {
  const error = errorOf('bad.yaml');
  expect(error.code).toBe('USE_CASE_INVALID');
  expect(error.message).toMatch(/^ {2}bad\.yaml:1:10 useCase: expected/m);
});

it('gives text and requirements', () => {
  const { text, requirements } = readUseCase('examples/course-events.yaml', packageRoot);
  expect(text).toContain('useCase: course-events');
  expect(requirements.topics.map(({ name }) => name)).toEqual(['categoryChanged']);
});
