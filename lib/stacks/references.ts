/** The templates of an app with the references in them: within a stack by logical id, across stacks by the name of an export. */
import { isObject, type Template } from './rules/rule.ts';

export interface NamedTemplate {
  readonly templatePath: string;
  readonly template: Template & { readonly Outputs?: Readonly<Record<string, OutputOf>> };
}

interface OutputOf {
  readonly Value?: unknown;
  readonly Export?: { readonly Name?: unknown };
}

/** Name of each export -> the resource behind it. */
export function exportsOf(templates: readonly NamedTemplate[]): ReadonlyMap<string, string> {
  return new Map(
    templates.flatMap(({ templatePath, template }) =>
      Object.values(template.Outputs ?? {}).flatMap((output) => {
        const [named] = referencesIn(output.Value);
        const name = output.Export?.Name;
        return named === undefined || typeof name !== 'string' ? [] : [[name, `${templatePath} ${named}`] as const];
      }),
    ),
  );
}

/** Logical ids, and names of exports, that a value is made from. */
export function referencesIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, argument]) => {
    if ((name === 'Ref' || name === 'Fn::ImportValue') && typeof argument === 'string') return [argument];
    if (name === 'Fn::GetAtt') return [String(Array.isArray(argument) ? argument[0] : argument).split('.')[0] ?? ''];
    if (name === 'Fn::Sub') {
      const text = String(Array.isArray(argument) ? argument[0] : argument);
      return [...text.matchAll(/\$\{([A-Za-z0-9]+)/g)].map(([, id]) => id ?? '');
    }
    return referencesIn(argument);
  });
}
