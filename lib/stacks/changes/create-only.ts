/**
 * Which properties CloudFormation cannot change: it replaces the resource. Told by the engine that every synth of the CDK
 * checks its templates with, which carries the schemas of all types (why no other: docs/decisions/change-safety.md).
 */
import { createRequire } from 'node:module';
import type { Template } from '../rules/rule.ts';

/** The part used of `@aws/cloudformation-validate`. */
interface SchemaEngine {
  readonly SchemaValidator: new () => {
    validate(template: unknown): readonly { ruleId: string; entity?: { logicalId?: string }; propertyPath?: string }[];
  };
  readonly TemplateContent: new (text: string) => unknown;
}

type Validator = InstanceType<SchemaEngine['SchemaValidator']>;

const createOnlyRule = 'I9001';

/** Logical id -> paths of the create-only properties that the template states. The first call takes about a second. */
export function createOnlyPaths(template: Template): ReadonlyMap<string, readonly string[]> {
  const { validator, TemplateContent } = engine();
  const paths = new Map<string, string[]>();
  for (const { ruleId, entity, propertyPath } of validator.validate(new TemplateContent(JSON.stringify(template)))) {
    if (ruleId !== createOnlyRule || entity?.logicalId === undefined) continue;
    const path = (propertyPath ?? '').replace(/^Properties\./, '');
    paths.set(entity.logicalId, [...(paths.get(entity.logicalId) ?? []), path]);
  }
  return paths;
}

let made: { readonly validator: Validator; readonly TemplateContent: SchemaEngine['TemplateContent'] } | null = null;

/** One for the process: reading the schemas takes most of a second. */
function engine(): NonNullable<typeof made> {
  if (made !== null) return made;
  // aws-cdk-lib carries its dependency inside itself, where only it can be asked for it; a copy of our own could differ.
  const cdk = createRequire(createRequire(import.meta.url).resolve('aws-cdk-lib/package.json'));
  const { SchemaValidator, TemplateContent } = cdk('@aws/cloudformation-validate') as SchemaEngine;
  made = { validator: new SchemaValidator(), TemplateContent };
  return made;
}
