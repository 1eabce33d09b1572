/** Reads one side of `headroom diff`: a use case, a plan, a template, or the folder of a synthesis. */
import { readdirSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { HeadroomError } from '../lib/errors.ts';
import { planUseCase } from '../lib/plan/plan.ts';
import type { Plan } from '../lib/plan/types.ts';
import type { NamedTemplate } from '../lib/stacks/references.ts';
import { readJson } from './read-file.ts';
import { asPlan } from './read-plan.ts';
import { readUseCase } from './read-use-case.ts';

export type ChangeSource =
  | { readonly kind: 'plan'; readonly name: string; readonly plan: Plan }
  | { readonly kind: 'templates'; readonly name: string; readonly templates: readonly NamedTemplate[] };

const suffix = '.template.json';
const remedy =
  'name a use case (.yaml), a plan (headroom plan FILE --json), a template (.json) or the folder of cdk synth';

/** Throws FILE_UNREADABLE or USAGE when it is none of them, USE_CASE_INVALID when a use case has faults. */
export function readChangeSource(path: string, cwd: string): ChangeSource {
  if (/\.ya?ml$/i.test(path)) {
    const { requirements, placeOf } = readUseCase(path, cwd);
    return { kind: 'plan', name: path, plan: planUseCase(requirements, { placeOf }) };
  }
  const file = resolve(cwd, path);
  if (isFolder(path, file)) return { kind: 'templates', name: path, templates: templatesIn(path, file) };
  const value = readJson(path, remedy, file);
  if (isTemplate(value)) {
    // Two templates are one stack before and after, whatever their files are called.
    return { kind: 'templates', name: path, templates: [{ templatePath: 'template', template: value }] };
  }
  return { kind: 'plan', name: path, plan: asPlan(value, path) };
}

function isFolder(path: string, file: string): boolean {
  try {
    return statSync(file).isDirectory();
  } catch (cause) {
    throw new HeadroomError('FILE_UNREADABLE', `${path} cannot be read`, { hint: remedy, cause });
  }
}

function templatesIn(path: string, folder: string): readonly NamedTemplate[] {
  const names = readdirSync(folder).filter((name) => name.endsWith(suffix));
  if (names.length === 0)
    throw new HeadroomError('USAGE', `${path} holds no *${suffix}`, { hint: 'make it with: npx cdk synth -o FOLDER' });
  return names.toSorted().map((name) => {
    const template = readJson(join(path, name), remedy, join(folder, name));
    if (!isTemplate(template)) throw new HeadroomError('USAGE', `${join(path, name)} is no template`, { hint: remedy });
    return { templatePath: basename(name, suffix), template };
  });
}

function isTemplate(value: unknown): value is NamedTemplate['template'] {
  const resources = typeof value === 'object' && value !== null && 'Resources' in value ? value.Resources : null;
  return typeof resources === 'object' && resources !== null && !Array.isArray(resources);
}
