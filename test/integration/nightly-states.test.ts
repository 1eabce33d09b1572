/** The nightly state machine, executed: stop rule, failures, teardown, credits. AWS itself never ran it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type NightlyDefinitionProps,
  nightlyDefinition,
  type StateMachineDefinition,
} from '../../lib/constructs/nightly/nightly-definition.ts';
import { hasMoto } from '../doubles/moto.ts';
import { type JobEnd, type NightRunner, startNightRunner } from './nightly-run.ts';

const isThere = hasMoto();

const props: NightlyDefinitionProps = {
  useCase: 'course-events',
  clusterName: 'course-events-1',
  loadFactors: [1, 1.5, 2],
  workers: 1,
  pollSeconds: 0,
  mostPolls: 3,
  depletion: null,
  command: ({ load, folder }) => ['prove', 'use-case.yaml', '--nightly', '--load', load, '--upload', folder],
  cleanUpCommand: (folder) => ['prove', 'use-case.yaml', '--clean-up', folder],
};

const outcome = (of: string, isClean = true) => ({ outcome: of, summary: `course-events is ${of}`, isClean });
const met: JobEnd = { status: 'SUCCEEDED', outcome: outcome('met') };
const notMet: JobEnd = { status: 'FAILED', outcome: outcome('notMet') };

let runner: NightRunner | undefined;
beforeAll(async () => {
  runner = isThere ? await startNightRunner() : undefined;
});
afterAll(async () => {
  await runner?.stop();
});

async function run(definition: StateMachineDefinition, endOf: (job: string) => JobEnd) {
  if (runner === undefined) throw new Error('there is no moto to run it on');
  return await runner.run(definition, endOf);
}

describe.runIf(isThere)('the nightly state machine', () => {
  const night = (endOf: (job: string) => JobEnd, change: Partial<NightlyDefinitionProps> = {}) =>
    run(nightlyDefinition({ ...props, ...change }), endOf);
  const names = (jobs: readonly { readonly name: string }[]) => jobs.map(({ name }) => name.replace(/^night-\d+-/, ''));

  it('proves the use case, then more and more load, and is silent when all is met', async () => {
    const { status, jobs, messages } = await night(() => met);
    expect(status).toBe('SUCCEEDED');
    expect(names(jobs)).toEqual(['step-0', 'step-1', 'step-2']);
    expect(jobs.map(({ command }) => command[4])).toEqual(['x1', 'x1.5', 'x2']);
    expect(jobs[1]?.command[6]).toMatch(/^s3:\/\/headroom-results\/runs\/course-events\/night-\d+\/step-1$/);
    expect(messages).toEqual([]);
  });

  it('stops at the first step that is not met, and that alone is no alarm', async () => {
    const { status, jobs, messages } = await night((job) => (job === 'step-1' ? notMet : met));
    expect([status, names(jobs), messages]).toEqual(['SUCCEEDED', ['step-0', 'step-1'], []]);
  });

  it.each(['notMet', 'inconclusive'])('tells when the use case itself is %s, and drives no more load', async (of) => {
    const { status, error, jobs, messages } = await night(() => ({ status: 'FAILED', outcome: outcome(of) }));
    expect([status, error, names(jobs)]).toEqual(['FAILED', 'Headroom.NotMet', ['step-0']]);
    expect(messages).toEqual([{ subject: `Headroom course-events: ${of}`, text: `course-events is ${of}` }]);
  });

  it.each<[string, (job: string) => JobEnd, string[], boolean]>([
    [
      'ends without an outcome',
      (job) => ({ status: job === 'clean-up' ? 'SUCCEEDED' : 'FAILED' }),
      ['step-0', 'clean-up'],
      true,
    ],
    [
      'never finds a machine',
      (job) => ({ status: job === 'clean-up' ? 'SUCCEEDED' : 'RUNNABLE' }),
      ['step-0', 'clean-up'],
      true,
    ],
    ['is not taken', (job) => ({ status: 'SUCCEEDED', isRefused: job === 'step-0' }), ['clean-up'], false],
  ])('ends its jobs, cleans up and tells when a job %s', async (_, endOf, expected, isEnded) => {
    const { status, error, jobs, messages } = await night(endOf);
    expect([status, error, names(jobs)]).toEqual(['FAILED', 'Headroom.NoVerdict', expected]);
    if (isEnded) expect(jobs[0]?.isTerminated).toBe(true);
    expect(jobs.at(-1)?.command).toEqual([
      'prove',
      'use-case.yaml',
      '--clean-up',
      expect.stringMatching(/^s3:.*night-\d+$/),
    ]);
    expect(messages).toHaveLength(1);
    expect(messages[0]?.subject).toBe('Headroom course-events: broke off');
    expect(messages[0]?.text).toContain('results so far: s3://headroom-results/runs/course-events/night-');
  });

  it('cleans up after a run that could not do it itself', async () => {
    const left: JobEnd = { status: 'FAILED', outcome: outcome('notMet', false) };
    const { error, jobs } = await night((job) => (job === 'clean-up' ? { status: 'SUCCEEDED' } : left));
    expect([error, names(jobs)]).toEqual(['Headroom.NotMet', ['step-0', 'clean-up']]);
  });

  it('drives no more load on a cluster where a met step left something, cleans up, and is content', async () => {
    const left: JobEnd = { status: 'SUCCEEDED', outcome: outcome('met', false) };
    const { status, jobs, messages } = await night((job) => (job === 'clean-up' ? { status: 'SUCCEEDED' } : left));
    expect([status, names(jobs), messages]).toEqual(['SUCCEEDED', ['step-0', 'clean-up'], []]);
  });

  it('says so when teardown fails too', async () => {
    const { error, messages } = await night(() => ({ status: 'FAILED' }));
    expect(error).toBe('Headroom.Left');
    expect(messages.map(({ subject }) => subject)).toEqual([
      'Headroom course-events: something is left on the cluster',
    ]);
  });

  it('asks Batch for an array when several containers drive the load', async () => {
    const { jobs } = await night(() => notMet, { workers: 4 });
    expect(jobs.map(({ arraySize }) => arraySize)).toEqual([4]);
  });
});

describe.runIf(isThere)('burst credits', () => {
  it.each<[string, (number | null)[], string[]]>([
    ['are left alone where there are none', [null], ['step-0']],
    ['are used up before the use case is proven', [90, 40, 3], ['depletion-1', 'depletion-2', 'step-0']],
    ['are given up on after as many jobs as allowed', [90, 90, 90], ['depletion-1', 'depletion-2', 'step-0']],
  ])('%s', async (_, balances, expected) => {
    const depletion = { metric: 'BurstBalance', floor: 5, attempts: 2, settleSeconds: 0 } as const;
    const definition = nightlyDefinition({ ...props, loadFactors: [1], depletion });
    const { status, jobs } = await run(withBalances(definition, balances), () => met);
    expect([status, jobs.map(({ name }) => name.replace(/^night-\d+-/, ''))]).toEqual(['SUCCEEDED', expected]);
  });
});

/** CloudWatch is doubled by a list: the answer number `depletions` of it, as GetMetricData would give it. */
function withBalances(
  definition: StateMachineDefinition,
  balances: readonly (number | null)[],
): StateMachineDefinition {
  const answers = balances.map((balance) => ({ Values: balance === null ? [] : [balance] }));
  const ReadCredits = {
    Type: 'Pass',
    Parameters: {
      'found.$': `States.ArrayGetItem(States.StringToJson('${JSON.stringify(answers)}'), $.depletions.count)`,
    },
    ResultPath: '$.credits',
    Next: definition.States.ReadCredits?.Next,
  };
  return { ...definition, States: { ...definition.States, ReadCredits } };
}
