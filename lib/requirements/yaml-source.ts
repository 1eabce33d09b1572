/**
 * A YAML text as plain values that remember where they stood. Strict where YAML is lenient: one document, no tags,
 * no merge keys, numbers only as people write them, so that nothing is read as something else than it looks.
 */
import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type YAMLError,
} from 'yaml';
import { type Fault, formatPath, type Path, type Position, quoted } from './fault.ts';
import { textFault } from './source-text.ts';

export interface YamlSource {
  /** Objects, arrays, strings, numbers, booleans and null; undefined when the text could not be read at all. */
  readonly value: unknown;
  readonly faults: readonly Fault[];
  /** Of the value at `path`, or of the nearest thing that holds it. */
  position(path: Path): Position;
  /** Of the key that ends `path`. */
  keyPosition(path: Path): Position;
  /** What stood at `path`, ready to be shown. */
  got(path: Path): string;
}

/** Values after following aliases; an alias bomb of a few lines unfolds to billions. */
const maxValues = 50_000;

export function readYaml(text: string): YamlSource {
  const lines = new LineCounter();
  const plain = text.startsWith('\uFEFF') ? text.slice(1) : text;
  lines.addNewLine(0);
  for (let at = plain.indexOf('\n'); at >= 0; at = plain.indexOf('\n', at + 1)) lines.addNewLine(at + 1);
  const locate = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const unreadable = textFault(plain, locate);
  if (unreadable !== null) return new Reading(locate, [unreadable]);
  // Equal keys are found by our own walk: the library's check takes time that grows with the square of their number.
  const document = parseDocument(plain, {
    stringKeys: true,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'error',
  });
  const reading = new Reading(
    locate,
    document.errors.map((error) => syntaxFault(error, plain, locate)),
  );
  if (document.directives?.yaml.explicit === true && document.directives.yaml.version !== '1.2') {
    reading.fault(
      0,
      '',
      'YAML 1.2',
      `a %YAML directive for ${document.directives.yaml.version}`,
      'remove the directive',
    );
  }
  if (reading.faults.length > 0) return reading;
  reading.value = document.contents === null ? null : reading.walk(document.contents, [], []);
  return reading;
}

class Reading implements YamlSource {
  value: unknown;
  readonly faults: Fault[];
  readonly #locate: (offset: number) => Position;
  readonly #values = new Map<string, { readonly offset: number; readonly got: string }>();
  readonly #keyOffsets = new Map<string, number>();
  readonly #anchors = new Map<string, Node>();
  #count = 0;

  constructor(locate: (offset: number) => Position, faults: readonly Fault[]) {
    this.#locate = locate;
    this.faults = [...faults];
  }

  position(path: Path): Position {
    for (let length = path.length; length > 0; length--) {
      const found = this.#values.get(formatPath(path.slice(0, length)));
      if (found !== undefined) return this.#locate(found.offset);
    }
    return this.#locate(this.#values.get('')?.offset ?? 0);
  }

  keyPosition(path: Path): Position {
    const offset = this.#keyOffsets.get(formatPath(path));
    return offset === undefined ? this.position(path) : this.#locate(offset);
  }

  got(path: Path): string {
    return this.#values.get(formatPath(path))?.got ?? 'nothing';
  }

