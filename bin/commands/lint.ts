/** `headroom lint`: says what a use case asks for that its own numbers or Kafka cannot keep. */
import { exitCodes } from '../../lib/errors.ts';
import { planUseCase } from '../../lib/plan/plan.ts';
import { renderWarnings } from '../../lib/plan/text.ts';
import type { Command } from '../command.ts';
import { readUseCase } from '../read-use-case.ts';

export const command: Command = {
  name: 'lint',
  arguments: 'FILE',
  minArguments: 1,
  maxArguments: 1,
  summary: 'check a use case for faults and for promises it cannot keep',
  options: {
    json: { type: 'boolean', description: 'print the warnings as JSON' },
  },
  notes: 'Exits 0 without warnings, 1 with any, 64 when the file has faults.',
  examples: ['headroom lint examples/course-events.yaml'],
  async run({ positionals, options, stdout, cwd }) {
    const [file = ''] = positionals;
    const { requirements, placeOf } = readUseCase(file, cwd);
    const { useCase, warnings } = planUseCase(requirements, { placeOf });
    if (options.json === true) stdout(`${JSON.stringify({ useCase, warnings }, null, 2)}\n`);
    else if (warnings.length === 0) stdout(`${useCase}: no warnings\n`);
    else {
      const count = `${warnings.length} ${warnings.length === 1 ? 'warning' : 'warnings'}`;
      stdout(`${useCase}: ${count}\n${renderWarnings(warnings, placeOf)}\n`);
    }
    return warnings.length === 0 ? exitCodes.met : exitCodes.notMet;
  },
};
