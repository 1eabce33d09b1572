/** `headroom bench`: measures what settings do, side by side on one cluster. */
import { join, relative, resolve } from 'node:path';
import { planExperiment } from '../../bench/experiment/plan-experiment.ts';
import { runExperiment } from '../../bench/experiment/run-experiment.ts';
import { scenarios } from '../../bench/scenarios/index.ts';
import type { Scenario } from '../../bench/scenarios/scenario.ts';
import { exitCodes, HeadroomError } from '../../lib/errors.ts';
import { leastRounds } from '../../lib/experiment/compare.ts';
import { readFactors } from '../../lib/experiment/factors.ts';
import type { Factor } from '../../lib/experiment/types.ts';
import { nearest } from '../../lib/nearest.ts';
import { planUseCase } from '../../lib/plan/plan.ts';
import type { Plan, TopicPlan } from '../../lib/plan/types.ts';
import { renderExperimentText } from '../../lib/report/experiment/text.ts';
import { renderScenarioText } from '../../lib/report/scenario/text.ts';
import { formatBytes, formatDurationMs } from '../../lib/units.ts';
import { benchDrivers } from '../bench-drivers.ts';
import { type Command, type CommandContext, durationMsOption, integerOption, stringOption } from '../command.ts';
import { completeExperiment } from '../complete-experiment.ts';
import { completeScenario } from '../complete-scenario.ts';
import { proveTarget } from '../prove-target.ts';
import { readUseCase } from '../read-use-case.ts';
import { resultOptionSpecs, runOptionSpecs, runOptions } from '../run-options.ts';

const defaultRounds = 9;
const mostRounds = 100;
const defaultMeasureMs = 2_000;
const warmUpMs = 500;
const defaultBudgetMs = 15 * 60_000;

export const command: Command = {
  name: 'bench',
  arguments: 'drivers | [SCENARIO] FILE',
  minArguments: 1,
  maxArguments: 2,
  summary: 'measure what settings do to the load of a use case, side by side on one cluster',
  options: {
    vary: {
      type: 'string',
      value: 'SETTING=A,B,...',
      multiple: true,
      description:
        'a producer, consumer or topic setting, driver, partitioner, entropy, rate, ...; the first value is compared with',
    },
    'one-at-a-time': { type: 'boolean', description: 'change one setting at a time instead of every combination' },
    topic: { type: 'string', value: 'NAME', description: 'whose load; the topic with the highest peak when left out' },
    rounds: {
      type: 'string',
      value: 'N',
      description: `interleaved repeats; ${defaultRounds} when left out, fewer than ${leastRounds} tell no difference`,
    },
    measure: { type: 'string', value: 'TIME', description: 'measured window of each repeat; 2s when left out' },
    budget: { type: 'string', value: 'TIME', description: 'refuse to start what takes longer; 15min when left out' },
    resume: { type: 'string', value: 'DIR', description: 'go on with a stopped experiment; finished repeats are kept' },
    ...runOptionSpecs,
    ...resultOptionSpecs,
  },
  notes: [
    'drivers compares the client libraries, the engine and the tools of Java on a local cluster of its own (10 min; takes',
    '--rounds and --json only).',
    'scenarios, each in 90 s:',
    ...Object.entries(scenarios).map(([name, { question }]) => `  ${name.padEnd(12)} ${question}`),
    '',
    'What they found on one small machine: docs/experiments.',
    '',
    'Combinations that break a rule of Kafka are named and not run. Exits 0 with an answer, 2 when there is none,',
    '64 on bad input, 69 when the cluster cannot be reached, 130 on Ctrl-C; go on then with --resume.',
  ].join('\n'),
  examples: [
    'headroom bench acks examples/course-events.yaml',
    'headroom bench drivers --json',
    'headroom bench examples/course-events.yaml --vary linger.ms=0,5 --vary batch.size=16384,65536 --measure 1s --budget 5min',
  ],
  async run(context) {
    if (context.positionals.join() === 'drivers') return await benchDrivers(context);
    const scenario = scenarioOf(context);
    const { text, requirements, placeOf } = readUseCase(context.positionals.at(-1) ?? '', context.cwd);
    const plan = planUseCase(requirements, { placeOf });
    const topic = topicOf(context, plan);
    const factors = factorsOf(context, scenario);
    const options = runOptions(context);
    const { spec, estimate } = planExperiment({
      plan,
      topic,
      question: scenario?.question ?? `what do ${factors.map(({ name }) => name).join(', ')} do to ${topic.name}?`,
      factors,
      grid: context.options['one-at-a-time'] === true ? 'oneAtATime' : (scenario?.grid?.kind ?? 'full'),
      ...(scenario?.trial === undefined ? {} : { trial: scenario.trial }),
      driver: options.driver,
      lengths: {
        rounds: integerOption(context, 'rounds', {
          min: 1,
          max: mostRounds,
          fallback: scenario?.grid?.rounds ?? defaultRounds,
        }),
        warmUpMs,
        measureMs:
          durationMsOption(context, 'measure', { min: 500, max: 600_000, example: '2s' }) ??
          scenario?.grid?.measureMs ??
          defaultMeasureMs,
      },
      seed: options.seed,
      ...(options.shape === undefined ? {} : { shape: options.shape }),
      budgetMs:
        durationMsOption(context, 'budget', { min: 1_000, max: 864_000_000, example: '30min' }) ?? defaultBudgetMs,
    });
    const target = await proveTarget(context, plan);
    const grid = spec.cells.length === 0 ? '' : `${estimate.repeats} repeats in ${spec.cells.length} cells, `;
    context.stderr(`${grid}about ${formatDurationMs(estimate.durationMs)}, ${formatBytes(estimate.bytes)} written\n`);
    const resume = stringOption(context, 'resume');
    const run = await runExperiment({
      ...options,
      spec,
      target,
      useCaseText: text,
      resume: resume === undefined ? null : resolve(context.cwd, resume),
    });
    if (scenario !== null) {
      const result = await completeScenario({ name: context.positionals[0] ?? '', ...scenario }, spec, run);
      print(context, result, renderScenarioText(result), run.folder.path);
      return result.answer.outcome === 'answered' ? exitCodes.met : exitCodes.inconclusive;
    }
    const result = await completeExperiment(spec, run);
    print(context, result, renderExperimentText(result), run.folder.path);
    return result.analysis.recommendation.cell === null ? exitCodes.inconclusive : exitCodes.met;
  },
};

