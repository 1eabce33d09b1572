/** `headroom plan`: prints the plan of a use case, or compares it with other targets, inputs and prices. */
import { exitCodes, HeadroomError } from '../../lib/errors.ts';
import type { Calibration } from '../../lib/plan/calibration/types.ts';
import { changedPolicy } from '../../lib/plan/capacity/policy-changes.ts';
import type { PriceTable } from '../../lib/plan/facts/prices/price-table.ts';
import { type PlanOptions, planUseCase } from '../../lib/plan/plan.ts';
import { renderPlan } from '../../lib/plan/text.ts';
import type { Requirements } from '../../lib/requirements/types.ts';
import { type Command, type CommandContext, stringOption } from '../command.ts';
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
    policy: {
      type: 'string',
      value: 'CHANGES',
      description: 'choose by other limits, such as comfortableBrokers=60,priceTolerance=20%,cpu=50%/80%',
    },
    calibration: {
      type: 'string',
      value: 'FILE',
      description: 'what headroom calibrate measured: CPU by it for instances of that family, beside it for others',
    },
    json: { type: 'boolean', description: 'print the same as JSON' },
  },
  notes: 'Exits 0 with warnings listed; headroom lint exits 1 when there are any.',
  examples: [
    'headroom plan examples/course-events.yaml',
    'headroom plan examples/purchase-history.yaml --explain',
    'headroom plan examples/course-events.yaml --targets all',
    'headroom plan examples/course-events.yaml --calibration calibration.json',
    'headroom plan examples/course-events.yaml --what-if peak=x3,retention=14d',
  ],
  async run(context) {
    const [file = ''] = context.positionals;
    const { requirements, placeOf } = readUseCase(file, context.cwd);
    const pricesFile = stringOption(context, 'prices');
    const policy = stringOption(context, 'policy');
    const calibration = stringOption(context, 'calibration');
    const options: PlanOptions = {
      placeOf,
      ...(pricesFile === undefined ? {} : { prices: await pricesOf(pricesFile, context.cwd, requirements) }),
      ...(calibration === undefined ? {} : { calibration: await calibrationOf(calibration, context.cwd) }),
      ...(policy === undefined ? {} : { policy: changedPolicy(policy) }),
    };
    const { value, text } = await answer(context, requirements, options);
    context.stdout(context.options.json === true ? `${JSON.stringify(value, null, 2)}\n` : text);
    return exitCodes.met;
  },
};

interface Answer {
  readonly value: unknown;
  readonly text: string;
}

async function pricesOf(file: string, cwd: string, { cluster }: Requirements): Promise<PriceTable> {
  const { readPrices } = await import('../read-prices.ts');
  return readPrices(file, cwd, cluster.region);
}

async function calibrationOf(file: string, cwd: string): Promise<Calibration> {
  const { readCalibration } = await import('../read-calibration.ts');
  return readCalibration(file, cwd);
}

/** What was asked for, as a value and as text. */
async function answer(context: CommandContext, requirements: Requirements, options: PlanOptions): Promise<Answer> {
  const targets = stringOption(context, 'targets');
  const changes = stringOption(context, 'what-if');
  const sensitivity = context.options.sensitivity === true;
  if (Number(targets !== undefined) + Number(changes !== undefined) + Number(sensitivity) > 1)
    throw new HeadroomError('USAGE', 'plan: --targets, --what-if and --sensitivity were given together', {
      hint: 'ask for one of them at a time',
    });
  if (targets !== undefined || changes !== undefined || sensitivity)
    return compared(requirements, options, { targets, changes });
  const plan = planUseCase(requirements, options);
  return { value: plan, text: renderPlan(plan, { explain: context.options.explain === true }) };
}

/** Comparisons are loaded when they are asked for, so that a plain plan stays quick. */
async function compared(
  requirements: Requirements,
  options: PlanOptions,
  { targets, changes }: { readonly targets: string | undefined; readonly changes: string | undefined },
): Promise<Answer> {
  const { useCase } = requirements;
  const { renderComparison, renderSensitivity, renderWhatIf } = await import('../../lib/plan/compare-text.ts');
  if (targets !== undefined) {
    if (targets !== 'all')
      throw new HeadroomError('USAGE', `plan: --targets: expected all, got "${targets}"`, { hint: '--targets all' });
    const { compareTargets } = await import('../../lib/plan/compare.ts');
    const found = compareTargets(requirements, options);
    return { value: { useCase, targets: found }, text: renderComparison(useCase, found) };
  }
  const { outcomeOf, sensitivityOf } = await import('../../lib/plan/sensitivity.ts');
  if (changes === undefined) {
    const found = sensitivityOf(requirements, options);
    return { value: { useCase, ...found }, text: renderSensitivity(useCase, found) };
  }
  const { whatIf } = await import('../../lib/plan/what-if.ts');
  const outcomes = {
    base: outcomeOf(requirements, options),
    changed: outcomeOf(whatIf(requirements, changes), options),
  };
  return { value: { useCase, change: changes, ...outcomes }, text: renderWhatIf(useCase, changes, outcomes) };
}
