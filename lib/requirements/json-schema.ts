import { z } from 'zod';
import { useCaseSchema } from './schema.ts';

/** The JSON Schema (draft 7, which editors know best) of a use case file as it is written. */
export function useCaseJsonSchema(): object {
  return z.toJSONSchema(useCaseSchema, { io: 'input', target: 'draft-7' });
}
