/** Two sets of templates side by side: which resources come, go and change, property by property. */
import { isObject, type Properties, type TemplateResource, type TemplateSet } from '../rules/rule.ts';

export interface PropertyChange {
  /** Dotted, such as `BrokerNodeGroupInfo.InstanceType`; lists and references are compared as a whole. */
  readonly path: string;
  /** Undefined: not there. */
  readonly before: unknown;
  readonly after: unknown;
}

export interface ResourcePair {
  readonly before: TemplateResource;
  readonly after: TemplateResource;
  readonly properties: readonly PropertyChange[];
}

export interface TemplateDiff {
  readonly added: readonly TemplateResource[];
  readonly removed: readonly TemplateResource[];
  /** Every resource of both sides, also those without a change: what they refer to may be replaced. */
  readonly kept: readonly ResourcePair[];
}

/** A resource is the same when stack, logical id and type are. */
export function diffTemplates(before: TemplateSet, after: TemplateSet): TemplateDiff {
  const found = new Map(before.resources.map((resource) => [keyOf(resource), resource]));
  const present = new Set(after.resources.map(keyOf));
  return {
    added: after.resources.filter((resource) => !found.has(keyOf(resource))),
    removed: before.resources.filter((resource) => !present.has(keyOf(resource))),
    kept: after.resources.flatMap((resource) => {
      const old = found.get(keyOf(resource));
      return old === undefined
        ? []
        : [{ before: old, after: resource, properties: diffProperties(old.properties, resource.properties, '') }];
    }),
  };
}

function keyOf({ templatePath, logicalId, type }: TemplateResource): string {
  return `${templatePath} ${logicalId} ${type}`;
}

function diffProperties(before: Properties, after: Properties, parent: string): readonly PropertyChange[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted();
  return names.flatMap((name) => {
    const path = parent === '' ? name : `${parent}.${name}`;
    const [old, new_] = [before[name], after[name]];
    if (canonical(old) === canonical(new_)) return [];
    // A part that is missing on one side is taken as empty, so that each of its properties is judged for itself.
    if (isPart(old ?? new_) && isPart(new_ ?? old)) {
      return diffProperties(isPart(old) ? old : {}, isPart(new_) ? new_ : {}, path);
    }
    return [{ path, before: old, after: new_ }];
  });
}

/** An object of properties, and no reference or function. */
function isPart(value: unknown): value is Properties {
  return isObject(value) && !Object.keys(value).some((key) => key === 'Ref' || key.startsWith('Fn::'));
}

/** CloudFormation takes `3` and `"3"` for one, and knows no order of keys. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (isObject(value)) {
    const keys = Object.keys(value).toSorted();
    return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join()}}`;
  }
  return value === undefined ? '' : JSON.stringify(String(value));
}
