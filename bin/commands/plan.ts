/** `headroom plan`: prints the plan of a use case, or compares it with other targets, inputs and prices. */
import { exitCodes, HeadroomError } from '../../lib/errors.ts';
import { compareTargets } from '../../lib/plan/compare.ts';
import { renderComparison, renderSensitivity, renderWhatIf } from '../../lib/plan/compare-text.ts';
import { type PlanOptions, planUseCase } from '../../lib/plan/plan.ts';
import { outcomeOf, sensitivityOf } from '../../lib/plan/sensitivity.ts';
import { renderPlan } from '../../lib/plan/text.ts';
import { whatIf } from '../../lib/plan/what-if.ts';
import type { Requirements } from '../../lib/requirements/types.ts';
import { type Command, type CommandContext, stringOption } from '../command.ts';
import { readPrices } from '../read-prices.ts';
import { readUseCase } from '../read-use-case.ts';

export const command: Command = {
  name: 'plan',
  arguments: 'FILE',
  minArguments: 1,
  maxArguments: 1,
  summary: 'plan topics, settings, storage, brokers and their cost for a use case',
  options: {
    explain: { type: 'boolean', description: 'show every figure and default with its formula, inputs and source' },
    targets: { type: 'string', value: 'all', description: 'compare the use case on every target' },
    'what-if': {
      type: 'string',
      value: 'CHANGES',
      description: 'plan again with figures changed, such as peak=x3,retention=14d',
    },
    sensitivity: { type: 'boolean', description: 'show which input moves the result most' },
    prices: {
      type: 'string',
      value: 'PRICES',
      description: 'JSON or YAML file of prices in place of those carried for the region',
    },
    json: { type: 'boolean', description: 'print the same as JSON' },
  },
  notes: 'Exits 0 with warnings listed; headroom lint exits 1 when there are any.',
  examples: [
    'headroom plan examples/course-events.yaml',
    'headroom plan examples/purchase-history.yaml --explain',
    'headroom plan examples/course-events.yaml --targets all',
    'headroom plan examples/course-events.yaml --what-if peak=x3,retention=14d',
  ],
  async run(context) {
    const [file = ''] = context.positionals;
    const { requirements } = readUseCase(file, context.cwd);
    const pricesFile = stringOption(context, 'prices');
    const options: PlanOptions =
      pricesFile === undefined ? {} : { prices: readPrices(pricesFile, context.cwd, requirements.cluster.region) };
    const { value, text } = answer(context, requirements, options);
    context.stdout(context.options.json === true ? `${JSON.stringify(value, null, 2)}\n` : text);
    return exitCodes.met;
  },
};

/** What was asked for, as a value and as text. */
function answer(
  context: CommandContext,
  requirements: Requirements,
  options: PlanOptions,
): { readonly value: unknown; readonly text: string } {
  const { useCase } = requirements;
  const targets = stringOption(context, 'targets');
  const changes = stringOption(context, 'what-if');
  const sensitivity = context.options.sensitivity === true;
  if (Number(targets !== undefined) + Number(changes !== undefined) + Number(sensitivity) > 1)
    throw new HeadroomError('USAGE', 'plan: --targets, --what-if and --sensitivity were given together', {
      hint: 'ask for one of them at a time',
    });
  if (targets !== undefined) {
    if (targets !== 'all')
      throw new HeadroomError('USAGE', `plan: --targets: expected all, got "${targets}"`, { hint: '--targets all' });
    const compared = compareTargets(requirements, options);
    return { value: { useCase, targets: compared }, text: renderComparison(useCase, compared) };
  }
  if (changes !== undefined) {
    const outcomes = {
      base: outcomeOf(requirements, options),
      changed: outcomeOf(whatIf(requirements, changes), options),
    };
    return { value: { useCase, change: changes, ...outcomes }, text: renderWhatIf(useCase, changes, outcomes) };
  }
  if (sensitivity) {
    const found = sensitivityOf(requirements, options);
    return { value: { useCase, ...found }, text: renderSensitivity(useCase, found) };
  }
  const plan = planUseCase(requirements, options);
  return { value: plan, text: renderPlan(plan, { explain: context.options.explain === true }) };
}
