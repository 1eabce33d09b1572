/** Which resources are replaced: those with a changed create-only property, and those that name a replaced one in such a property. */
import { exportsOf, type NamedTemplate, referencesIn } from '../references.ts';
import { type TemplateResource, valueAt } from '../rules/rule.ts';
import { createOnlyPaths } from './create-only.ts';
import type { PropertyChange, ResourcePair, TemplateDiff } from './template-diff.ts';

/** What to ask about a resource of both sides. */
export interface Replacements {
  /** Whether changing this property replaces the resource. */
  isCreateOnly(pair: ResourcePair, change: PropertyChange): boolean;
  /** The replaced resources that it is replaced with, `null` when it is not replaced for that reason. */
  causeOf(pair: ResourcePair): string | null;
}

export function findReplacements(
  diff: TemplateDiff,
  before: readonly NamedTemplate[],
  after: readonly NamedTemplate[],
): Replacements {
  const pathsOf = statedPaths([...before, ...after]);
  const isCreateOnly: Replacements['isCreateOnly'] = ({ after: resource }, change) =>
    pathsOf(resource).some((path) => overlaps(path, change.path));
  return { isCreateOnly, causeOf: knockOn(diff, after, pathsOf, isCreateOnly) };
}

/** Of a resource, on either side; a template is asked about when the first of its resources is. */
function statedPaths(templates: readonly NamedTemplate[]): (resource: TemplateResource) => readonly string[] {
  const known = new Map<string, readonly ReadonlyMap<string, readonly string[]>[]>();
  return ({ templatePath, logicalId }) => {
    const named = templates.filter((one) => one.templatePath === templatePath);
    const found = known.get(templatePath) ?? named.map(({ template }) => createOnlyPaths(template));
    known.set(templatePath, found);
    return [...new Set(found.flatMap((paths) => paths.get(logicalId) ?? []))];
  };
}

function knockOn(
  { kept }: TemplateDiff,
  after: readonly NamedTemplate[],
  pathsOf: (resource: TemplateResource) => readonly string[],
  isCreateOnly: Replacements['isCreateOnly'],
): Replacements['causeOf'] {
  const exports = exportsOf(after);
  const replaced = new Set(
    kept
      .filter((pair) => pair.properties.some((change) => isCreateOnly(pair, change)))
      .map((pair) => keyOf(pair.after)),
  );
  const causes = new Map<string, string>();
  for (let grown = replaced.size > 0; grown; ) {
    grown = false;
    for (const { after: resource } of kept) {
      if (replaced.has(keyOf(resource))) continue;
      const named = pathsOf(resource).flatMap((path) => referencesIn(valueAt(resource.properties, path)));
      const cause = named
        .map((name) => exports.get(name) ?? `${resource.templatePath} ${name}`)
        .find((key) => replaced.has(key));
      if (cause === undefined) continue;
      replaced.add(keyOf(resource));
      causes.set(keyOf(resource), cause.split(' ').at(-1) ?? cause);
      grown = true;
    }
  }
  return ({ after: resource }) => causes.get(keyOf(resource)) ?? null;
}

function overlaps(one: string, other: string): boolean {
  return one === other || one.startsWith(`${other}.`) || other.startsWith(`${one}.`);
}

function keyOf({ templatePath, logicalId }: TemplateResource): string {
  return `${templatePath} ${logicalId}`;
}
