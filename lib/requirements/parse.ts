/**
 * Reads a use case file: YAML, then the shape, then the rules between keys, and tells all faults of all three at once.
 */
import type { z } from 'zod';
import { assemble } from './assemble.ts';
import { type Fault, formatPath, type Path, quoted, type Report, useCaseError } from './fault.ts';
import { readLeniently } from './lenient.ts';
import { checkRules } from './rules.ts';
import { useCaseSchema } from './schema.ts';
import type { Requirements } from './types.ts';
import { unknownKeyRemedy } from './unknown-keys.ts';
import { readYaml } from './yaml-source.ts';
import type { YamlValues } from './yaml-values.ts';

/**
 * The requirements of a use case, every default written out. `fileName` is only for the text of faults.
 * Throws USE_CASE_INVALID with every fault of the file, each with line, column, path, what was expected and what to do.
 */
export function parseUseCase(text: string, fileName: string): Requirements {
  const source = readYaml(text);
  if (source.value === undefined) throw useCaseError(source.faults, fileName);
  const parsed = useCaseSchema.safeParse(source.value);
  const faults = [...source.faults];
  const report: Report = (path, expected, remedy, got = source.got(path)) => {
    faults.push({ ...source.position(path), path: formatPath(path), expected, got, remedy });
  };
  for (const issue of parsed.error?.issues ?? []) reportIssue(issue, source, faults, report);
  const lenient = parsed.success ? parsed.data : readLeniently(useCaseSchema, source.value);
  if (lenient !== undefined) checkRules(lenient, (path) => holds(source.value, path), report);
  if (faults.length > 0 || !parsed.success) throw useCaseError(firstOfEachPath(faults), fileName);
  return assemble(parsed.data);
}

function reportIssue(issue: z.core.$ZodIssue, source: YamlValues, faults: Fault[], report: Report): void {
  const path = issue.path as Path;
  switch (issue.code) {
    case 'unrecognized_keys':
      for (const key of issue.keys) {
        const remedy = unknownKeyRemedy(useCaseSchema, path, key);
        const keyPath = [...path, key];
        const place = { ...source.keyPosition(keyPath), path: formatPath(keyPath) };
        faults.push({ ...place, expected: 'a known key', got: quoted(key), remedy });
      }
      return;
    case 'invalid_type': {
      const isMapping = issue.expected === 'object';
      const remedy = isMapping ? 'write its keys below it, indented' : 'write its items below it, each with "- "';
      report(path, isMapping ? 'a mapping' : 'a list', remedy);
      return;
    }
    case 'too_small':
      report(path, 'at least one item', 'add one', 'an empty list');
      return;
    default:
      report(path, issue.message, issue.code === 'custom' ? String(issue.params?.remedy) : 'correct the value');
  }
}

/** Whether the file states anything at `path`. */
function holds(value: unknown, path: Path): boolean {
  let current = value;
  for (const step of path) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, step)) return false;
    current = (current as Record<string | number, unknown>)[step];
  }
  return true;
}

/** What was noted first about a value is its cause; what follows from it is left out. */
function firstOfEachPath(faults: readonly Fault[]): readonly Fault[] {
  const seen = new Set<string>();
  return faults.filter(({ path, line, column }) => {
    const place = `${path}@${path === '' ? `${line}:${column}` : ''}`;
    const isFirst = !seen.has(place);
    seen.add(place);
    return isFirst;
  });
}
