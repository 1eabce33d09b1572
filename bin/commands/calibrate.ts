/** `headroom calibrate`: measures what the brokers of a machine cost, for `plan` and `report` to reckon with. */
import { access, constants, stat, writeFile } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import { measureCalibration } from '../../bench/calibration/measure.ts';
import { exitCodes, HeadroomError } from '../../lib/errors.ts';
import { cpuChecks } from '../../lib/plan/calibration/cpu-checks.ts';
import { checkRows, renderCalibration } from '../../lib/plan/calibration/text.ts';
import type { Calibration, Observation } from '../../lib/plan/calibration/types.ts';
import { renderTable } from '../../lib/plan/table.ts';
import { formatBytes, formatDurationMs } from '../../lib/units.ts';
import { calibrationOfRuns } from '../calibration-of-runs.ts';
import { type Command, type CommandContext, stringOption } from '../command.ts';
import { proveTarget } from '../prove-target.ts';
import { readCalibration } from '../read-calibration.ts';
import { runOptionSpecs, runOptions } from '../run-options.ts';

const defaultFile = 'calibration.json';
const { bootstrap, 'cluster-arn': arn, 'cluster-id': id, 'client-config': config, shared, seed } = runOptionSpecs;

export const command: Command = {
  name: 'calibrate',
  arguments: '',
  minArguments: 0,
  maxArguments: 0,
  summary: "measure what this machine's brokers cost in CPU and disk, for plan and report to reckon with",
  options: {
    from: {
      type: 'string',
      value: 'DIR',
      multiple: true,
      description: 'take the windows of a finished prove or limit in place of measuring; may be given more than once',
    },
    calibration: {
      type: 'string',
      value: 'FILE',
      description: 'with --from: what was measured before; the runs are compared with it and added to it',
    },
    bootstrap,
    'cluster-arn': arn,
    'cluster-id': id,
    'client-config': config,
    shared,
    seed,
    out: { type: 'string', value: 'FILE', description: `where the calibration goes; ${defaultFile} when left out` },
    json: { type: 'boolean', description: 'print the calibration as JSON' },
  },
  notes: [
    'Loads a local cluster of its own, gone afterwards, or the cluster named, with 11 loads in five rounds (two and a half minutes):',
    'record size x replicas and acks x batch, read by no, one and two groups. Manifest and journal are in results/calibration.',
    'Exits 0 when the CPU was told, 2 when it was not: it can be read of local brokers only. 64 on bad input, 69 when the',
    'cluster cannot be reached, 130 on Ctrl-C; what was created is deleted then, too.',
  ].join('\n'),
  examples: [
    'headroom plan examples/course-events.yaml --calibration calibration.json',
    'headroom calibrate --from results/course-events --calibration calibration.json',
    'headroom calibrate',
  ],
  async run(context) {
    const file = resolve(context.cwd, stringOption(context, 'out') ?? defaultFile);
    await requireWritable(file);
    const { calibration, compared } = await calibrated(context);
    await store(file, calibration);
    if (context.options.json === true) {
      context.stdout(`${JSON.stringify(calibration, null, 2)}\n`);
    } else {
      context.stdout(
        `${[...compared, renderCalibration(calibration)].join('\n')}stored  ${relative(context.cwd, file)}\n`,
      );
    }
    return calibration.cpu === null ? exitCodes.inconclusive : exitCodes.met;
  },
};

interface Calibrated {
  readonly calibration: Calibration;
  /** How an earlier calibration predicts the runs, as lines. */
  readonly compared: readonly string[];
}

async function calibrated(context: CommandContext): Promise<Calibrated> {
  const { from } = context.options;
  const known = stringOption(context, 'calibration');
  if (Array.isArray(from)) {
    requireAlone(context);
    const before = known === undefined ? null : readCalibration(known, context.cwd);
    const { calibration, added } = await calibrationOfRuns(from, before, context.cwd);
    return { calibration, compared: before === null ? [] : [...comparison(before, added), ''] };
  }
  if (known !== undefined) {
    throw new HeadroomError('USAGE', 'calibrate: --calibration goes with --from, and no run is named', {
      hint: `for instance: ${command.examples[2]}`,
    });
  }
  const { calibration } = await measureCalibration({
    ...runOptions(context),
    // --out is the file here.
    resultsBase: resolve(context.cwd, 'results'),
    target: await proveTarget(context, null),
    onEstimate: ({ repeats, durationMs, bytes }) =>
      context.stderr(`${repeats} loads, about ${formatDurationMs(durationMs)}, ${formatBytes(bytes)} written\n`),
  });
  return { calibration, compared: [] };
}

function comparison(before: Calibration, added: readonly Observation[]): readonly string[] {
  if (added.length === 0) return ['nothing to compare: it was made with these runs'];
  return renderTable(checkRows(cpuChecks(before, added)));
}

/** Runs are read, not loaded: options that name a cluster would be ignored. */
function requireAlone({ options }: CommandContext): void {
  const given = ['bootstrap', 'cluster-arn', 'cluster-id', 'client-config', 'shared', 'seed'].filter(
    (name) => options[name] !== undefined,
  );
  if (given.length === 0) return;
  throw new HeadroomError(
    'USAGE',
    `calibrate: --from reads runs, and ${given.map((name) => `--${name}`).join(', ')} names a cluster`,
    {
      hint: 'measure a cluster, or take finished runs, one at a time',
    },
  );
}

/** Asked before anything is measured: minutes of load must not end in a name that cannot be written. */
async function requireWritable(file: string): Promise<void> {
  const isFolder = await stat(file).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (isFolder) throw notWritable(file, 'it is a folder');
  await access(dirname(file), constants.W_OK).catch((cause: unknown) => {
    throw notWritable(file, `its folder does not take files (${codeOf(cause)})`, cause);
  });
}

async function store(file: string, calibration: Calibration): Promise<void> {
  try {
    await writeFile(file, `${JSON.stringify(calibration, null, 2)}\n`);
  } catch (cause) {
    throw notWritable(file, codeOf(cause), cause);
  }
}

function notWritable(file: string, reason: string, cause?: unknown): HeadroomError {
  return new HeadroomError('FILE_UNREADABLE', `${file} cannot be written: ${reason}`, {
    hint: 'name a file that you may write with --out FILE',
    cause,
  });
}

function codeOf(cause: unknown): string {
  return (cause as NodeJS.ErrnoException).code ?? String(cause);
}
