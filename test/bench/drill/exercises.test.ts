/** The exercises against the pages: every block that changes something is done, with an effect to see, or says why not. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ExerciseReport } from '../../../bench/drill/exercises/run-exercises.ts';
import { exercises, mergeExercises } from '../../../bench/drill/exercises/run-exercises.ts';
import { packageRoot } from '../../../bench/package-root.ts';
import { blocksOf } from '../../../bin/drill-pages.ts';
import { subjects } from '../../../lib/runbooks/generated.ts';

const runbooks = join(packageRoot, 'runbooks');
const headingsOf = (page: string): readonly string[] =>
  blocksOf(runbooks, page, 'all', 'withHost').map(({ heading }) => heading);

/** Commands that look, or keep what was found: they have no effect on the cluster. */
const onlyLooks: readonly string[] = [
  'KafkaConnectionsNearLimit: Act, A. Close idle connections sooner',
  'KafkaConsumerLagTime: Act, A. Look what its catching up will take',
  'KafkaConsumerRewound: Act, A. Keep what you find',
  'KafkaConsumerSlow: Act, A. More members',
  'KafkaConsumerStalled: Act, B. Find and end a hanging transaction',
  'KafkaGcPause: Act, B. Restart it',
  'KafkaMessageConversion: Act, B. Let the broker log who sends',
  'KafkaMessageConversion: Act, C. Read them from the log',
  "KafkaQuorumMarginGone: Act, B. Keep everybody's hands off",
  'KafkaRetentionBeforeRead: Act, B. Let it catch up',
  'procedure-add-brokers: Do, 2. Let new topics and moves use them',
  'procedure-add-partitions: Do, 1. Let consumers drain, where order matters a little',
  'procedure-add-partitions: Do, 3. Start producers, then more members of the groups',
  'procedure-drain-backlog: Do, 2. As many members as partitions',
  'procedure-move-topic: Do, 1. Propose, and keep the way back',
  'procedure-restore-quorum: Do, 1. Save what is left',
  'procedure-upgrade: Do, 2. Wait some days, then make the features final',
  'procedure-upgrade: Roll back, 1. Ask whether a downgrade would be safe',
];

describe('the exercises', () => {
  it('are there for every page but the rolling restart, which has a drill of its own', () => {
    const pages = [...subjects.keys()].filter((id) => id !== 'procedure-rolling-restart');
    expect(exercises.map(({ page }) => page).toSorted()).toEqual(pages.toSorted());
  });

  it('speak of blocks there are', () => {
    const wrong = exercises.flatMap(({ page, before, effects, notHere }) => {
      const known = headingsOf(page);
      const named = [before, effects, notHere].flatMap((each) => Object.keys(each ?? {}));
      return named.filter((heading) => !known.includes(heading)).map((heading) => `${page}: ${heading}`);
    });
    expect(wrong).toEqual([]);
  });

  it('see the effect of every block that changes something, or say why it is not done here', () => {
    const unseen = exercises.flatMap(({ page, effects, notHere }) =>
      blocksOf(runbooks, page, 'all', 'withHost')
        .filter(({ heading, notHere: elsewhere }) => /^(Act|Do|Roll back), /.test(heading) && elsewhere === null)
        .filter(({ heading }) => effects[heading] === undefined && notHere?.[heading] === undefined)
        .map(({ heading }) => `${page}: ${heading}`),
    );
    expect(unseen.toSorted()).toEqual(onlyLooks.toSorted());
  });
});

describe('exercises that are done again', () => {
  const page = (id: string, outcome: 'met' | 'notMet') =>
    ({ page: id, at: '2026-11-28T10:00:00Z', fault: null, outcome, reasons: [], blocks: [] }) as const;
  const report = (pages: ExerciseReport['pages']): ExerciseReport => ({
    ...{ schemaVersion: 1, startedAt: '2026-11-28T10:00:00Z', minutes: 1, kafkaVersion: '4.3.1', brokers: 3 },
    ...{ ratePerSec: 200, machine: 'm', outcome: 'notMet', pages },
  });

  it('replace their earlier results; one that is not met keeps the whole from being so', () => {
    const earlier = report([page('Watchdog', 'notMet'), page('KafkaAtMinIsr', 'met')]);
    const later = mergeExercises(earlier, report([page('Watchdog', 'met')]));
    expect(later.pages.map((each) => [each.page, each.outcome])).toEqual([
      ['KafkaAtMinIsr', 'met'],
      ['Watchdog', 'met'],
    ]);
    expect(later.outcome).toBe('met');
    expect(mergeExercises(earlier, report([page('KafkaAtMinIsr', 'met')])).outcome).toBe('notMet');
  });
});
