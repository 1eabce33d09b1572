/** The same use case and the same plan under more or less load: partitions, brokers and settings stay, the rates change. */
import { HeadroomError } from '../lib/errors.ts';
import type { Plan } from '../lib/plan/types.ts';
import { whatIf } from '../lib/plan/what-if.ts';
import type { Requirements } from '../lib/requirements/types.ts';

/** `x1.5` as a number. Throws USAGE. */
export function loadFactor(text: string | undefined): number {
  if (text === undefined) return 1;
  const factor = /^x\d+(\.\d+)?$/.test(text) ? Number(text.slice(1)) : Number.NaN;
  if (factor > 0 && factor <= 1_000) return factor;
  throw new HeadroomError('USAGE', `--load: expected a factor from x0.001 to x1000, got "${text}"`, {
    hint: 'for instance --load x1.5',
  });
}

export function scaledLoad(
  requirements: Requirements,
  plan: Plan,
  factor: number,
): { requirements: Requirements; plan: Plan } {
  if (factor === 1) return { requirements, plan };
  const topics = plan.topics.map((topic) => ({
    ...topic,
    load: {
      ...topic.load,
      averagePerSec: topic.load.averagePerSec * factor,
      peakPerSec: topic.load.peakPerSec * factor,
    },
  }));
  return { requirements: whatIf(requirements, `load=x${factor.toFixed(6)}`), plan: { ...plan, topics } };
}
