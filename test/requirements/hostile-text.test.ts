/** Texts that no editor writes on purpose: refused with a plain word, never a crash, never a long wait, never read as something else. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HeadroomError } from '../../lib/errors.ts';
import { parseUseCase } from '../../lib/requirements/parse.ts';
import { faultsOf, useCaseText } from './use-case-text.ts';

const plain = useCaseText();
const lines = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, i) => line(i)).join('');

describe('not a use case at all', () => {
  it.each([
    ['nothing', '', /expected a use case, got an empty file\n.*headroom init/],
    ['blank lines', '\n \n\t\n', /got an empty file/],
    ['comments only', '# a\n\n  # b\n', /got an empty file/],
    ['a byte order mark only', '\uFEFF', /got an empty file/],
    ['an empty document', '---\n', /expected a mapping, got nothing/],
    ['null', '~', /expected a mapping, got nothing/],
    ['a word', 'hello', /expected a mapping, got "hello"/],
    ['a list', '- a\n', /expected a mapping, got a list/],
    ['two documents', `${plain}---\n${plain}`, /uc\.yaml:10:1: expected one document/],
    [
      'a merge conflict',
      `${plain}<<<<<<< HEAD\na: 1\n=======\na: 2\n>>>>>>> x\n`,
      /uc\.yaml:10:1: expected a use case without merge conflicts, got "<<<<<<<"/,
    ],
    ['a NUL', `${plain}\0`, /expected text, got "\\u0000"/],
    ['a terminal escape', `${plain}x: \u001b[31m`, /uc\.yaml:10:4: expected text, got "\\u001b"/],
    ['a C1 control', `${plain}x: \u009b31m`, /expected text/],
    ['line ends of old', plain.replaceAll('\n', '\r'), /expected text, got "\\r"/],
    ['bytes that were not UTF-8', `${plain}x: \uFFFD`, /another encoding than UTF-8/],
  ])('%s', (_, text, fault) => {
    expect(faultsOf(text)).toMatch(fault);
  });
});

describe('broken YAML', () => {
  it.each([
    ['a tab as indentation', plain.replace('    action', '\taction'), /uc\.yaml:5:1: expected spaces as indentation/],
    ['an open quote', `${plain}x: "abc`, /uc\.yaml:10:\d+: expected valid YAML \(missing closing "quote\)/],
    ['an open bracket', `${plain}x: [1, 2`, /expected valid YAML/],
    ['a key that is a list', `${plain}? [a]\n: b\n`, /expected a name as key/],
    ['a second colon', `${plain}x: a: b\n`, /expected valid YAML/],
    ['an unknown tag', `${plain}description: !env HOME\n`, /description: expected a value without a tag, got "!env"/],
    ['a known tag', `${plain}description: !!str 5\n`, /expected a value without a tag/],
    ['YAML 1.1', `%YAML 1.1\n---\n${plain}`, /expected YAML 1\.2/],
    [
      'an alias of nothing',
      `${plain}description: *nowhere\n`,
      /description: expected an alias of an anchor, got "\*nowhere"/,
    ],
    ['an alias of itself', `${plain}description: &a [*a]\n`, /cannot stand inside its own anchor/],
  ])('%s', (_, text, fault) => {
    expect(faultsOf(text)).toMatch(fault);
  });
});

describe('too much of it', () => {
  it.each([
    ['brackets', '['.repeat(100_000), /at most 64 levels/],
    ['closed brackets', `${plain}x: ${'['.repeat(5000)}${']'.repeat(5000)}`, /at most 64 levels/],
    ['braces', `${plain}x: ${'{a: '.repeat(10_000)}`, /at most 64 levels/],
    ['dashes', '- '.repeat(30_000), /at most 64 levels/],
    ['question marks', '? '.repeat(30_000), /at most 64 levels/],
    ['indentation', lines(1000, (i) => `${' '.repeat(i)}a:\n`), /at most 64 levels/],
    ['characters', `a: ${'x'.repeat(2_000_000)}`, /at most 1 MiB/],
    ['keys', lines(40_000, (i) => `k${i}: 1\n`), /at most 200000 words and signs/],
    [
      'an alias bomb',
      `a0: &a0 [x]\n${lines(9, (i) => `a${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`).join(', ')}]\n`)}`,
      /at most 50000 values/,
    ],
    [
      'a chain of aliases',
      `a0: &a0 [x]\n${lines(400, (i) => `a${i + 1}: &a${i + 1} [*a${i}]\n`)}`,
      /at most 50000 values/,
    ],
  ])('%s', (_, text, fault) => {
    expect(faultsOf(text)).toMatch(fault);
  });

  it('lists a hundred faults and counts the rest', () => {
    const message = faultsOf(`${plain}${lines(150, (i) => `k${i}: 1\n`)}`);
    expect(message).toMatch(/^uc\.yaml has 150 faults/);
    expect(message.match(/expected a known key/g)).toHaveLength(100);
    expect(message).toMatch(/\n {2}and 50 more$/);
  });

  it('shows long values shortened', () => {
    expect(faultsOf(`${plain}x${'y'.repeat(500)}: 1\n`).length).toBeLessThan(1000);
  });
});

it('damaged texts are read or refused, and nothing else', () => {
  const cut = fc.tuple(
    fc.nat(plain.length),
    fc.nat(8),
    fc.oneof(fc.string(), fc.constantFrom('\t', '- ', '{', '*a', '&a ', '? ', '|', ': ', '#')),
  );
  fc.assert(
    fc.property(cut, ([at, length, inserted]) => {
      try {
        parseUseCase(`${plain.slice(0, at)}${inserted}${plain.slice(at + length)}`, 'uc.yaml');
      } catch (error) {
        expect(error).toBeInstanceOf(HeadroomError);
        expect((error as HeadroomError).message).not.toMatch(/undefined|\[object|NaN/);
      }
    }),
    { numRuns: 100 },
  );
});
