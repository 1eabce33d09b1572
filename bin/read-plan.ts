/** Reads a plan that `headroom plan FILE --json` wrote. */
import { HeadroomError } from '../lib/errors.ts';
import { type Plan, planSchemaVersion } from '../lib/plan/types.ts';
import { readJson } from './read-file.ts';

const parts = ['topics', 'storage', 'cluster', 'cost', 'growth'] as const;
const remedy = 'make it again with: headroom plan FILE --json';

/** Throws FILE_UNREADABLE when the file holds no JSON, USAGE when that is no plan of this version. */
export function readPlan(path: string): Plan {
  return asPlan(readJson(path, remedy), path);
}

/** The value, which stood in the file `path`, as a plan; throws USAGE when it is none of this version. */
export function asPlan(value: unknown, path: string): Plan {
  const plan = value as Partial<Plan> | null;
  if (typeof plan !== 'object' || plan === null || plan.schemaVersion === undefined)
    throw new HeadroomError('USAGE', `${path} is no plan: it has no schemaVersion`, { hint: remedy });
  if (plan.schemaVersion !== planSchemaVersion)
    throw new HeadroomError(
      'USAGE',
      `${path} is a plan of schemaVersion ${plan.schemaVersion}, this version reads ${planSchemaVersion}`,
      { hint: remedy },
    );
  const missing = parts.filter((part) => typeof plan[part] !== 'object' || plan[part] === null);
  if (missing.length > 0)
    throw new HeadroomError('USAGE', `${path} is no whole plan: ${missing.join(', ')} missing`, { hint: remedy });
  return plan as Plan;
}
