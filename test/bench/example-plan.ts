import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../bench/package-root.ts';
import { planUseCase } from '../../lib/plan/plan.ts';
import type { Plan, TopicPlan } from '../../lib/plan/types.ts';
import { parseUseCase } from '../../lib/requirements/parse.ts';

/** The plan of one of our examples. */
export function examplePlan(name = 'course-events.yaml'): Plan {
  return planUseCase(parseUseCase(readFileSync(join(packageRoot, 'examples', name), 'utf8'), name));
}

export function exampleTopic(): TopicPlan {
  const [topic] = examplePlan().topics;
  if (topic === undefined) throw new Error('the example has no topic');
  return topic;
}
