/** What to say of a key that the format does not know. */
import { z } from 'zod';
import { nearest } from '../nearest.ts';
import type { Path } from './fault.ts';

/** Keys that people look for here, and where their subject lives instead. */
const explained: readonly (readonly [pattern: RegExp, remedy: string])[] = [
  [/zoo_?keeper|^zk/i, 'remove it: Kafka 4 runs KRaft only, there is no ZooKeeper to size or to connect to'],
  [/^partitions?$|^num\.partitions$/i, 'remove it: partitions follow from produce.peak and consumers[].rate'],
  [/^acks$|idempotence|in\.?flight/i, 'remove it: producer settings follow from guarantee'],
  [/^min\.?insync\.?replicas$|^minIsr$/i, 'remove it: it follows from replicas and guarantee.loss'],
  [/^retention\.(ms|bytes)$/i, 'write retention: { time: 7d }'],
  [/^replication[._-]?factor$|^rf$/i, 'write replicas'],
  [/^\d{3}\b/, 'a comma between braces ends a value: write numbers without thousands separators'],
  [/^<<$/, 'write the keys out: merge keys are not read'],
];

/** The remedy for the unknown `key` in the object at `path`. */
export function unknownKeyRemedy(schema: z.ZodType, path: Path, key: string): string {
  const explanation = explained.find(([pattern]) => pattern.test(key));
  if (explanation !== undefined) return explanation[1];
  const known = knownKeys(schema, path);
  const suggestion = nearest(key, known);
  const list = `the keys here are ${known.join(', ')}`;
  return suggestion === null ? list : `did you mean "${suggestion}"? ${list}`;
}

function knownKeys(schema: z.core.$ZodType, path: Path): readonly string[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodPrefault) return knownKeys(schema.unwrap(), path);
  const [step, ...rest] = path;
  if (schema instanceof z.ZodArray) return knownKeys(schema.element, rest);
  if (!(schema instanceof z.ZodObject)) return [];
  const shape = schema.shape as Record<string, z.core.$ZodType>;
  if (step === undefined) return Object.keys(shape);
  const inner = shape[step];
  return inner === undefined ? [] : knownKeys(inner, rest);
}
