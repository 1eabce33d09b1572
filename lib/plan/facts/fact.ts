/**
 * How a published figure is kept: as it was published, in the unit it was published in, with its source.
 * A figure that was not found is null; whatever needs it says so and never puts another in its place.
 */
import type { SourceKey } from './sources.ts';

/** One figure. */
export interface Fact<T> {
  readonly value: T | null;
  /** Of the value as it stands, such as `MiB/s`; empty for counts and flags. */
  readonly unit: string;
  readonly source: SourceKey;
  /** What a reader must know before relying on it, such as a conflict between sources and how it was resolved. */
  readonly note?: string;
}

/** Figures of the same kind for many types; each column names its source. */
export interface FactTable<Row> {
  readonly title: string;
  readonly rows: readonly Row[];
  readonly columns: { readonly [Column in keyof Row]-?: { readonly unit: string; readonly source: SourceKey } };
  readonly notes: readonly string[];
}

export function fact<T>(value: T | null, unit: string, source: SourceKey, note?: string): Fact<T> {
  return note === undefined ? { value, unit, source } : { value, unit, source, note };
}
