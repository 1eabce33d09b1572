/** Turns the progress of one stage into the progress of the whole run: how far, and how much time is left. */
import type { OnProgress } from './progress.ts';

export interface Timetable {
  /** Says that a stage has begun; those before it are over, however long they took. */
  enter(stage: string): void;
  /** For the work inside the stage entered last: its fraction becomes the run's. */
  readonly onProgress: OnProgress;
}

/** Stages in order with the time each is expected to take. */
export function createTimetable(
  stages: readonly { readonly stage: string; readonly expectedMs: number }[],
  onProgress: OnProgress,
): Timetable {
  const totalMs = stages.reduce((sum, { expectedMs }) => sum + expectedMs, 0);
  let before = 0;
  let current = { stage: '', expectedMs: 0 };
  const report: OnProgress = ({ stage, detail, fraction }) => {
    const doneMs = before + current.expectedMs * Math.min(1, Math.max(0, fraction ?? 0));
    const left = `${Math.ceil((totalMs - doneMs) / 1000)} s`;
    const label = stage === '' || stage === current.stage ? current.stage : `${current.stage}: ${stage}`;
    onProgress({
      stage: label,
      detail: detail === '' ? `${left} left` : `${left} left, ${detail}`,
      fraction: totalMs === 0 ? null : doneMs / totalMs,
    });
  };
  return {
    enter: (stage) => {
      const index = stages.findIndex((entry) => entry.stage === stage);
      current = stages[index] ?? { stage, expectedMs: 0 };
      before = stages.slice(0, Math.max(0, index)).reduce((sum, { expectedMs }) => sum + expectedMs, 0);
      report({ stage, detail: '', fraction: 0 });
    },
    onProgress: report,
  };
}
