/** `headroom plan`: prints the plan of a use case. */
import { exitCodes } from '../../lib/errors.ts';
import { planUseCase } from '../../lib/plan/plan.ts';
import { renderPlan } from '../../lib/plan/text.ts';
import type { Command } from '../command.ts';
import { readUseCase } from '../read-use-case.ts';

export const command: Command = {
  name: 'plan',
  arguments: 'FILE',
  minArguments: 1,
  maxArguments: 1,
  summary: 'plan topics, settings, storage and brokers for a use case',
  options: {
    explain: { type: 'boolean', description: 'show every figure and default with its formula, inputs and source' },
    json: { type: 'boolean', description: 'print the plan as JSON' },
  },
  notes: 'Exits 0 with warnings listed; headroom lint exits 1 when there are any.',
  examples: ['headroom plan examples/course-events.yaml', 'headroom plan examples/purchase-history.yaml --explain'],
  async run({ positionals, options, stdout, cwd }) {
    const [file = ''] = positionals;
    const plan = planUseCase(readUseCase(file, cwd).requirements);
    stdout(
      options.json === true
        ? `${JSON.stringify(plan, null, 2)}\n`
        : renderPlan(plan, { explain: options.explain === true }),
    );
    return exitCodes.met;
  },
};
