/** The simple commands of a piece of shell, as words without their quotes; those inside `$(...)` too. Enough for runbooks. */

export type ShellCommand = readonly string[];

export function commandsIn(script: string): readonly ShellCommand[] {
  const text = script.replaceAll('\\\n', ' ').replaceAll(hereDocument, '$2');
  const found: ShellCommand[] = [];
  let at = 0;

  /** Reads to the bracket that ends a substitution, or to the end of the text. */
  function read(end: ')' | null): void {
    let words: string[] = [];
    let word: string | null = null;
    const endWord = (): void => {
      if (word !== null) words.push(word);
      word = null;
    };
    const endCommand = (): void => {
      endWord();
      const command = withoutPrefix(words);
      if (command.length > 0) found.push(command);
      words = [];
    };
    while (at < text.length) {
      const sign = text.charAt(at);
      at += 1;
      if (sign === end) break;
      if (sign === '#' && word === null) at = endOf('\n');
      else if (/[ \t]/.test(sign)) endWord();
      else if (/[|;&\n]/.test(sign)) endCommand();
      else word = (word ?? '') + piece(sign);
    }
    endCommand();
  }

  function piece(sign: string): string {
    if (sign === "'") {
      const from = at;
      at = endOf("'") + 1;
      return text.slice(from, at - 1);
    }
    if (sign === '"') return doubleQuoted();
    if (sign === '$' && text.charAt(at) === '(') {
      at += 1;
      read(')');
      return '$()';
    }
    if (sign !== '\\') return sign;
    at += 1;
    return text.charAt(at - 1);
  }

  function doubleQuoted(): string {
    let content = '';
    while (at < text.length && text.charAt(at) !== '"') {
      const sign = text.charAt(at);
      at += 1;
      content += sign === '$' && text.charAt(at) === '(' ? piece(sign) : sign;
    }
    at += 1;
    return content;
  }

  function endOf(sign: string): number {
    const end = text.indexOf(sign, at);
    return end < 0 ? text.length : end;
  }

  read(null);
  return found;
}

/** What follows `<<JSON` up to the line `JSON`. */
const hereDocument = /<<(\w+)(.*)\n[\s\S]*?\n\1$/gm;
const keywords = new Set(['until', 'while', 'do', 'then', 'if', 'else', 'fi', 'done', 'sudo', 'time', '{', '}', '!']);

/** Without assignments, keywords of the shell, and `sudo`. */
function withoutPrefix(words: readonly string[]): ShellCommand {
  const start = words.findIndex((word) => !/^[A-Za-z_]\w*=/.test(word) && !keywords.has(word));
  // A condition and the head of a loop are no programs.
  return start < 0 || ['[', 'for'].includes(words[start] ?? '') ? [] : words.slice(start);
}
