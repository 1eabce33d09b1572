/**
 * The verdict of a run: independent checks, one line for each requirement that the use case asks for.
 * Pure; reads no clock and no file. A check that breaks is inconclusive, never a pass and never the end of the others.
 */
import type { Environment, Measurement } from '../measurement/types.ts';
import type { Plan } from '../plan/types.ts';
import type { Requirements } from '../requirements/types.ts';
import { catchUpQuestions } from './catch-up.ts';
import { costQuestions } from './cost.ts';
import { integrityQuestions } from './integrity.ts';
import { lagQuestions } from './lag.ts';
import { latencyQuestions } from './latency.ts';
import { limitQuestions } from './limit.ts';
import { worstOutcome } from './merge.ts';
import { notesOf } from './notes.ts';
import { privacyQuestions } from './privacy.ts';
import { type Check, type Question, type Subject, undecided } from './question.ts';
import { rateQuestions } from './rate.ts';
import { settingsQuestions } from './settings.ts';
import { storageQuestions } from './storage.ts';
import { type Verdict, type VerdictLine, verdictSchemaVersion } from './types.ts';

/** In the order in which a reader wants them. */
const checks: Readonly<Record<string, Check>> = {
  latency: latencyQuestions,
  lag: lagQuestions,
  catchUp: catchUpQuestions,
  rate: rateQuestions,
  integrity: integrityQuestions,
  storage: storageQuestions,
  settings: settingsQuestions,
  privacy: privacyQuestions,
  cost: costQuestions,
};

/** A search for a limit measures no phase: only the limit is asked for, and what the ids say. */
const limitChecks: typeof checks = { limit: limitQuestions, integrity: integrityQuestions };

export function judge(
  requirements: Requirements,
  plan: Plan,
  measurement: Measurement,
  environment: Environment,
): Verdict {
  const subject: Subject = { requirements, plan, measurement, environment };
  const lines = Object.entries(measurement.limit === undefined ? checks : limitChecks).flatMap(([name, check]) =>
    linesOf(name, check, subject),
  );
  return {
    schemaVersion: verdictSchemaVersion,
    outcome: worstOutcome(lines.map(({ outcome }) => outcome)),
    lines,
    notes: safely(
      () => notesOf(subject),
      (fault) => [`notes are missing: ${fault}`],
    ),
  };
}

function linesOf(name: string, check: Check, subject: Subject): readonly VerdictLine[] {
  return safely(
    () => check(subject).map(answered),
    (fault) => [brokenCheck(name, fault, subject)],
  );
}

function answered({ answer, ...question }: Question): VerdictLine {
  return { ...question, ...safely(answer, (fault) => undecided(`the check broke: ${fault}`)) };
}

/** Stands for all lines of a check that could not even say what it asks. */
function brokenCheck(name: string, fault: string, { environment }: Subject): VerdictLine {
  return {
    id: `check.${name}`,
    requirement: `all requirements on ${name}`,
    required: 'a check',
    unit: '',
    evidence: 'measured',
    target: environment.target,
    ...undecided(`the check broke: ${fault}`),
  };
}

function safely<T>(work: () => T, otherwise: (fault: string) => T): T {
  try {
    return work();
  } catch (error) {
    return otherwise(error instanceof Error ? error.message : String(error));
  }
}
