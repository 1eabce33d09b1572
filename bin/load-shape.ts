/** The shape of a load from the options of a command. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type ArrivalProcess, arrivalProcesses } from '../bench/load/arrivals.ts';
import type { KeyChoice } from '../bench/load/key-choice.ts';
import type { LoadShape, SizeShare } from '../bench/load/shape.ts';
import { HeadroomError } from '../lib/errors.ts';
import { toNumber } from '../lib/rational.ts';
import { parseRatio, parseSize } from '../lib/units.ts';
import { type CommandContext, type OptionSpec, stringOption } from './command.ts';

export const shapeOptionSpecs = {
  arrivals: {
    type: 'string',
    value: 'PROCESS',
    description: `${arrivalProcesses.join(' or ')}: evenly spaced, or at random; constant when left out`,
  },
  keys: {
    type: 'string',
    value: 'CHOICE',
    description: 'uniform, roundRobin, none, zipf:EXPONENT or hot:SHARE:KEYS; uniform when left out',
  },
  sizes: {
    type: 'string',
    value: 'SIZE:WEIGHT,...',
    description: 'records of several sizes, such as 100B:9,1100B:1; their mean must be message.size',
  },
  sample: { type: 'string', value: 'FILE', description: 'fill plain values with the lines of a file' },
} as const satisfies Readonly<Record<string, OptionSpec>>;

/** Undefined when no option asks for one. Throws USAGE, or FILE_UNREADABLE for the sample. */
export function loadShape(context: CommandContext): LoadShape | undefined {
  const arrivals = stringOption(context, 'arrivals');
  const keys = stringOption(context, 'keys');
  const sizes = stringOption(context, 'sizes');
  const sample = stringOption(context, 'sample');
  if ([arrivals, keys, sizes, sample].every((option) => option === undefined)) return undefined;
  return {
    ...(arrivals === undefined ? {} : { arrivals: processOf(arrivals) }),
    ...(keys === undefined ? {} : { keys: choiceOf(keys) }),
    ...(sizes === undefined ? {} : { sizes: sizesOf(sizes) }),
    ...(sample === undefined ? {} : { samples: readSamples(sample, context.cwd) }),
  };
}

function processOf(text: string): ArrivalProcess {
  const process = arrivalProcesses.find((known) => known === text);
  if (process !== undefined) return process;
  throw refused('arrivals', arrivalProcesses.join(' or '), text, 'poisson');
}

function choiceOf(text: string): KeyChoice {
  const [kind, ...rest] = text.split(':');
  if ((kind === 'none' || kind === 'uniform' || kind === 'roundRobin') && rest.length === 0) return { kind };
  if (kind === 'zipf' && rest.length === 1) {
    const exponent = Number(rest[0]);
    if (exponent > 0 && exponent <= 10) return { kind, exponent };
  }
  if (kind === 'hot' && rest.length === 2) {
    const share = parseRatio(rest[0] ?? '');
    const keys = Number(rest[1]);
    const part = share.ok ? toNumber(share.value) : Number.NaN;
    if (part >= 0 && part <= 1 && Number.isInteger(keys) && keys >= 1) return { kind, share: part, keys };
  }
  const allowed = 'uniform, roundRobin, none, zipf:EXPONENT (above 0, at most 10) or hot:SHARE:KEYS';
  throw refused('keys', allowed, text, 'zipf:1.1 or --keys hot:50%:1');
}

function sizesOf(text: string): readonly SizeShare[] {
  return text.split(',').map((part) => {
    const [sizeText = '', weightText = '', ...rest] = part.split(':');
    const size = parseSize(sizeText.trim());
    const weight = Number(weightText);
    if (size.ok && size.value > 0 && weightText.trim() !== '' && weight > 0 && weight < 1e9 && rest.length === 0) {
      return { bytes: size.value, weight };
    }
    throw refused('sizes', 'sizes with a weight above 0, SIZE:WEIGHT,...', text, '100B:9,1100B:1');
  });
}

function readSamples(path: string, cwd: string): readonly Uint8Array[] {
  let text: string;
  try {
    text = readFileSync(resolve(cwd, path), 'utf8');
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw new HeadroomError('FILE_UNREADABLE', `--sample: ${path} cannot be read (${code})`, {
      hint: 'name a text file, one value a line',
      cause,
    });
  }
  const lines = text.split(/\r?\n/).filter((line) => line !== '');
  if (lines.length > 0) return lines.map((line) => new TextEncoder().encode(line));
  throw new HeadroomError('FILE_UNREADABLE', `--sample: ${path} holds no line`, {
    hint: 'name a text file, one value a line',
  });
}

function refused(option: string, expected: string, text: string, example: string): HeadroomError {
  return new HeadroomError('USAGE', `--${option}: expected ${expected}, got "${text}"`, {
    hint: `for instance --${option} ${example}`,
  });
}
