/** The state machine as text: valid ASL, every wait bounded, every failure leads to teardown. Executed in test/integration. */
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { type NightlyDefinitionProps, nightlyDefinition } from '../../../lib/constructs/nightly/nightly-definition.ts';

const validate = createRequire(import.meta.url)('asl-validator') as (definition: unknown) => {
  isValid: boolean;
  errorsText: () => string;
};

const props: NightlyDefinitionProps = {
  useCase: 'course-events',
  clusterName: 'course-events-1',
  loadFactors: [1, 1.5, 2],
  workers: 1,
  pollSeconds: 30,
  mostPolls: 80,
  depletion: null,
  command: ({ load, folder }) => ['prove', 'use-case.yaml', '--nightly', '--load', load, '--upload', folder],
  cleanUpCommand: (folder) => ['prove', 'use-case.yaml', '--clean-up', folder],
};
const depletion = { metric: 'BurstBalance', floor: 5, attempts: 2, settleSeconds: 360 } as const;
const variants: [string, Partial<NightlyDefinitionProps>][] = [
  ['alone', {}],
  ['with several workers', { workers: 8 }],
  ['with depletion', { depletion }],
];

type AnyState = Record<string, unknown> & { Type: string; Catch?: { Next: string }[] };

function statesOf(change: Partial<NightlyDefinitionProps>): [string, AnyState][] {
  return Object.entries(nightlyDefinition({ ...props, ...change }).States) as [string, AnyState][];
}

describe.each(variants)('the nightly state machine %s', (_, change) => {
  it('is valid', () => {
    const definition = JSON.parse(
      JSON.stringify(nightlyDefinition({ ...props, ...change })).replaceAll(`\${Partition}`, 'aws'),
    );
    const found = validate(definition);
    expect(found.isValid, found.errorsText()).toBe(true);
  });

  it('bounds every question, tries it again, and catches its failure', () => {
    for (const [name, state] of statesOf(change).filter(([, { Type }]) => Type === 'Task')) {
      expect([name, state.TimeoutSeconds]).toEqual([name, 60]);
      expect([name, state.Retry]).toEqual([name, [expect.objectContaining({ MaxAttempts: 3 })]]);
      expect([name, state.Catch]).toEqual([name, [expect.objectContaining({ ErrorEquals: ['States.ALL'] })]]);
    }
  });

  it('leads every failure before teardown into teardown, and every one in it to somebody', () => {
    const caught = statesOf(change).flatMap(([, state]) => state.Catch?.map(({ Next }) => Next) ?? []);
    expect(new Set(caught)).toEqual(new Set(['FindJobs', 'TellLeft', 'NotMet', 'NoVerdict', 'Left']));
  });

  it('ends only in states that say how', () => {
    const ends = statesOf(change).filter(([, { Type }]) => Type === 'Succeed' || Type === 'Fail');
    expect(ends.map(([name]) => name)).toEqual(['Met', 'NotMet', 'NoVerdict', 'Left']);
  });
});

describe('the bounds of a night', () => {
  it('leave room for every job and for teardown', () => {
    const jobs = 3 + 2 + 1;
    const { TimeoutSeconds } = nightlyDefinition({ ...props, depletion });
    expect(TimeoutSeconds).toBeGreaterThan(jobs * 80 * 30 + 360);
    expect(TimeoutSeconds).toBeLessThan(24 * 3_600);
  });

  it('asks for the credits of this cluster', () => {
    const text = JSON.stringify(nightlyDefinition({ ...props, depletion }).States.ReadCredits);
    expect(text).toContain('BurstBalance');
    expect(text).toContain('course-events-1');
  });

  it('is caught by the validator when a state is missing', () => {
    const { States, ...rest } = nightlyDefinition(props);
    const { FindJobs: _, ...others } = States;
    expect(validate({ ...rest, States: others }).isValid).toBe(false);
  });
});
