import { driverByName } from '../../../bench/drivers/index.ts';
import { type ExperimentRequest, planExperiment } from '../../../bench/experiment/plan-experiment.ts';
import { readFactors } from '../../../lib/experiment/factors.ts';
import { examplePlan, exampleTopic } from '../example-plan.ts';

/** An experiment on the course example. */
export function planned(vary: readonly string[], changes: Partial<ExperimentRequest> = {}) {
  const { factors, faults } = readFactors(vary);
  if (faults.length > 0) throw new Error(faults.join('; '));
  return planExperiment({
    plan: examplePlan(),
    topic: exampleTopic(),
    question: `what do ${vary.join(' and ')} do?`,
    factors,
    grid: 'full',
    driver: driverByName('@platformatic/kafka'),
    lengths: { rounds: 2, warmUpMs: 200, measureMs: 500 },
    seed: 1,
    budgetMs: 600_000,
    ...changes,
  });
}
