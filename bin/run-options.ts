/** Options of every command that loads a cluster, and how its outcome becomes an exit code. */
import { randomInt } from 'node:crypto';
import { join, resolve } from 'node:path';
import { allDrivers, defaultDriver, driverByName } from '../bench/drivers/index.ts';
import type { ProveOptions } from '../bench/prove.ts';
import { type ExitCode, exitCodes } from '../lib/errors.ts';
import type { Outcome } from '../lib/verdict/types.ts';
import { type CommandContext, integerOption, type OptionSpec, stringOption } from './command.ts';
import { loadShape, shapeOptionSpecs } from './load-shape.ts';

export const exitCodeOf: Readonly<Record<Outcome, ExitCode>> = {
  met: exitCodes.met,
  notMet: exitCodes.notMet,
  inconclusive: exitCodes.inconclusive,
};

/** Which cluster, by whom, and with what records. */
export const runOptionSpecs = {
  bootstrap: {
    type: 'string',
    value: 'HOST:PORT,...',
    description: 'an existing cluster; left out: a local one of its own, gone afterwards',
  },
  'cluster-arn': {
    type: 'string',
    value: 'ARN',
    description: 'an MSK cluster: AWS tells its brokers, and it must be the one planned',
  },
  'cluster-id': { type: 'string', value: 'ID', description: 'pins the existing cluster; needed with --bootstrap' },
  'client-config': {
    type: 'string',
    value: 'FILE',
    description: 'Kafka client settings for TLS, SASL or AWS IAM, see docs/security.md',
  },
  shared: { type: 'boolean', description: 'load an existing cluster although others use it' },
  driver: {
    type: 'string',
    value: 'NAME',
    description: `client library: ${allDrivers.map(({ name }) => name).join(', ')}; ${defaultDriver.name} when left out`,
  },
  ...shapeOptionSpecs,
  seed: { type: 'string', value: 'N', description: 'repeats the choices of another run; it is in environment.json' },
} as const satisfies Readonly<Record<string, OptionSpec>>;

/** What is printed, and where the results go. */
export const resultOptionSpecs = {
  out: { type: 'string', value: 'DIR', description: 'where the results go; results/ when left out' },
  json: { type: 'boolean', description: 'print the verdict and the paths as JSON' },
} as const satisfies Readonly<Record<string, OptionSpec>>;

const highestSeed = 2 ** 32 - 1;

/** What the options above say of a run. Throws USAGE. */
export function runOptions(context: CommandContext): Omit<ProveOptions, 'plan' | 'useCaseText' | 'target' | 'lengths'> {
  const shape = loadShape(context);
  return {
    ...(shape === undefined ? {} : { shape }),
    driver: driverByName(stringOption(context, 'driver') ?? defaultDriver.name),
    seed: integerOption(context, 'seed', { min: 0, max: highestSeed, fallback: randomInt(highestSeed) }),
    commandLine: context.commandLine,
    resultsBase: resolve(context.cwd, stringOption(context, 'out') ?? 'results'),
    stateFolder: join(context.cwd, '.headroom'),
    onProgress: context.onProgress,
    signal: context.signal,
    isShared: context.options.shared === true,
  };
}
