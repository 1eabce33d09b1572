/** The nightly bench as a template: what may be done by whom, what bounds it, what it refuses. Its control flow runs in test/integration. */
import { createRequire } from 'node:module';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Validations } from 'aws-cdk-lib/core';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';
import { worstNightUsd } from '../../lib/constructs/nightly/night-cost.ts';
import { HeadroomError } from '../../lib/errors.ts';
import { planUseCase } from '../../lib/plan/plan.ts';
import type { Plan } from '../../lib/plan/types.ts';
import type { ClusterRequirement } from '../../lib/requirements/types.ts';
import { BenchStack, type BenchStackProps } from '../../lib/stacks/bench-stack.ts';
import { MskStack } from '../../lib/stacks/msk-stack.ts';
import { NetworkStack } from '../../lib/stacks/network-stack.ts';
import { topicOf, useCaseOf } from '../plan/use-cases.ts';
import { newApp } from './synthesise.ts';

function planOf(cluster: Partial<ClusterRequirement> = {}): Plan {
  return planUseCase(useCaseOf([topicOf()], { region: 'us-east-1', ...cluster }));
}

function benchOf(change: Partial<BenchStackProps> = {}, network = { outbound: true }, plan = planOf()): BenchStack {
  const app = newApp();
  const made = new NetworkStack(app, 'network', { zones: plan.cluster.zones, ...network });
  const { cluster } = new MskStack(app, 'cluster', { plan, network: made.network });
  return new BenchStack(app, 'bench', {
    plan,
    cluster,
    image: 'headroom:0.1.0',
    useCaseText: 'useCase: course-events\n',
    ...change,
  });
}

const template = Template.fromStack(benchOf());
interface Statement {
  Effect: string;
  Action: string | string[];
  Resource: unknown;
}
const statements = Object.values(template.findResources('AWS::IAM::Policy')).flatMap(
  ({ Properties }) => Properties.PolicyDocument.Statement as Statement[],
);
const actionsOf = ({ Action }: Statement): string[] => [Action].flat();

describe('the nightly bench', () => {
  it('runs every night, one container at a time, with a time limit and one attempt', () => {
    template.hasResourceProperties('AWS::Events::Rule', { ScheduleExpression: 'cron(0 3 * * ? *)' });
    template.hasResourceProperties('AWS::Batch::ComputeEnvironment', {
      ComputeResources: { Type: 'FARGATE', MaxvCpus: 4 },
    });
    template.hasResourceProperties('AWS::Batch::JobDefinition', {
      Timeout: { AttemptDurationSeconds: 1_200 },
      RetryStrategy: { Attempts: 1 },
      ContainerProperties: { Environment: Match.arrayWith([{ Name: 'HEADROOM_WORKERS', Value: '1' }]) },
    });
    template.hasResourceProperties('AWS::Batch::JobQueue', {
      JobStateTimeLimitActions: Match.arrayWith([Match.objectLike({ State: 'RUNNABLE', Action: 'CANCEL' })]),
    });
  });

  it('keeps results versioned and private, and nothing that outlives the stack by policy', () => {
    template.hasResourceProperties('AWS::S3::Bucket', {
      VersioningConfiguration: { Status: 'Enabled' },
      PublicAccessBlockConfiguration: Match.objectLike({ BlockPublicAcls: true, RestrictPublicBuckets: true }),
    });
    for (const resource of Object.values(template.toJSON().Resources as Record<string, { DeletionPolicy?: string }>))
      expect(resource.DeletionPolicy ?? 'Delete').toBe('Delete');
  });

  it('holds a state machine that is valid ASL once it is filled in', () => {
    const [machine] = Object.values(template.findResources('AWS::StepFunctions::StateMachine'));
    const { DefinitionString, DefinitionSubstitutions } = machine?.Properties ?? {};
    const text = (typeof DefinitionString === 'string' ? DefinitionString : joined(DefinitionString)).replaceAll(
      /\$\{(\w+)\}/g,
      (_, name: string) => {
        expect(Object.keys(DefinitionSubstitutions)).toContain(name);
        return 'aws';
      },
    );
    const validate = createRequire(import.meta.url)('asl-validator') as (definition: unknown) => {
      isValid: boolean;
      errorsText: () => string;
    };
    const found = validate(JSON.parse(text));
    expect(found.isValid, found.errorsText()).toBe(true);
  });

  it('tells of nights that were stopped or ran out of time', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: Match.objectLike({ detail: Match.objectLike({ status: ['ABORTED', 'TIMED_OUT'] }) }),
    });
  });
});

