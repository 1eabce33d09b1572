/** `--curve`: a rate that changes over the measured window, as a ramp, as steps, or as a file tells it. */
import type { CurvePoint, WindowCurve } from '../bench/load/window-curve.ts';
import { HeadroomError } from '../lib/errors.ts';
import { formatCount } from '../lib/units.ts';
import { type CommandContext, type OptionSpec, stringOption } from './command.ts';
import { readText } from './read-file.ts';

export const curveOptionSpecs = {
  curve: {
    type: 'string',
    value: 'CURVE',
    description: 'ramp:A:B, step:A:B:..., or a file of SECONDS,RATE lines: how the rate changes around the average',
  },
} as const satisfies Readonly<Record<string, OptionSpec>>;

/** More than a point a second of a day. */
const mostPoints = 100_000;
/** Beyond milliseconds since the epoch and any rate. */
const highest = 1e15;
const faultsShown = 20;
const header = 'seconds,rate';
const fileHint = 'a line is SECONDS,RATE, such as 3600,1500; times rise, two lines of one time are a step';

/** Undefined without the option. Throws USAGE, for a file with every fault in it, or FILE_UNREADABLE. */
export function loadCurve(context: CommandContext): WindowCurve | undefined {
  const text = stringOption(context, 'curve');
  if (text === undefined) return undefined;
  const [kind = '', ...parts] = text.split(':');
  if (kind !== 'ramp' && kind !== 'step') return readCurve(text, context.cwd);
  const rates = parts.map(numberOf);
  const isWhole = kind === 'ramp' ? rates.length === 2 : rates.length >= 2 && rates.length <= mostPoints / 2;
  if (isWhole && rates.every((rate) => rate >= 0) && rates.some((rate) => rate > 0)) {
    return { name: text, points: kind === 'ramp' ? ramp(rates) : steps(rates) };
  }
  throw new HeadroomError(
    'USAGE',
    `--curve: expected ramp:A:B or step:A:B:... with rates from 0 on, not all of them 0, got "${text}"`,
    {
      hint: 'for instance --curve ramp:1:3, which ends at three times the rate that it begins with',
    },
  );
}

function ramp(rates: readonly number[]): readonly CurvePoint[] {
  return rates.map((rate, at) => ({ at, rate }));
}

/** Each as long as the next. */
function steps(rates: readonly number[]): readonly CurvePoint[] {
  return rates.flatMap((rate, at) => [
    { at, rate },
    { at: at + 1, rate },
  ]);
}

function readCurve(path: string, cwd: string): WindowCurve {
  const { points, faults } = parseCurve(readText(path, cwd, fileHint), path);
  if (faults.length === 0) return { name: `${path}, ${formatCount(points.length)} points`, points };
  const shown = faults.slice(0, faultsShown).map((fault) => `  ${fault}`);
  if (faults.length > shown.length) shown.push(`  and ${formatCount(faults.length - shown.length)} more`);
  const count = faults.length === 1 ? 'one fault' : `${formatCount(faults.length)} faults`;
  throw new HeadroomError('USAGE', [`--curve: ${path} is no curve, ${count}`, ...shown].join('\n'), { hint: fileHint });
}

/** Empty lines, lines that begin with # and one header line say nothing. */
function parseCurve(text: string, path: string): { points: readonly CurvePoint[]; faults: readonly string[] } {
  const points: CurvePoint[] = [];
  const faults: string[] = [];
  let mayBeHeader = true;
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const isHeader = mayBeHeader && line.replaceAll(' ', '').toLowerCase() === header;
    mayBeHeader = false;
    if (isHeader) continue;
    const [at = Number.NaN, rate = Number.NaN, ...rest] = line.split(',').map(numberOf);
    const before = points.at(-1);
    if (Number.isNaN(at) || Number.isNaN(rate) || rest.length > 0) {
      faults.push(`${path}:${index + 1}: expected SECONDS,RATE, two plain numbers from 0 to 1e15, got "${line}"`);
    } else if (before !== undefined && at < before.at) {
      faults.push(`${path}:${index + 1}: the time goes back from ${before.at} to ${at}, expected ${before.at} or more`);
    } else points.push({ at, rate });
  }
  if (faults.length > 0) return { points, faults };
  const [first, last] = [points[0], points.at(-1)];
  if (points.length > mostPoints) {
    faults.push(`${path}: ${formatCount(points.length)} points, at most ${formatCount(mostPoints)} are allowed`);
  }
  if (first === undefined || last === undefined || first.at === last.at) {
    faults.push(`${path}: ${formatCount(points.length)} points, expected two or more at different times`);
  } else if (!hasRate(points)) faults.push(`${path}: the rate is 0 all the time, expected a rate above 0`);
  return { points, faults };
}

/** Over some time, not only at a moment. */
function hasRate(points: readonly CurvePoint[]): boolean {
  return points.some(({ at, rate }, index) => {
    const next = points[index + 1];
    return next !== undefined && next.at > at && (rate > 0 || next.rate > 0);
  });
}

/** NaN for what is no plain number from 0 to the highest. */
function numberOf(text: string): number {
  const value = /^\s*\d+(\.\d+)?\s*$/.test(text) ? Number(text) : Number.NaN;
  return value <= highest ? value : Number.NaN;
}