  fault(offset: number, path: string, expected: string, got: string, remedy: string): void {
    this.faults.push({ ...this.#locate(offset), path, expected, got, remedy });
  }

  /** `ancestors` are the nodes on the way here, so that an alias to one of them is seen as the circle it is. */
  walk(node: Node, path: Path, ancestors: readonly Node[]): unknown {
    const offset = node.range?.[0] ?? 0;
    const at = formatPath(path);
    this.#count += 1;
    if (this.#count > maxValues) {
      if (this.#count === maxValues + 1) {
        this.fault(offset, at, `at most ${maxValues} values`, 'more', 'write fewer topics or aliases');
      }
      return null;
    }
    if (isAlias(node)) return this.#walkAlias(node.source, offset, path, ancestors);
    if (node.anchor !== undefined) this.#anchors.set(node.anchor, node);
    if (node.tag !== undefined) this.fault(offset, at, 'a value without a tag', quoted(node.tag), 'remove the tag');
    this.#values.set(at, { offset, got: describe(node) });
    if (isMap(node)) return this.#walkMap(node.items as Pair<Node, Node | null>[], path, [...ancestors, node]);
    if (isSeq(node)) {
      const inside = [...ancestors, node];
      return node.items.map((item, index) => this.walk(item as Node, [...path, index], inside));
    }
    return isScalar(node) ? this.#scalar(node.value, node.source ?? '', node.type, offset, at) : null;
  }

  #walkAlias(name: string, offset: number, path: Path, ancestors: readonly Node[]): unknown {
    const target = this.#anchors.get(name);
    if (target !== undefined && !ancestors.includes(target)) {
      const value = this.walk(target, path, ancestors);
      this.#values.set(formatPath(path), { offset, got: describe(target) });
      return value;
    }
    const remedy =
      target === undefined ? 'set the anchor above its use' : 'an alias cannot stand inside its own anchor';
    this.fault(offset, formatPath(path), 'an alias of an anchor', quoted(`*${name}`), remedy);
    return null;
  }

  #walkMap(items: readonly Pair<Node, Node | null>[], path: Path, ancestors: readonly Node[]): unknown {
    const value: Record<string, unknown> = {};
    for (const pair of items) {
      const offset = pair.key.range?.[0] ?? 0;
      const key = isScalar(pair.key) ? String(pair.key.value) : '';
      const childPath = [...path, key];
      const at = formatPath(childPath);
      if (this.#keyOffsets.has(at) && Object.hasOwn(value, key)) {
        const first = this.#locate(this.#keyOffsets.get(at) ?? 0);
        this.fault(
          offset,
          at,
          'each key once',
          `${quoted(key)} again`,
          `it already stands in line ${first.line}, keep one`,
        );
        continue;
      }
      this.#keyOffsets.set(at, offset);
      const child = pair.value === null ? null : this.walk(pair.value, childPath, ancestors);
      // A plain assignment to `__proto__` would change the object instead of adding a key that can be refused.
      Object.defineProperty(value, key, { value: child, enumerable: true, configurable: true, writable: true });
    }
    return value;
  }

  #scalar(value: unknown, source: string, type: unknown, offset: number, at: string): unknown {
    if (typeof value === 'string') {
      const placeholder = /\$\{[^}]*\}|\{\{[^}]*\}\}/.exec(value)?.[0];
      if (placeholder === undefined) return value;
      this.fault(offset, at, 'a value', `the placeholder ${quoted(placeholder)}`, 'fill it in, nothing is substituted');
      return value;
    }
    if (typeof value !== 'number' || type !== 'PLAIN') return value;
    const digits = source.replace(/^-/, '').replace('.', '').replace(/^0+/, '');
    if (/^-?(0|[1-9]\d*)(\.\d+)?$/.test(source) && digits.length <= 15) return value;
    const remedy = `write the number in plain digits, at most 15 of them, or in quotes if it is text`;
    this.fault(offset, at, 'a plain number such as 10 or 0.4', quoted(source), remedy);
    return source;
  }
}

function describe(node: Node): string {
  if (isMap(node)) return 'a mapping';
  if (isSeq(node)) return 'a list';
  if (!isScalar(node) || node.value === null) return 'nothing';
  return quoted(node.source ?? String(node.value));
}

function syntaxFault(error: YAMLError, text: string, locate: (offset: number) => Position): Fault {
  const [start, end] = error.pos;
  const known = syntaxRemedies[error.code];
  const lineEnd = text.indexOf('\n', start);
  const shown = text.slice(start, Math.max(end, lineEnd < 0 ? text.length : lineEnd)).trim();
  return {
    ...locate(start),
    path: '',
    expected: known?.expected ?? `valid YAML (${error.message.toLowerCase().replace(/\.$/, '')})`,
    got: shown === '' ? 'the end of the line' : quoted(shown),
    remedy: known?.remedy ?? 'check quotes, brackets and indentation there and in the line above',
  };
}

const syntaxRemedies: Partial<Record<YAMLError['code'], { readonly expected: string; readonly remedy: string }>> = {
  TAB_AS_INDENT: { expected: 'spaces as indentation', remedy: 'replace the tab by spaces' },
  MULTIPLE_DOCS: { expected: 'one document', remedy: 'keep one use case a file, without "---" between' },
  NON_STRING_KEY: { expected: 'a name as key', remedy: 'write the key as plain text' },
};
