/** How the records of a load look, beyond what the use case states: their keys, their sizes, what fills them. */
import { hash32 } from '../../lib/random.ts';
import type { ArrivalProcess } from './arrivals.ts';
import type { KeyChoice } from './key-choice.ts';
import type { PartitionerName } from './partitioner.ts';

export interface LoadShape {
  /** At the rate of each phase; left out: constant. */
  readonly arrivals?: ArrivalProcess;
  /** Left out: uniform. */
  readonly keys?: KeyChoice;
  /** Left out: every record has the size of the use case. */
  readonly sizes?: readonly SizeShare[];
  /** Values in place of random text, such as the lines of a sample file; taken at random, cut or repeated to the size. */
  readonly samples?: readonly Uint8Array[];
  /** Left out: by key where there is one, otherwise sticky. */
  readonly partitioner?: PartitionerName;
  /** Share of the padding that is random bytes, 0 to 1, the rest alike; for plain values. Left out: random text. */
  readonly entropy?: number;
}

/** Part of the records that have this size, key and value; parts are weights and need not sum to 1. */
export interface SizeShare {
  readonly bytes: number;
  readonly weight: number;
}

/** What was asked for, for the record of a run; the samples by their number. */
export function describeShape(shape: LoadShape): Readonly<Record<string, string>> {
  const { arrivals, keys, sizes, samples, partitioner, entropy } = shape;
  return {
    ...(partitioner === undefined ? {} : { partitioner }),
    ...(entropy === undefined ? {} : { entropy: String(entropy) }),
    ...(arrivals === undefined ? {} : { arrivals }),
    ...(keys === undefined ? {} : { keys: Object.values(keys).join(':') }),
    ...(sizes === undefined ? {} : { sizes: sizes.map(({ bytes, weight }) => `${bytes} B x ${weight}`).join(', ') }),
    ...(samples === undefined ? {} : { samples: `${samples.length} values` }),
  };
}

/** The most sizes a load has: each keeps a template. */
export const mostSizes = 256;

/** Index of the size of a record, by its number and the seed. Throws RangeError for weights that are none. */
export function createSizeChoice(sizes: readonly SizeShare[], seed: number): (id: number) => number {
  if (sizes.length === 0 || sizes.length > mostSizes) {
    throw new RangeError(`${sizes.length} sizes: expected 1 to ${mostSizes}`);
  }
  const wrong = sizes.find(({ bytes, weight }) => !(Number.isInteger(bytes) && bytes > 0 && weight >= 0));
  if (wrong !== undefined) throw new RangeError(`a size of ${wrong.bytes} B with weight ${wrong.weight} is none`);
  const total = sizes.reduce((sum, { weight }) => sum + weight, 0);
  if (!(total > 0 && Number.isFinite(total))) throw new RangeError('the weights of the sizes sum to nothing');
  let sum = 0;
  const bounds = sizes.map(({ weight }) => {
    sum += weight;
    return sum / total;
  });
  return (id) => {
    const at = hash32(seed, id) / 4_294_967_296;
    const index = bounds.findIndex((bound) => at < bound);
    // The last bound may round below 1.
    return index < 0 ? sizes.length - 1 : index;
  };
}
