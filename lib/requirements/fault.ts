/**
 * A fault of a use case file and its text. All faults of a file are told at once, each with its place, what was expected,
 * what stood there and what to do.
 */
import { HeadroomError } from '../errors.ts';

export type Path = readonly (string | number)[];

export interface Position {
  /** From 1. */
  readonly line: number;
  readonly column: number;
}

export interface Fault extends Position {
  /** Such as `topics[0].retention.time`; empty for the file as a whole. */
  readonly path: string;
  /** Completes `expected ...`. */
  readonly expected: string;
  /** What stood there, ready to be shown; see `quoted`. */
  readonly got: string;
  readonly remedy: string;
}

/** Notes a fault; what stood at the path is looked up unless `got` is given. */
export type Report = (path: Path, expected: string, remedy: string, got?: string) => void;

/** More faults than this are counted, not listed: nobody reads them, and a hostile file must not flood a terminal. */
const listedFaults = 100;

export function formatPath(path: Path): string {
  return path
    .map((part, index) => {
      if (typeof part === 'number') return `[${part}]`;
      const key = /^[\w-]+$/.test(part) ? part : quoted(part);
      return index === 0 ? key : `.${key}`;
    })
    .join('');
}

/** Text as it may be shown on a terminal: quoted, shortened, every invisible or control character spelled out. */
export function quoted(text: string): string {
  const shown = text.length > 60 ? `${text.slice(0, 57)}...` : text;
  const visible = JSON.stringify(shown).replaceAll(
    /[\p{C}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
  return visible;
}

export function renderFault(fault: Fault, fileName: string): string {
  const place = `${fileName}:${fault.line}:${fault.column}`;
  const path = fault.path === '' ? '' : ` ${fault.path}`;
  return `${place}${path}: expected ${fault.expected}, got ${fault.got}\n    ${fault.remedy}`;
}

/** The error that carries every fault, in the order of the file. */
export function useCaseError(faults: readonly Fault[], fileName: string): HeadroomError {
  const sorted = faults.toSorted((a, b) => a.line - b.line || a.column - b.column);
  const listed = sorted.slice(0, listedFaults).map((fault) => `  ${renderFault(fault, fileName)}`);
  const rest = sorted.length - listed.length;
  const count = sorted.length === 1 ? 'one fault' : `${sorted.length} faults`;
  return new HeadroomError(
    'USE_CASE_INVALID',
    [`${fileName} has ${count}`, ...listed, ...(rest > 0 ? [`  and ${rest} more`] : [])].join('\n'),
    { hint: 'every key with its meaning: docs/reference/use-case.schema.json; a file to start from: headroom init' },
  );
}
