/**
 * A second reading of a faulty file in which every value with a fault of its own is simply missing,
 * so that rules that join several keys can still report in the same run.
 */
import { z } from 'zod';
import type { Rational } from '../rational.ts';
import type { Rate } from '../units.ts';
import type { StorageBuffer } from './types.ts';

type Leaf = string | number | boolean | Rational | Rate | StorageBuffer;

/** `T` with every value perhaps missing, at every depth; a list keeps its length so that paths stay true. */
export type Lenient<T> = T extends Leaf
  ? T
  : T extends readonly (infer Item)[]
    ? readonly (Lenient<Item> | undefined)[]
    : { readonly [Key in keyof T]?: Lenient<T[Key]> | undefined };

export function readLeniently<S extends z.ZodType>(schema: S, value: unknown): Lenient<z.output<S>> | undefined {
  return lenient(schema).parse(value) as Lenient<z.output<S>> | undefined;
}

const known = new WeakMap<z.core.$ZodType, z.ZodType>();

function lenient(schema: z.core.$ZodType): z.ZodType {
  const built = known.get(schema) ?? build(schema);
  known.set(schema, built);
  return built;
}

function build(schema: z.core.$ZodType): z.ZodType {
  if (schema instanceof z.ZodObject) {
    const shape = Object.entries(schema.shape as Record<string, z.core.$ZodType>);
    return z.object(Object.fromEntries(shape.map(([key, inner]) => [key, lenient(inner)]))).catch(missing);
  }
  if (schema instanceof z.ZodArray) return z.array(lenient(schema.element)).catch(missing);
  if (schema instanceof z.ZodPrefault) return lenient(schema.unwrap()).prefault(schema.def.defaultValue);
  if (schema instanceof z.ZodOptional) return lenient(schema.unwrap()).optional();
  return (schema as z.ZodType).catch(missing);
}

/** Stands for a value that could not be read. */
const missing: never = undefined as never;
