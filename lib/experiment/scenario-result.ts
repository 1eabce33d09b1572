/** A shipped scenario as it is stored (`scenario.json`): a question, a method, what was measured, an answer in a sentence. */
import type { ExperimentEnvironment } from './result.ts';

export const scenarioSchemaVersion = 1;

export type ScenarioCell = string | number | null;

/** Units are in the names of the columns; null: could not be told. */
export interface ScenarioTable {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly ScenarioCell[])[];
}

/** One sentence; where nothing can be told, the reason. */
export interface Answer {
  readonly outcome: 'answered' | 'inconclusive';
  readonly text: string;
}

export interface ScenarioResult {
  readonly schemaVersion: typeof scenarioSchemaVersion;
  readonly scenario: string;
  readonly useCase: string;
  readonly topic: string;
  readonly question: string;
  readonly method: string;
  readonly tables: readonly ScenarioTable[];
  readonly answer: Answer;
  readonly notes: readonly string[];
  readonly durationMs: number;
  readonly environment: ExperimentEnvironment;
}

export function answered(text: string): Answer {
  return { outcome: 'answered', text };
}

export function inconclusive(reason: string): Answer {
  return { outcome: 'inconclusive', text: reason };
}

/** Of two parts of one scenario: what is known is said, and the scenario is answered only when both are. */
export function bothAnswers(first: Answer, second: Answer): Answer {
  const isAnswered = first.outcome === 'answered' && second.outcome === 'answered';
  const said = ({ outcome, text }: Answer): string => (outcome === 'answered' ? text : `Inconclusive: ${text}`);
  return { outcome: isAnswered ? 'answered' : 'inconclusive', text: `${said(first)} ${said(second)}` };
}
