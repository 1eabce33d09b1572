/** `headroom prove`: the main job. Loads a real cluster with the use case and judges each requirement. */
import { randomInt } from 'node:crypto';
import { join, relative, resolve } from 'node:path';
import { defaultDriver, driverByName, drivers } from '../../bench/drivers/index.ts';
import { defaultMetricsPort, startMetricServer } from '../../bench/metrics/metric-server.ts';
import { type Proof, type ProveOptions, prove } from '../../bench/prove.ts';
import { runLengths } from '../../bench/run-lengths.ts';
import { type ExitCode, exitCodes, HeadroomError } from '../../lib/errors.ts';
import { planUseCase } from '../../lib/plan/plan.ts';
import { toNumber } from '../../lib/rational.ts';
import { renderText } from '../../lib/report/text.ts';
import type { Run } from '../../lib/report/types.ts';
import { parseDurationMs } from '../../lib/units.ts';
import type { Outcome } from '../../lib/verdict/types.ts';
import { type Command, type CommandContext, integerOption, stringOption } from '../command.ts';
import { judgeRun } from '../judge-run.ts';
import { proveTarget } from '../prove-target.ts';
import { readUseCase } from '../read-use-case.ts';

const highestSeed = 2 ** 32 - 1;
const shortestMeasureMs = 2_000;
const longestMeasureMs = 600_000;

const exitCodeOf: Readonly<Record<Outcome, ExitCode>> = {
  met: exitCodes.met,
  notMet: exitCodes.notMet,
  inconclusive: exitCodes.inconclusive,
};

export const command: Command = {
  name: 'prove',
  arguments: 'FILE',
  minArguments: 1,
  maxArguments: 1,
  summary: 'load a real cluster with a use case and judge every requirement',
  options: {
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
      description: `client library: ${drivers.map(({ name }) => name).join(', ')}; ${defaultDriver.name} when left out`,
    },
    seed: { type: 'string', value: 'N', description: 'repeats the choices of another run; it is in environment.json' },
    measure: { type: 'string', value: 'TIME', description: 'measured window of each phase, such as 20s' },
    'no-trade-off': { type: 'boolean', description: 'leave out the comparison of acks and idempotence (52 s)' },
    'no-retention': { type: 'boolean', description: 'leave out the retention on disk (12 s)' },
    'metrics-port': {
      type: 'string',
      value: 'P',
      description: 'tell Prometheus of the run on 127.0.0.1:P/metrics while it lasts',
    },
    out: { type: 'string', value: 'DIR', description: 'where the results go; results/ when left out' },
    json: { type: 'boolean', description: 'print the verdict and the paths as JSON' },
  },
  notes: [
    'Exits 0 when everything asked for is met, 1 when something is not, 2 when something is inconclusive, 64 on bad input,',
    '69 when the cluster cannot be reached, 130 on Ctrl-C. An existing cluster is loaded at the peak rate of the use case;',
    "the run's topics carry a prefix of their own, and nothing else is touched.",
  ].join('\n'),
  examples: [
    'headroom prove examples/course-events.yaml',
    'headroom prove examples/failing.yaml --no-trade-off --seed 7',
  ],
  async run(context) {
    const file = context.positionals[0] ?? '';
    const { text, requirements, placeOf } = readUseCase(file, context.cwd);
    const plan = planUseCase(requirements, { placeOf });
    const target = await proveTarget(context, plan);
    const options = proveOptions(context, { plan, useCaseText: text, target });
    const proof = await proveWatched(context, options);
    const run = await judgeRun(requirements, plan, proof);
    print(context, run, proof.folder.path);
    return exitCodeOf[run.verdict.outcome];
  },
};

/** Serves the run's metrics while it lasts when they are asked for. */
async function proveWatched(context: CommandContext, options: ProveOptions): Promise<Proof> {
  if (stringOption(context, 'metrics-port') === undefined) return await prove(options);
  const port = integerOption(context, 'metrics-port', { min: 1_024, max: 65_535, fallback: defaultMetricsPort });
  const server = await startMetricServer({ port, slo: options.plan.slo });
  try {
    return await prove({ ...options, observer: server.observer });
  } finally {
    await server.close();
  }
}

function proveOptions(
  context: CommandContext,
  { plan, useCaseText, target }: Pick<ProveOptions, 'plan' | 'useCaseText' | 'target'>,
): ProveOptions {
  return {
    plan,
    useCaseText,
    target,
    driver: driverByName(stringOption(context, 'driver') ?? defaultDriver.name),
    seed: integerOption(context, 'seed', { min: 0, max: highestSeed, fallback: randomInt(highestSeed) }),
    lengths: runLengths({
      measureMs: measureMs(context),
      tradeOff: context.options['no-trade-off'] !== true,
      retention: context.options['no-retention'] !== true,
    }),
    commandLine: context.commandLine,
    resultsBase: resolve(context.cwd, stringOption(context, 'out') ?? 'results'),
    stateFolder: join(context.cwd, '.headroom'),
    onProgress: context.onProgress,
    signal: context.signal,
    isShared: context.options.shared === true,
  };
}

function measureMs(context: CommandContext): number | null {
  const text = stringOption(context, 'measure');
  if (text === undefined) return null;
  const parsed = parseDurationMs(text);
  const milliseconds = parsed.ok ? toNumber(parsed.value) : Number.NaN;
  if (milliseconds >= shortestMeasureMs && milliseconds <= longestMeasureMs) return milliseconds;
  throw new HeadroomError('USAGE', `--measure: expected a duration from 2s to 10min, got "${text}"`, {
    hint: 'for instance --measure 20s',
  });
}

function print({ options, stdout, cwd }: CommandContext, run: Run, folder: string): void {
  const report = join(folder, 'report.html');
  stdout(
    options.json === true
      ? `${JSON.stringify({ ...run.verdict, paths: { results: folder, report } }, null, 2)}\n`
      : `${renderText(run)}\nreport  ${relative(cwd, report)}\n`,
  );
}