function print({ options, stdout, cwd }: CommandContext, result: object, text: string, folder: string): void {
  const report = join(folder, 'report.html');
  stdout(
    options.json === true
      ? `${JSON.stringify({ ...result, paths: { results: folder, report } }, null, 2)}\n`
      : `${text}\nreport  ${relative(cwd, report)}\n`,
  );
}

/** Null when the user states the settings himself. */
function scenarioOf({ positionals, options }: CommandContext): Scenario | null {
  const [name = ''] = positionals;
  if (positionals.length < 2) return null;
  const scenario = Object.hasOwn(scenarios, name) ? scenarios[name] : undefined;
  const known = Object.keys(scenarios);
  if (scenario === undefined) {
    const near = nearest(name, known);
    throw new HeadroomError('USAGE', `bench: "${name}" is no scenario, expected one of ${known.join(', ')}`, {
      hint: near === null ? 'a scenario of your own: headroom bench FILE --vary SETTING=A,B' : `did you mean ${near}?`,
    });
  }
  const fixed =
    scenario.grid === undefined ? ['vary', 'one-at-a-time', 'rounds', 'measure'] : ['vary', 'one-at-a-time'];
  const given = fixed.filter((option) => options[option] !== undefined).map((option) => `--${option}`);
  if (given.length > 0) {
    throw new HeadroomError('USAGE', `bench: the scenario ${name} is fixed and takes no ${given.join(', ')}`, {
      hint: `leave the name of the scenario out, or ${given.join(', ')}`,
    });
  }
  return scenario;
}

function factorsOf(context: CommandContext, scenario: Scenario | null): readonly Factor[] {
  const texts = scenario === null ? context.options.vary : scenario.grid?.vary;
  const { factors, faults } = readFactors(Array.isArray(texts) ? texts : []);
  if (scenario === null && factors.length === 0 && faults.length === 0) {
    throw new HeadroomError('USAGE', 'bench: nothing to vary, expected at least one --vary SETTING=A,B', {
      hint: 'for instance --vary acks=all,1,0',
    });
  }
  if (faults.length > 0) {
    const listed = faults.map((fault) => `  ${fault}`);
    throw new HeadroomError(
      'USAGE',
      [`--vary has ${faults.length === 1 ? 'one fault' : `${faults.length} faults`}`, ...listed].join('\n'),
      {
        hint: 'nothing was started or written',
      },
    );
  }
  return factors;
}

function topicOf(context: CommandContext, { topics, useCase }: Plan): TopicPlan {
  const name = stringOption(context, 'topic');
  const busiest = topics.toSorted((a, b) => b.load.peakPerSec - a.load.peakPerSec)[0];
  const found = name === undefined ? busiest : topics.find((topic) => topic.name === name);
  if (found !== undefined) return found;
  throw new HeadroomError('USAGE', `--topic: ${useCase} has no topic "${name}"`, {
    hint: `its topics are ${topics.map((topic) => topic.name).join(', ')}`,
  });
}
