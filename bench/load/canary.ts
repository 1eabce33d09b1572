import { hash32 } from '../../lib/random.ts';

/**
 * The raw value of a private field in a run: recognisable, the same for the same seed, and unlike anything a cluster writes.
 * It is what the masking step is given; finding it anywhere afterwards is a leak.
 */
export function rawCanary(seed: number, topic: string, field: string): string {
  let state = seed;
  let digits = '';
  for (const character of `${topic}/${field}`) state = hash32(state, character.charCodeAt(0));
  for (let part = 0; part < 3; part += 1) digits += hash32(state, part).toString(36).padStart(7, '0');
  // A quote, a slash and a letter beyond ASCII, so that its JSON and base64 forms differ from the plain one.
  return `private "${field}"/ü ${digits}`;
}
