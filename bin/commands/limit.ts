/** `headroom limit`: the highest rate that a cluster sustains under the objectives of a use case, and what keeps it from more. */
import { join, relative } from 'node:path';
import { limitSettings } from '../../bench/limit/settings.ts';
import { prove } from '../../bench/prove.ts';
import { limitLengths } from '../../bench/run-lengths.ts';
import { HeadroomError } from '../../lib/errors.ts';
import { notSeenIn } from '../../lib/measurement/limit/seen.ts';
import { planUseCase } from '../../lib/plan/plan.ts';
import type { Plan } from '../../lib/plan/types.ts';
import { toNumber } from '../../lib/rational.ts';
import { renderText } from '../../lib/report/text.ts';
import type { Run } from '../../lib/report/types.ts';
import { parseRate, parseRatio } from '../../lib/units.ts';
import { type Command, type CommandContext, durationMsOption, stringOption } from '../command.ts';
import { judgeRun } from '../judge-run.ts';
import { loadWorkers, workerOptionSpecs } from '../load-workers.ts';
import { proveTarget } from '../prove-target.ts';
import { readUseCase } from '../read-use-case.ts';
import { exitCodeOf, resultOptionSpecs, runOptionSpecs, runOptions } from '../run-options.ts';

export const command: Command = {
  name: 'limit',
  arguments: 'FILE',
  minArguments: 1,
  maxArguments: 1,
  summary: 'find the highest rate that a cluster sustains under the objectives of a use case',
  options: {
    from: { type: 'string', value: 'RATE', description: 'lowest rate tried, all topics together; a tenth of the peak' },
    to: { type: 'string', value: 'RATE', description: 'highest rate tried; 1000000/s when left out' },
    time: { type: 'string', value: 'TIME', description: 'load at most this long, 20s to 1h; 2min when left out' },
    resolution: {
      type: 'string',
      value: 'RATIO',
      description: 'how near the answer comes, 1% to 50%; 5% when left out',
    },
    ...workerOptionSpecs,
    ...runOptionSpecs,
    ...resultOptionSpecs,
  },
  notes: [
    'A rate is sustained when 99.5 % of it is acknowledged without an error, lag does not grow, and every objective of slo holds.',
    'Exits 0 when the peak of the use case is sustained, 1 when it is not, 2 when the search cannot tell, as when the generator',
    'was the limit; 64 on bad input, 69 when the cluster cannot be reached, 130 on Ctrl-C. An existing cluster is loaded',
    "beyond its limit; the run's topics carry a prefix of their own, and nothing else is touched.",
  ].join('\n'),
  examples: ['headroom limit examples/course-events.yaml', 'headroom limit examples/course-events.yaml --to 20000/s'],
  async run(context) {
    const { text, requirements, placeOf } = readUseCase(context.positionals[0] ?? '', context.cwd);
    const plan = planUseCase(requirements, { placeOf });
    const settings = limitSettings(plan, {
      fromPerSec: rateOption(context, 'from', plan),
      toPerSec: rateOption(context, 'to', plan),
      budgetMs: durationMsOption(context, 'time', { example: '5min' }),
      resolution: ratioOption(context, 'resolution'),
    });
    const target = await proveTarget(context, plan);
    const lengths = limitLengths(settings);
    const workers = loadWorkers(context);
    const proof = await prove({
      ...runOptions(context),
      ...(workers === undefined ? {} : { workers }),
      plan,
      useCaseText: text,
      target,
      lengths,
    });
    const run = await judgeRun(requirements, plan, proof);
    print(context, run, proof.folder.path);
    return exitCodeOf[run.verdict.outcome];
  },
};

/** Bytes are made records by the mean size of the use case's messages. */
function rateOption(context: CommandContext, name: string, { topics }: Plan): number | null {
  const text = stringOption(context, name);
  if (text === undefined) return null;
  const parsed = parseRate(text);
  if (!parsed.ok) throw refused(name, parsed.expected, text);
  if (parsed.value.kind === 'records') return toNumber(parsed.value.perSec);
  const peakPerSec = topics.reduce((sum, { load }) => sum + load.peakPerSec, 0);
  const peakBytes = topics.reduce((sum, { load }) => sum + load.peakPerSec * load.messageSizeBytes, 0);
  return (toNumber(parsed.value.bytesPerSec) * peakPerSec) / peakBytes;
}

function ratioOption(context: CommandContext, name: string): number | null {
  const text = stringOption(context, name);
  if (text === undefined) return null;
  const parsed = parseRatio(text);
  if (!parsed.ok) throw refused(name, parsed.expected, text);
  return toNumber(parsed.value);
}

function refused(option: string, expected: string, text: string): HeadroomError {
  return new HeadroomError('USAGE', `--${option}: expected ${expected}, got "${text}"`, {
    hint: `for instance: ${command.examples[1]}`,
  });
}

function print({ options, stdout, cwd }: CommandContext, run: Run, folder: string): void {
  const report = join(folder, 'report.html');
  stdout(
    options.json === true
      ? `${JSON.stringify({ ...run.verdict, limit: brief(run), paths: { results: folder, report } }, null, 2)}\n`
      : `${renderText(run)}\nreport  ${relative(cwd, report)}\n`,
  );
}

/** Without the histograms and series of the probes, which are in measurement.json. */
export function brief({ measurement: { limit } }: Run) {
  if (limit === undefined) return null;
  const probes = limit.probes.map(({ purpose, ratePerSec, sustained, misses }) => ({
    purpose,
    ratePerSec,
    sustained,
    misses,
  }));
  return { ...limit, notSeen: notSeenIn(limit.probes), probes };
}
