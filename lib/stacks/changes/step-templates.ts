/** The templates between two others: each takes one more group of attributes of its MSK clusters over. */

import type { NamedTemplate } from '../references.ts';
import { isObject, type TemplateResource, TemplateSet } from '../rules/rule.ts';
import { groupOf } from './msk-updates.ts';
import { diffTemplates, type PropertyChange, type ResourcePair } from './template-diff.ts';
import type { Step, UpdateGroup } from './types.ts';

/** One set of templates for each step but the last, which is `after` itself. */
export function templatesOfSteps(
  before: readonly NamedTemplate[],
  after: readonly NamedTemplate[],
  steps: readonly Step[],
): readonly (readonly NamedTemplate[])[] {
  const { kept } = diffTemplates(new TemplateSet(before), new TemplateSet(after));
  const groups = steps.flatMap(({ group }) => (group === null ? [] : [group]));
  return groups.slice(0, -1).map((_, index) => {
    const templates = structuredClone(before);
    const resources = new TemplateSet(templates).resources;
    for (const pair of kept) {
      const target = resources.find((one) => isSame(one, pair.before));
      if (target !== undefined) takeOver(target, pair, groups.slice(0, index + 1));
    }
    return templates;
  });
}

function takeOver(target: TemplateResource, { after, properties }: ResourcePair, groups: readonly UpdateGroup[]): void {
  for (const change of properties) {
    const group = after.type === 'AWS::MSK::Configuration' ? 'configuration' : clusterGroup(after, change);
    if (group !== null && groups.includes(group)) setAt(target.properties, change.path.split('.'), change.after);
  }
}

function clusterGroup({ type }: TemplateResource, { path }: PropertyChange): UpdateGroup | null {
  return type === 'AWS::MSK::Cluster' ? groupOf(path) : null;
}

/** Undefined takes the property away, and what is empty then. */
function setAt(properties: Record<string, unknown>, [name = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) {
    if (value === undefined) delete properties[name];
    else properties[name] = value;
    return;
  }
  const found = properties[name];
  const part = isObject(found) ? found : {};
  properties[name] = part;
  setAt(part, rest, value);
  if (Object.keys(part).length === 0) delete properties[name];
}

function isSame(one: TemplateResource, other: TemplateResource): boolean {
  return one.templatePath === other.templatePath && one.logicalId === other.logicalId;
}
