/** What follows from the changes: outcome, steps, text. */
import { describe, expect, it } from 'vitest';
import type { Plan } from '../../../lib/plan/types.ts';
import { classify } from '../../../lib/stacks/changes/classify.ts';
import { reportChanges } from '../../../lib/stacks/changes/report.ts';
import { templatesOfSteps } from '../../../lib/stacks/changes/step-templates.ts';
import { stepsOf } from '../../../lib/stacks/changes/steps.ts';
import { renderChanges } from '../../../lib/stacks/changes/text.ts';
import type { ChangeReport } from '../../../lib/stacks/changes/types.ts';
import { templatesOf } from '../../../lib/stacks/plan-templates.ts';
import { TemplateSet } from '../../../lib/stacks/rules/rule.ts';
import { violationsOf } from '../../../lib/stacks/rules/rule-pack.ts';
import { planOf } from '../synthesise.ts';

type Parts = { readonly [Part in 'cluster' | 'storage']?: Partial<Plan[Part]> };
const plan = planOf();
const with_ = ({ cluster, storage }: Parts, of = plan): Plan => ({
  ...of,
  cluster: { ...of.cluster, ...cluster },
  storage: { ...of.storage, ...storage },
});
const GiB = 2 ** 30;
const small = with_({ cluster: { instanceType: 'kafka.m5.large' }, storage: { provisionedBytesPerBroker: 40 * GiB } });

function report(before: Plan, after: Plan): ChangeReport {
  return reportChanges(
    { name: 'old', plan: before, templates: templatesOf(before) },
    { name: 'new', plan: after, templates: templatesOf(after) },
  );
}

const grown = with_({
  cluster: { instanceType: 'kafka.m5.4xlarge', brokers: 6 },
  storage: { provisionedBytesPerBroker: 100 * GiB, provisionedThroughputMiBps: 400 },
});

describe('steps', () => {
  it('one group of attributes each, throughput after the type that carries it and the threads that use it', () => {
    const { forbiddenTogether, steps, outcome } = report(small, grown);
    expect(outcome).toBe('met');
    expect(forbiddenTogether.map(({ groups }) => groups)).toEqual([
      ['instance type', 'configuration', 'storage', 'brokers'],
    ]);
    expect(steps.map(({ what }) => what)).toEqual([
      ['instance type'],
      ['configuration'],
      ['storage'],
      ['brokers', 'everything else'],
    ]);
  });

  it('disks before brokers that leave', () => {
    const wide = with_({ cluster: { brokers: 6 } }, small);
    const narrow = with_({ storage: { provisionedBytesPerBroker: 80 * GiB } }, small);
    expect(report(wide, narrow).steps.map(({ what }) => what[0])).toEqual(['storage', 'brokers']);
  });

  it('one when MSK takes it in one update, none when it must not be deployed', () => {
    expect(report(small, with_({ cluster: { instanceType: 'kafka.m5.xlarge' } }, small)).steps).toHaveLength(1);
    const refused = report(grown, small);
    expect([refused.outcome, refused.steps]).toEqual(['notMet', []]);
  });
});

describe('the templates of the steps', () => {
  const [before, after] = [templatesOf(small), templatesOf(grown)];
  const between = templatesOfSteps(before, after, stepsOf(classify(before, after)));
  const all = [before, ...between, after];

  it('change one group of the cluster each and nothing else, and end where the change ends', () => {
    const groups = all.slice(1).map((next, index) => classify(all[index] ?? [], next).map(({ group }) => group));
    expect(groups.slice(0, -1).map((found) => [...new Set(found)])).toEqual([
      ['instance type'],
      ['configuration'],
      ['storage'],
    ]);
    expect(new Set(groups.at(-1))).toEqual(new Set(['brokers', null]));
  });

  it('break none of our rules on the way', () => {
    for (const templates of all) expect(violationsOf(new TemplateSet(templates))).toEqual([]);
  });
});

describe('what no template shows', () => {
  const [topic] = plan.topics;
  const changed = (of: Plan, change: Partial<Plan['topics'][number]>): Plan => ({
    ...of,
    topics: of.topics.map((one) => ({ ...one, ...change })),
  });

  it('the settings and threads of clients', () => {
    const producer = { ...topic?.producer, acks: '1' } as Plan['topics'][number]['producer'];
    const groups = topic?.groups.map((group) => ({ ...group, threads: 99 })) ?? [];
    const { changes, steps } = report(plan, changed(plan, { producer, groups }));
    expect(changes.map(({ type, path, before, after }) => [type, path, before, after])).toEqual([
      ['clients', 'threads', '10', '99'],
      ['clients', 'acks', 'all', '1'],
    ]);
    expect(steps.map(({ what }) => what)).toEqual([['clients']]);
  });

  it('the topics of Serverless', () => {
    const serverless = planOf({ target: 'msk-serverless', brokers: null });
    expect(report(serverless, changed(serverless, { partitions: 4 })).errors).toMatchObject([
      { type: 'topic', path: 'partitions', effect: 'refused' },
    ]);
    expect(report(serverless, { ...serverless, topics: [] }).errors).toMatchObject([{ effect: 'remove' }]);
    expect(report({ ...serverless, topics: [] }, serverless).outcome).toBe('met');
  });
});

describe('the text', () => {
  it('says what happens, what to mind and in which steps', () => {
    expect(renderChanges(report(small, grown))).toMatchInlineSnapshot(`
      "old -> new: 52 changes, 0 errors

      effect    of                              what                           from -> to
      rolling   KafkaConfiguration2E1CE142      num.replica.fetchers           none -> 4
      rolling   KafkaCluster21A1BE89            InstanceType                   kafka.m5.large -> kafka.m5.4xlarge
      in place  KafkaCluster21A1BE89            ProvisionedThroughput.Enabled  none -> true
      in place  KafkaCluster21A1BE89            VolumeThroughput               none -> 400
      in place  KafkaCluster21A1BE89            VolumeSize                     40 -> 100
      in place  KafkaCluster21A1BE89            NumberOfBrokerNodes            3 -> 6
      in place  1 x AWS::CloudWatch::Dashboard
      add       45 x AWS::CloudWatch::Alarm

      forbidden together on KafkaCluster21A1BE89: instance type, configuration, storage, brokers; MSK takes one of them an update

      to mind:
        InstanceType: each broker is away for 10 to 15 minutes
        ProvisionedThroughput.Enabled, VolumeThroughput, VolumeSize: the disks cannot grow again for 6 to 24 hours
        NumberOfBrokerNodes: new brokers hold nothing until partitions are moved to them: kafka-reassign-partitions

      steps, each a deployment of its own:
        1. instance type (rolling); each broker is away for 10 to 15 minutes
        2. configuration (rolling)
        3. storage (in place); the disks cannot grow again for 6 to 24 hours
        4. brokers, everything else (add); new brokers hold nothing until partitions are moved to them: kafka-reassign-partitions
      "
    `);
  });

  it('names every error with what to do', () => {
    const text = renderChanges(report(grown, small));
    expect(text).toMatch(/^old -> new: \d+ changes, 1 error\n/);
    expect(text).toContain('errors, not to be deployed:\n  refused: VolumeSize of Kafka');
    expect(text).not.toContain('steps');
  });

  it('of no change is one line', () => {
    expect(renderChanges(report(plan, plan))).toBe('old -> new: no change\n');
  });
});