describe('least privilege of the bench', () => {
  it('names each action: no family of them', () => {
    const starred = statements.flatMap(actionsOf).filter((action) => action.includes('*'));
    expect(starred).toEqual([]);
  });

  it('names all resources only where AWS knows none smaller', () => {
    const everywhere = statements.filter(({ Resource }) => [Resource].flat().includes('*')).flatMap(actionsOf);
    const unnarrowable = [
      'batch:DescribeJobs',
      'batch:ListJobs',
      'cloudwatch:GetMetricData',
      'ecr:GetAuthorizationToken',
    ];
    const rest = everywhere.filter((action) => !unnarrowable.includes(action));
    // Tracing and the delivery of logs, as AWS prescribes them.
    expect(rest.filter((action) => !/^(logs|xray):/.test(action))).toEqual([]);
  });

  it('writes only topics of its own runs, and its own results', () => {
    const writing = statements.filter((one) => actionsOf(one).includes('kafka-cluster:WriteData'));
    expect(writing).toHaveLength(1);
    expect(JSON.stringify(writing[0]?.Resource)).toContain('/headroom-*');
    const putting = statements.filter((one) => actionsOf(one).includes('s3:PutObject'));
    expect(JSON.stringify(putting.map(({ Resource }) => Resource))).toContain('/runs/course-events/*');
  });
});

describe('cdk-nag, AwsSolutions', () => {
  // Each wildcard in a resource is a finding of its own whose id holds the tokens of other stacks, so they are explained here.
  const explained = [
    [/\[Resource::\*\]/, 'pulling an image, describing jobs, metrics, tracing and log delivery know no resource'],
    [/:batch:.*:job\/\*\]/, 'a job has no name before it is submitted'],
    [/\/runs\/course-events\/\*(\/outcome\.json)?\]/, 'objects of this use case alone'],
    [/OutputFnGetAttKafkaCluster/, 'topics, groups and transactions of runs; names of others; the configuration'],
  ] as const;

  it('has nothing against the bench but wildcards in resources, each explained', () => {
    const app = newApp();
    const plan = planOf();
    const { network } = new NetworkStack(app, 'network', { zones: 3, outbound: true });
    const { cluster } = new MskStack(app, 'cluster', { plan, network });
    new BenchStack(app, 'bench', { plan, cluster, image: 'headroom:0.1.0', useCaseText: 'useCase: course-events' });
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    let report = '';
    try {
      app.synth();
    } catch (error) {
      report = String(error);
    }
    const found = [...report.matchAll(/Acknowledge with '(.*)'/g)].map(([, id]) => id ?? '');
    expect(found.length).toBeGreaterThan(0);
    const others = found.filter((id) => !id.startsWith('AwsSolutions::AwsSolutions-IAM5['));
    expect(others).toEqual([]);
    expect(found.filter((id) => !explained.some(([pattern]) => pattern.test(id)))).toEqual([]);
  });
});

describe('the cost of a night', () => {
  const bounds = { workers: 2, vcpu: 4, memoryGiB: 8, jobSeconds: 3_600, loadFactors: [1, 2], depletions: 1 };
  const prices = { vcpuHourUsd: 0.04, memoryGbHourUsd: 0.005 };
  it('is that of every job at its limit, and of the bytes across zones', () => {
    const plan = { ingressBytesPerSec: 2 ** 30 / 3_600, egressBytesPerSec: 0 };
    // (3 loads x 2 workers + clean-up) h x 0.2 USD/h, and 1 + 2 + 2 GB x 0.02 USD.
    expect(worstNightUsd(bounds, prices, { plan, region: 'us-east-1' })).toBeCloseTo(7 * 0.2 + 5 * 0.02, 10);
  });
  it('is in the outputs', () => {
    const { worstNightUsd: usd } = benchOf();
    expect(usd).toBeGreaterThan(0);
    template.hasOutput('WorstNightUsd', { Value: usd.toFixed(2) });
  });
});

describe('the bench refuses', () => {
  it.each<[string, () => BenchStack, string]>([
    ['a night beyond the cap', () => benchOf({ costCapUsd: 0.1 }), 'costCapUsd: a night could cost'],
    ['more workers than the cap allows', () => benchOf({ workers: 100 }), 'costCapUsd'],
    ['half a worker', () => benchOf({ workers: 1.5 }), 'workers: 1 to 100, got 1.5'],
    ['a load that does not begin at the use case', () => benchOf({ loadFactors: [2, 3] }), 'loadFactors'],
    ['a load that falls', () => benchOf({ loadFactors: [1, 3, 2] }), 'rise from 1'],
    ['windows out of bounds', () => benchOf({ measureMinutes: 11 }), 'measureMinutes'],
    [
      'a use case too long',
      () => benchOf({ useCaseText: 'x'.repeat(9_000) }),
      'useCaseText: at most 8192 bytes, got 9000',
    ],
    ['a network without a way out', () => benchOf({}, { outbound: false }), 'no subnets with a way out'],
    [
      'a region without prices',
      () => benchOf({}, { outbound: true }, planOf({ region: 'eu-west-1' })),
      'fargatePrices',
    ],
  ])('%s', (_, make, text) => {
    expect(make).toThrowError(HeadroomError);
    expect(make).toThrowError(text);
  });

  it('all faults at once', () => {
    expect(() => benchOf({ workers: 0, measureMinutes: 0 })).toThrowError(/workers.*\n.*measureMinutes/);
  });
});

/** Fn::Join with every token as a word. */
function joined(value: { 'Fn::Join': [string, unknown[]] }): string {
  return value['Fn::Join'][1].map((part) => (typeof part === 'string' ? part : 'token')).join('');
}
