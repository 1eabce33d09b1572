import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { packageRoot } from '../../bench/package-root.ts';
import { rational } from '../../lib/rational.ts';
import { useCaseJsonSchema } from '../../lib/requirements/json-schema.ts';
import { parseUseCase } from '../../lib/requirements/parse.ts';
import { type TopicParts, useCaseText } from './use-case-text.ts';

const schema = useCaseJsonSchema() as SchemaNode;
const validate = new Ajv({ allErrors: true, allowUnionTypes: true }).compile(schema);
const examplesFolder = join(packageRoot, 'examples');
const exampleFiles = readdirSync(examplesFolder).filter((name) => name.endsWith('.yaml'));
const exampleText = (name: string): string => readFileSync(join(examplesFolder, name), 'utf8');

interface SchemaNode {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly examples?: readonly unknown[];
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly items?: SchemaNode;
  readonly additionalProperties?: boolean;
}

/** Every key of the schema with its path, at every depth. */
function keysOf(node: SchemaNode, path = ''): readonly (readonly [path: string, node: SchemaNode])[] {
  const inner = Object.entries(node.properties ?? {}).flatMap(([key, child]) => [
    [`${path}.${key}`, child] as const,
    ...keysOf(child, `${path}.${key}`),
  ]);
  return [...inner, ...(node.items === undefined ? [] : keysOf(node.items, `${path}[]`))];
}

describe('the JSON Schema', () => {
  it('says of every key what it means, and of every value how it may look', () => {
    const keys = keysOf(schema);
    expect(keys.length).toBeGreaterThan(40);
    for (const [path, node] of keys) {
      expect(node.description, path).toMatch(/\.$/);
      if (node.type === 'object') expect(node.additionalProperties, path).toBe(false);
      else if (node.type !== 'array') expect(node.examples?.length, path).toBeGreaterThan(0);
    }
  });

  it('has examples that it accepts itself', () => {
    for (const [path, node] of keysOf(schema)) {
      const accepts = new Ajv({ allowUnionTypes: true }).compile(node);
      for (const example of node.examples ?? []) expect(accepts(example), `${path}: ${example}`).toBe(true);
    }
  });

  it.each(exampleFiles)('accepts examples/%s', (name) => {
    expect(validate(parse(exampleText(name))), JSON.stringify(validate.errors)).toBe(true);
  });

  // What the schema can say, it must say as the reader does, or editors and the command contradict each other.
  it.each<readonly [TopicParts, boolean]>([
    [{}, true],
    [{ action: undefined }, false],
    [{ service: undefined, action: undefined, name: 'a.b' }, true],
    [{ message: '{ size: 200 }' }, false],
    [{ message: '{ size: 200B }' }, true],
    [{ message: '{ size: 0.2 KB, compression: lz4, ratio: 0.4 }' }, true],
    [{ message: '{ size: 200 B, compression: lz4, ratio: 40 % }' }, true],
    [{ message: '{ size: 200 B, compresion: lz4 }' }, false],
    [{ message: '{ size: 1,000 B }' }, false],
    [{ produce: '{ rate: 12000/min }' }, true],
    [{ produce: '{ rate: 50 MB / s }' }, true],
    [{ produce: '{ rate: 200 }' }, false],
    [{ produce: '{ rate: 200/day }' }, false],
    [{ produce: '{ rate: 200/s, growth: 5%/month }' }, true],
    [{ produce: '{ rate: 200/s, producers: "3" }' }, false],
    [{ retention: '{ time: 30min }' }, true],
    [{ retention: '{ time: 7 }' }, false],
    [{ reuse: '[replays]' }, false],
    [{ replicas: '0' }, false],
  ])('and the reader agree on %j', (parts, isValid) => {
    const text = useCaseText([parts]);
    const reads = (): unknown => parseUseCase(text, 'uc.yaml');
    expect(validate(parse(text))).toBe(isValid);
    if (isValid) expect(reads).not.toThrow();
    else expect(reads).toThrow(/expected/);
  });
});

describe('the examples', () => {
  it.each(exampleFiles)('%s has neither fault nor warning', (name) => {
    expect(parseUseCase(exampleText(name), name).warnings).toEqual([]);
  });

  it('purchase-history is the sum the users wrote down', () => {
    const { topics, storage } = parseUseCase(exampleText('purchase-history.yaml'), 'purchase-history.yaml');
    expect(storage.buffer).toEqual({ kind: 'bytes', bytes: 5_000_000_000 });
    expect(topics).toHaveLength(1);
    expect(topics[0]).toMatchObject({
      message: { sizeBytes: 200 },
      produce: { ratePerSec: rational(200), peakPerSec: rational(1000) },
      retention: { timeMs: 432_000_000 },
      replicas: 2,
      consumers: [{ ratePerSec: rational(100) }],
    });
  });
});
