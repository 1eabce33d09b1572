/** `headroom prove`: the main job. Loads a real cluster with the use case and judges each requirement. */
import { join, relative } from 'node:path';
import type { LoadWorkers, ProveOptions } from '../../bench/prove.ts';
import { runLengths } from '../../bench/run-lengths.ts';
import { HeadroomError } from '../../lib/errors.ts';
import { planUseCase } from '../../lib/plan/plan.ts';
import { renderText } from '../../lib/report/text.ts';
import type { Run } from '../../lib/report/types.ts';
import type { Requirements } from '../../lib/requirements/types.ts';
import { cleanUpRuns } from '../clean-up-runs.ts';
import { type Command, type CommandContext, durationMsOption, stringOption } from '../command.ts';
import { judgeRun } from '../judge-run.ts';
import { curveOptionSpecs, loadCurve } from '../load-curve.ts';
import { loadWorkers, workerOptionSpecs } from '../load-workers.ts';
import { type NightlyHooks, overnight, type Proven } from '../nightly.ts';
import { proveTarget } from '../prove-target.ts';
import { proveWatched } from '../prove-watched.ts';
import { readUseCase, type UseCaseSource } from '../read-use-case.ts';
import { exitCodeOf, resultOptionSpecs, runOptionSpecs, runOptions } from '../run-options.ts';
import { loadFactor, scaledLoad } from '../scaled-load.ts';

const shortestMeasureMs = 2_000;
const longestMeasureMs = 600_000;

export const command: Command = {
  name: 'prove',
  arguments: 'FILE',
  minArguments: 1,
  maxArguments: 1,
  summary: 'load a real cluster with a use case and judge every requirement',
  options: {
    ...runOptionSpecs,
    ...workerOptionSpecs,
    measure: { type: 'string', value: 'TIME', description: 'measured window of each phase, such as 20s' },
    'no-trade-off': { type: 'boolean', description: 'leave out the comparison of acks and idempotence (52 s)' },
    'no-retention': { type: 'boolean', description: 'leave out the retention on disk (12 s)' },
    'catch-up': { type: 'boolean', description: 'measure how groups drain the backlog of an outage (15 s a topic)' },
    'metrics-port': {
      type: 'string',
      value: 'P',
      description: 'tell Prometheus of the run on 127.0.0.1:P/metrics while it lasts',
    },
    'metrics-push': {
      type: 'string',
      value: 'URL',
      description: 'push the same to a Pushgateway every 5 s, and once at the end',
    },
    ...curveOptionSpecs,
    load: { type: 'string', value: 'xN', description: 'drive N times the rates of the use case on the same plan' },
    nightly: {
      type: 'boolean',
      description: 'for a cron line or any CI: stages with the time, an outcome.json whatever happens',
    },
    upload: {
      type: 'string',
      value: 'S3-URL',
      description: 'with --nightly: everything goes to s3://bucket/prefix too',
    },
    'clean-up': {
      type: 'string',
      value: 'PLACE',
      description: 'run nothing: delete what the runs under a folder or s3://bucket/prefix left on the cluster',
    },
    ...resultOptionSpecs,
  },
  notes: [
    'Exits 0 when everything asked for is met, 1 when something is not, 2 when something is inconclusive, 64 on bad input,',
    '69 when the cluster cannot be reached, 130 on Ctrl-C. An existing cluster is loaded at the peak rate of the use case;',
    "the run's topics carry a prefix of their own, and nothing else is touched. At night: docs/nightly.md",
  ].join('\n'),
  examples: [
    'headroom prove examples/course-events.yaml',
    'headroom prove examples/failing.yaml --no-trade-off --seed 7',
  ],
  async run(context) {
    const file = context.positionals[0] ?? '';
    const useCase = readUseCase(file, context.cwd);
    const place = stringOption(context, 'clean-up');
    // Whatever became of the cluster since, what a run left on it is to be deleted.
    if (place !== undefined) return await cleanUpRuns(context, place, await proveTarget(context, null));
    if (context.options.nightly !== true) {
      refuseNightly(context);
      return (await proveOnce(context, useCase, null)).exitCode;
    }
    return await overnight(context, {
      useCase: useCase.requirements.useCase,
      target: () => proveTarget(context, null),
      prove: (watched, hooks) => proveOnce(watched, useCase, hooks),
    });
  },
};

function refuseNightly({ options }: CommandContext): void {
  if (options.upload === undefined) return;
  throw new HeadroomError('USAGE', '--upload belongs to a nightly run', { hint: 'add --nightly' });
}

async function proveOnce(context: CommandContext, useCase: UseCaseSource, hooks: NightlyHooks | null): Promise<Proven> {
  const planned = planUseCase(useCase.requirements, { placeOf: useCase.placeOf });
  const factor = loadFactor(stringOption(context, 'load'));
  const { requirements, plan } = scaledLoad(useCase.requirements, planned, factor);
  const target = await proveTarget(context, plan);
  const options = {
    ...proveOptions(context, requirements, { plan, useCaseText: useCase.text, target }),
    ...hooks?.prove,
  };
  refuseUnseen(context, options.workers);
  const proof = await proveWatched(context, options);
  const run = await judgeRun(requirements, plan, proof);
  print(context, run, proof.folder.path);
  return { exitCode: exitCodeOf[run.verdict.outcome], run, folder: proof.folder.path };
}

function proveOptions(
  context: CommandContext,
  requirements: Requirements,
  { plan, useCaseText, target }: Pick<ProveOptions, 'plan' | 'useCaseText' | 'target'>,
): ProveOptions {
  const curve = loadCurve(context);
  const workers = loadWorkers(context);
  return {
    ...runOptions(context),
    ...(curve === undefined ? {} : { curve }),
    ...(workers === undefined ? {} : { workers }),
    plan,
    useCaseText,
    target,
    lengths: runLengths({
      measureMs: durationMsOption(context, 'measure', {
        min: shortestMeasureMs,
        max: longestMeasureMs,
        example: '20s',
      }),
      tradeOff: context.options['no-trade-off'] !== true,
      retention: context.options['no-retention'] !== true,
      ...(context.options['catch-up'] === true ? { catchUp: catchUpTopics(requirements) } : {}),
    }),
  };
}

/** Metrics are told by the process that drives the load. */
function refuseUnseen({ options }: CommandContext, workers: LoadWorkers | undefined): void {
  const asked = ['metrics-port', 'metrics-push'].find((name) => options[name] !== undefined);
  if (workers === undefined || asked === undefined) return;
  throw new HeadroomError('USAGE', `--${asked} shows a load of one process, and --workers ${workers.count} have it`, {
    hint: 'leave one of them out; the report shows every second of the load either way',
  });
}

/** Those with a consumer that states how it catches up. Throws USAGE when none does. */
function catchUpTopics({ topics }: Requirements): readonly string[] {
  const found = topics.filter(({ consumers }) => consumers.some(({ catchUp }) => catchUp !== null));
  if (found.length > 0) return found.map(({ name }) => name);
  throw new HeadroomError('USAGE', '--catch-up: no consumer of the use case states catchUp', {
    hint: 'add catchUp: { outage: 1h, within: 30m } to a consumer, or leave --catch-up out',
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
