/** Two sides of a change -> what a deployment would do, as one value. */
import type { Plan } from '../../plan/types.ts';
import type { NamedTemplate } from '../references.ts';
import { classify } from './classify.ts';
import { planChanges } from './plan-changes.ts';
import { forbiddenTogether, stepsOf } from './steps.ts';
import { type ChangeReport, changeSchemaVersion, isError } from './types.ts';

export interface ChangeSide {
  /** As the user named it. */
  readonly name: string;
  readonly templates: readonly NamedTemplate[];
  /** Null where only templates are known. */
  readonly plan: Plan | null;
}

export function reportChanges(before: ChangeSide, after: ChangeSide): ChangeReport {
  const changes = [
    ...classify(before.templates, after.templates),
    ...(before.plan === null || after.plan === null ? [] : planChanges(before.plan, after.plan)),
  ];
  const errors = changes.filter(isError);
  return {
    schemaVersion: changeSchemaVersion,
    before: before.name,
    after: after.name,
    outcome: errors.length > 0 ? 'notMet' : 'met',
    changes,
    forbiddenTogether: forbiddenTogether(changes),
    // What must not be deployed has no steps.
    steps: errors.length > 0 ? [] : stepsOf(changes),
    errors,
  };
}
