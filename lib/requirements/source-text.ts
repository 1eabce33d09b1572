/**
 * Looks at the text before YAML does: what no YAML reader should be given, and what it would explain badly.
 */
import { Lexer, Parser } from 'yaml';
import { type Fault, type Position, quoted } from './fault.ts';

/** A use case is a page or two; a megabyte is a mistake (or an attack), and YAML readers take their time over it. */
export const maxUseCaseBytes = 1024 * 1024;

/** Deepest nesting of YAML tokens; the schema needs 12. A few thousand would exhaust the stack of the YAML reader. */
const maxDepth = 64;

/** Lexical tokens of YAML (names, values, signs, spaces); a use case of 100 topics has about 20,000. */
const maxTokens = 200_000;

/** Line and column of an offset. */
export type Locate = (offset: number) => Position;

/** The first thing about the text that makes reading on pointless; null when YAML may have it. */
export function textFault(text: string, locate: Locate): Fault | null {
  const fault = (offset: number, expected: string, got: string, remedy: string): Fault => ({
    ...locate(offset),
    path: '',
    expected,
    got,
    remedy,
  });
  if (text.length > maxUseCaseBytes) {
    return fault(0, 'a file of at most 1 MiB', `${text.length} characters`, 'check that this is a use case file');
  }
  const control = findControlCharacter(text);
  if (control !== null) {
    const remedy = 'remove the character; a binary file or another encoding than UTF-8 cannot be read';
    return fault(control, 'text', quoted(text.charAt(control)), remedy);
  }
  const marker = /^(<{7}|={7}|>{7}|\|{7})(?= |$)/m.exec(text);
  if (marker !== null) {
    const remedy = 'resolve the merge conflict and remove its markers';
    return fault(marker.index, 'a use case without merge conflicts', quoted(marker[0]), remedy);
  }
  if (/^(\s*(#.*)?(\n|$))*$/.test(text)) {
    return fault(0, 'a use case', 'an empty file', 'write a file to start from with: headroom init NEWFILE');
  }
  const excess = findExcess(text);
  return excess === null ? null : fault(excess.offset, excess.expected, excess.got, 'write it flatter and shorter');
}

/** Offset of the first character that YAML does not allow: C0 controls but tab and line ends, DEL, C1, a lone CR, half a surrogate pair. */
function findControlCharacter(text: string): number | null {
  for (let offset = 0; offset < text.length; offset++) {
    const code = text.charCodeAt(offset);
    const isControl = code < 0x20 ? code !== 0x09 && code !== 0x0a && code !== 0x0d : code >= 0x7f && code < 0xa0;
    if (isControl || code === 0xfffd || (code === 0x0d && text.charCodeAt(offset + 1) !== 0x0a)) return offset;
  }
  return null;
}

/** Runs only the token level, which does not recurse, and stops at the first excess. */
function findExcess(text: string): { offset: number; expected: string; got: string } | null {
  const parser = new Parser();
  let tokens = 0;
  for (const lexeme of new Lexer().lex(text)) {
    for (const _ of parser.next(lexeme)) {
      // Documents are not wanted here, only the depth on the way to them.
    }
    tokens += 1;
    if (parser.stack.length > maxDepth) {
      return { offset: parser.offset, expected: `at most ${maxDepth} levels of nesting`, got: 'more' };
    }
    if (tokens > maxTokens) {
      return { offset: parser.offset, expected: `at most ${maxTokens} words and signs`, got: 'more' };
    }
  }
  return null;
}
