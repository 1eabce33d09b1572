/** What a run has found so far. Kept in one place so that a run that is cut short still leaves what it measured. */
import type { CatchUpMeasurement } from '../lib/measurement/catch-up.ts';
import type { LimitMeasurement } from '../lib/measurement/limit/types.ts';
import {
  type Incident,
  type Measurement,
  measurementSchemaVersion,
  type PhaseMeasurement,
  type PrivacyMeasurement,
  type RetentionMeasurement,
  type SettingReadBack,
  type TopicIntegrity,
  type TradeOffMeasurement,
} from '../lib/measurement/types.ts';

/** More of one kind say nothing new; the count of those left out is kept. */
const maxIncidentsPerKind = 20;

export class RunRecord {
  private readonly startedMs = performance.now();
  private readonly phases: PhaseMeasurement[] = [];
  private readonly incidents: Incident[] = [];
  private readonly leftOut = new Map<Incident['kind'], number>();
  private readonly notes = new Set<string>();
  private integrity: readonly TopicIntegrity[] = [];
  private limit: LimitMeasurement | null = null;
  tradeOff: TradeOffMeasurement | null = null;
  retention: RetentionMeasurement | null = null;
  readonly catchUp: CatchUpMeasurement[] = [];
  privacy: PrivacyMeasurement | null = null;
  settings: readonly SettingReadBack[] = [];

  addPhase(phase: PhaseMeasurement, integrity: readonly TopicIntegrity[]): void {
    this.phases.push(phase);
    this.integrity = integrity;
  }

  setLimit(limit: LimitMeasurement, integrity: readonly TopicIntegrity[]): void {
    this.limit = limit;
    this.integrity = integrity;
  }

  incident(kind: Incident['kind'], message: string): void {
    if (this.incidents.filter((incident) => incident.kind === kind).length >= maxIncidentsPerKind) {
      this.leftOut.set(kind, (this.leftOut.get(kind) ?? 0) + 1);
      return;
    }
    this.incidents.push({ atMs: Math.round(performance.now() - this.startedMs), kind, message });
  }

  has(kind: Incident['kind']): boolean {
    return this.incidents.some((incident) => incident.kind === kind);
  }

  note(text: string): void {
    this.notes.add(text);
  }

  measurement(): Measurement {
    const { phases, integrity, tradeOff, retention, catchUp, limit, privacy, settings, incidents } = this;
    const omitted = [...this.leftOut].map(([kind, count]) => `${count} more incidents of kind ${kind} are not listed`);
    return {
      schemaVersion: measurementSchemaVersion,
      phases: [...phases],
      integrity,
      tradeOff,
      retention,
      ...(limit === null ? {} : { limit }),
      ...(catchUp.length === 0 ? {} : { catchUp: [...catchUp] }),
      privacy,
      settings,
      incidents: [...incidents],
      notes: [...this.notes, ...omitted],
    };
  }
}
