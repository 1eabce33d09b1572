/**
 * A rule over synthesised templates: what no schema knows and AWS tells only while deploying, or never. Rules see all
 * templates of an app at once, because a topic or an alarm may stand in another stack than its cluster.
 */

export type Properties = Readonly<Record<string, unknown>>;

export interface TemplateResource {
  readonly templatePath: string;
  readonly logicalId: string;
  readonly type: string;
  readonly properties: Properties;
  readonly deletionPolicy: string | null;
  readonly updateReplacePolicy: string | null;
}

export interface Finding {
  /** Path of the property, such as `BrokerNodeGroupInfo.InstanceType`. */
  readonly at: string;
  /** What stands there, in words. */
  readonly found: string;
}

export interface Rule {
  /** `MSK-` or `AWS-` and a word; stable, an acknowledgement names it. */
  readonly id: string;
  /** Resource types it looks at. */
  readonly types: readonly string[];
  /** What must hold, and where that comes from. */
  readonly must: string;
  /** What to change. */
  readonly fix: string;
  readonly check: (resource: TemplateResource, all: TemplateSet) => readonly Finding[];
}

interface RawResource {
  readonly Type?: unknown;
  readonly Properties?: Properties;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

export interface Template {
  readonly Resources?: Readonly<Record<string, RawResource>>;
}

/** The resources of all templates of an app. */
export class TemplateSet {
  readonly resources: readonly TemplateResource[];

  constructor(templates: readonly { readonly templatePath: string; readonly template: Template }[]) {
    this.resources = templates.flatMap(({ templatePath, template }) =>
      Object.entries(template.Resources ?? {}).map(([logicalId, raw]) => ({
        templatePath,
        logicalId,
        type: String(raw.Type),
        properties: raw.Properties ?? {},
        deletionPolicy: raw.DeletionPolicy ?? null,
        updateReplacePolicy: raw.UpdateReplacePolicy ?? null,
      })),
    );
  }

  ofType(type: string): readonly TemplateResource[] {
    return this.resources.filter((resource) => resource.type === type);
  }

  /** The resource of the same template that a `Ref` or `Fn::GetAtt` names; null when it names none there. */
  referred(from: TemplateResource, value: unknown): TemplateResource | null {
    const logicalId = referredId(value);
    return this.resources.find((one) => one.templatePath === from.templatePath && one.logicalId === logicalId) ?? null;
  }
}

function referredId(value: unknown): string | null {
  if (!isObject(value)) return null;
  const { Ref: ref, 'Fn::GetAtt': attribute } = value;
  if (typeof ref === 'string') return ref;
  if (typeof attribute === 'string') return attribute.split('.')[0] ?? null;
  return Array.isArray(attribute) && typeof attribute[0] === 'string' ? attribute[0] : null;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value at a dotted path; undefined where the path ends early. */
export function valueAt(properties: Properties, path: string): unknown {
  return path.split('.').reduce<unknown>((value, key) => (isObject(value) ? value[key] : undefined), properties);
}

/** The text at a path; null when there is none, or when only the deployment will know it. */
export function textAt(properties: Properties, path: string): string | null {
  const value = valueAt(properties, path);
  return typeof value === 'string' ? value : null;
}

/** The number at a path, also written as text; null as for `textAt`. */
export function numberAt(properties: Properties, path: string): number | null {
  const value = valueAt(properties, path);
  const number = typeof value === 'number' || typeof value === 'string' ? Number(value) : Number.NaN;
  return Number.isFinite(number) ? number : null;
}

/** `true` and "true" are one in CloudFormation. */
export function isTrueAt(properties: Properties, path: string): boolean {
  const value = valueAt(properties, path);
  return value === true || value === 'true';
}

export function listAt(properties: Properties, path: string): readonly unknown[] {
  const value = valueAt(properties, path);
  return Array.isArray(value) ? value : [];
}

/** A finding when `wrong`, otherwise none. */
export function findingIf(wrong: boolean, at: string, found: string): readonly Finding[] {
  return wrong ? [{ at, found }] : [];
}

/** `a=b` lines of a broker configuration; comments are left out. Null when only the deployment will know it. */
export function serverPropertiesOf(properties: Properties): ReadonlyMap<string, string> | null {
  const text = textAt(properties, 'ServerProperties');
  if (text === null) return null;
  const lines = text.split('\n').map((line) => line.trim());
  return new Map(
    lines
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => {
        const [name = '', ...value] = line.split('=');
        return [name.trim(), value.join('=').trim()];
      }),
  );
}
