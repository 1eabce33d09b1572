/**
 * Walks a YAML document into plain values and remembers where each stood; refuses what looks like one thing and reads as another.
 */
import { isAlias, isMap, isScalar, isSeq, type Node, type Pair } from 'yaml';
import { type Fault, formatPath, type Path, type Position, quoted } from './fault.ts';

/** Values after following aliases; an alias bomb of a few lines unfolds to billions. */
const maxValues = 50_000;

/** What a YAML document says, and where it says it. */
export class YamlValues {
  /** Objects, arrays, strings, numbers, booleans and null; undefined when the text could not be read. */
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

  /** Of the value at `path`, or of the nearest thing that holds it. */
  position(path: Path): Position {
    for (let length = path.length; length > 0; length--) {
      const at = formatPath(path.slice(0, length));
      const offset = this.#values.get(at)?.offset ?? this.#keyOffsets.get(at);
      if (offset !== undefined) return this.#locate(offset);
    }
    return this.#locate(this.#values.get('')?.offset ?? 0);
  }

  /** Of the key that ends `path`. */
  keyPosition(path: Path): Position {
    const offset = this.#keyOffsets.get(formatPath(path));
    return offset === undefined ? this.position(path) : this.#locate(offset);
  }

  /** What stood at `path`, ready to be shown. */
  got(path: Path): string {
    return this.#values.get(formatPath(path))?.got ?? 'nothing';
  }

  fault(offset: number, path: string, expected: string, got: string, remedy: string): void {
    this.faults.push({ ...this.#locate(offset), path, expected, got, remedy });
  }

  /** Takes over a document; the value stays undefined when there is too much of it. */
  read(root: Node): void {
    const value = this.#walk(root, [], []);
    if (this.#count <= maxValues) this.value = value;
  }

  /** `ancestors` are the nodes on the way here, so that an alias to one of them is seen as the circle it is. */
  #walk(node: Node, path: Path, ancestors: readonly Node[]): unknown {
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
      return node.items.map((item, index) => this.#walk(item as Node, [...path, index], inside));
    }
    return isScalar(node) ? this.#scalar(node.value, node.source ?? '', node.type, offset, at) : null;
  }

  #walkAlias(name: string, offset: number, path: Path, ancestors: readonly Node[]): unknown {
    const target = this.#anchors.get(name);
    if (target !== undefined && !ancestors.includes(target)) {
      const value = this.#walk(target, path, ancestors);
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
      const child = pair.value === null ? null : this.#walk(pair.value, childPath, ancestors);
      // A plain assignment to `__proto__` would change the object instead of adding a key that can be refused.
      Object.defineProperty(value, key, { value: child, enumerable: true, configurable: true, writable: true });
    }
    return value;
  }

  #checkText(value: string, offset: number, at: string): void {
    const placeholder = /\$\{[^}]*\}|\{\{[^}]*\}\}/.exec(value)?.[0];
    if (placeholder !== undefined) {
      const remedy = 'fill it in, nothing is substituted';
      this.fault(offset, at, 'a value', `the placeholder ${quoted(placeholder)}`, remedy);
    }
    if (deceptive.test(value)) {
      this.fault(offset, at, 'text without control characters', quoted(value), 'remove the character');
    }
  }

  #scalar(value: unknown, source: string, type: unknown, offset: number, at: string): unknown {
    if (typeof value === 'string') {
      this.#checkText(value, offset, at);
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

/** Controls (an escape can still write them) and marks that turn the direction of writing: both forge what a terminal shows. */
const deceptive = /(?!\n)[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/u;

function describe(node: Node): string {
  if (isMap(node)) return 'a mapping';
  if (isSeq(node)) return 'a list';
  if (!isScalar(node) || node.value === null) return 'nothing';
  return quoted(node.source ?? String(node.value));
}
