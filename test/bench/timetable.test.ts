import { describe, expect, it } from 'vitest';
import type { ProgressEvent } from '../../bench/progress.ts';
import { createTimetable } from '../../bench/timetable.ts';

function timetable(): { events: ProgressEvent[]; table: ReturnType<typeof createTimetable> } {
  const events: ProgressEvent[] = [];
  const stages = [
    { stage: 'start', expectedMs: 10_000 },
    { stage: 'peak', expectedMs: 30_000 },
  ];
  return { events, table: createTimetable(stages, (event) => events.push(event)) };
}

describe('createTimetable', () => {
  it('counts a stage as far as its own fraction says', () => {
    const { events, table } = timetable();
    table.enter('start');
    table.enter('peak');
    table.onProgress({ stage: 'peak', detail: '1,000/s', fraction: 0.5 });
    expect(events).toEqual([
      { stage: 'start', detail: '40 s left', fraction: 0 },
      { stage: 'peak', detail: '30 s left', fraction: 0.25 },
      { stage: 'peak', detail: '15 s left, 1,000/s', fraction: 0.625 },
    ]);
  });

  it('shows a step of a stage by both names, and never runs past its end', () => {
    const { events, table } = timetable();
    table.enter('start');
    table.onProgress({ stage: 'fetching', detail: '', fraction: 3 });
    table.onProgress({ stage: 'formatting', detail: '', fraction: null });
    expect(events.slice(1)).toEqual([
      { stage: 'start: fetching', detail: '30 s left', fraction: 0.25 },
      { stage: 'start: formatting', detail: '40 s left', fraction: 0 },
    ]);
  });
});
