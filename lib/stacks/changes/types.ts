/**
 * What a deployment would do to what is deployed: the changes between two sets of templates, or two plans, each with its
 * effect. A plain value; nothing here talks to AWS.
 */

export const changeSchemaVersion = 1;

/**
 * - `add`, `remove`: a resource appears or goes.
 * - `replace`: another resource takes its place, empty.
 * - `rolling`: brokers, nodes or clients restart one after the other.
 * - `inPlace`: nothing restarts.
 * - `refused`: AWS or Kafka cannot do it, or data would be lost.
 */
export type Effect = 'add' | 'remove' | 'replace' | 'rolling' | 'inPlace' | 'refused';

/** Attributes that one update call of MSK takes together; two groups in one deployment are refused. In the order of steps. */
export const updateGroups = [
  'rebalancing',
  'storage',
  'instance type',
  'brokers',
  'version',
  'configuration',
  'security',
  'connectivity',
  'monitoring',
] as const;
export type UpdateGroup = (typeof updateGroups)[number];

export interface Change {
  readonly effect: Effect;
  /** Name of the template; empty for what no template holds, such as the settings of clients. */
  readonly stack: string;
  /** Logical id, or what else it is the change of. */
  readonly resource: string;
  /** `AWS::MSK::Cluster`, or `clients` and `topic` for what no template holds. */
  readonly type: string;
  /** Of the property or setting; empty when the whole resource comes or goes. */
  readonly path: string;
  /** Shortened to be read; null: there was none. */
  readonly before: string | null;
  readonly after: string | null;
  /** Of the MSK cluster that the change updates; null: it updates none. */
  readonly group: UpdateGroup | null;
  readonly holdsData: boolean;
  /** Why it has this effect and what to mind; empty when the effect says it all. */
  readonly reason: string;
}

/** Groups that one MSK cluster cannot take in one deployment. */
export interface ForbiddenTogether {
  readonly stack: string;
  readonly cluster: string;
  readonly groups: readonly UpdateGroup[];
}

/** One deployment. */
export interface Step {
  readonly step: number;
  readonly what: readonly string[];
  /** Of the MSK cluster, changed in this step. */
  readonly group: UpdateGroup | null;
  readonly effect: Effect;
  readonly note: string;
}

export interface ChangeReport {
  readonly schemaVersion: typeof changeSchemaVersion;
  readonly before: string;
  readonly after: string;
  /** `notMet` with any error. */
  readonly outcome: 'met' | 'notMet';
  readonly changes: readonly Change[];
  readonly forbiddenTogether: readonly ForbiddenTogether[];
  readonly steps: readonly Step[];
  /** The changes that must not be deployed as they are. */
  readonly errors: readonly Change[];
}

/** What holds data is replaced, or goes, or the change cannot be made. */
export function isError({ effect, holdsData }: Change): boolean {
  return effect === 'refused' || (holdsData && (effect === 'replace' || effect === 'remove'));
}

/** The last word of a property's path, two where one says nothing; settings such as `retention.ms` are kept whole. */
export function shortPath(path: string): string {
  if (!/^[A-Z]/.test(path)) return path;
  return path
    .split('.')
    .slice(path.endsWith('.Enabled') ? -2 : -1)
    .join('.');
}
