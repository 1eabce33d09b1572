import { describe, expect, it } from 'vitest';
import { HeadroomError } from '../../lib/errors.ts';
import type { Plan } from '../../lib/plan/types.ts';
import type { KafkaStacksProps } from '../../lib/stacks/kafka-stacks.ts';
import { MskStack } from '../../lib/stacks/msk-stack.ts';
import { NetworkStack } from '../../lib/stacks/network-stack.ts';
import { newApp, planOf, synthesise } from './synthesise.ts';

type Msk = NonNullable<KafkaStacksProps['msk']>;

const express = planOf({ target: 'msk-express', brokers: null });
const serverless = planOf({ target: 'msk-serverless', brokers: null });
const ofType = (instanceType: string | null): Plan => ({
  ...planOf(),
  cluster: { ...planOf().cluster, instanceType },
  missing: { 'cluster.instanceType': 'none holds this' },
});
const buying = (throughput: number, instanceType: string): Plan => ({
  ...ofType(instanceType),
  storage: { ...planOf().storage, provisionedThroughputMiBps: throughput },
});

describe('the stacks refuse', () => {
  it.each<[string, Plan, Msk, string]>([
    ['a cluster that is there', planOf({ target: 'existing' }), {}, 'existing has no stack'],
    ['another plan', { ...planOf(), schemaVersion: 2 as 1 }, {}, 'this version reads 1, the plan has 2; make it again'],
    ['a plan that chose no type', ofType(null), {}, 'got "": the plan chose none, none holds this'],
    ['an EC2 type', planOf(), { instanceType: 'm7g.large' }, 'msk takes kafka.t3.small'],
    ['a Standard type on Express', express, { instanceType: 'kafka.m7g.large' }, 'msk-express takes express.m7g.large'],
    ['a disk MSK has not', planOf(), { volumeGiB: 20_000 }, 'volumeGiB: a broker takes 1 to 16384 GiB, not 20000'],
    ['a disk that is no number', planOf(), { volumeGiB: Number('ten') }, 'volumeGiB'],
    ['a disk on Express', express, { volumeGiB: 100 }, 'volumeGiB: Express has no disk to choose; leave it out'],
    ['a tier on Express', express, { tieredLocalMs: 1000 }, 'tieredLocal: Express has no tiered storage'],
    ['a type on Serverless', serverless, { instanceType: 'kafka.m7g.large' }, 'MSK Serverless has nothing to choose'],
    ['users on Serverless', serverless, { scramUsers: ['a'] }, 'scramUsers: MSK Serverless has nothing to choose'],
    ['a zone alone', planOf({ zones: 1 }), {}, 'msk spans 2 or 3 zones, not 1'],
    ['Express in 2 zones', { ...express, cluster: { ...express.cluster, zones: 2 } }, {}, 'msk-express spans 3 zones'],
    ['zones with unequal brokers', planOf({ brokers: 4 }), {}, 'a multiple of the 3 zones, not 4 brokers'],
    ['a name too long', { ...planOf(), useCase: 'a'.repeat(64) }, {}, '1 to 64 letters, digits and "-", not the 66'],
    ['half a generation', planOf(), { generation: 1.5 }, 'generation: expected a whole number'],
    ['a version of no list', planOf(), { kafkaVersion: '3.3' }, 'kafkaVersion: msk takes 3.8.x.kraft'],
    [
      'a version that AWS gave up',
      planOf(),
      { kafkaVersion: '3.7.x.kraft' },
      'not "3.7.x.kraft", whose support on MSK ended on 2026-09-01',
    ],
    [
      'a version Express has not',
      express,
      { kafkaVersion: '4.1.x.kraft' },
      'msk-express takes 3.9.x.kraft, 4.2.x.kraft',
    ],
    ['a level of no list', planOf(), { monitoringLevel: 'ALL' as 'DEFAULT' }, 'monitoringLevel: expected DEFAULT'],
    ['a user with a space', planOf(), { scramUsers: ['al ice'] }, 'scramUsers: a user has 1 to 64 letters'],
    ['a user twice', planOf(), { scramUsers: ['a', 'a'] }, 'scramUsers: each user once'],
    ['a key that is no ARN', planOf(), { encryptionKeyArn: 'alias/mine' }, 'encryptionKeyArn: expected an ARN such as'],
    ['throughput the type has not', buying(312, 'kafka.m7g.large'), {}, 'kafka.m7g.large takes 0; take a larger type'],
    ['a tier for t3', ofType('kafka.t3.small'), { tieredLocalMs: 1000 }, 'kafka.t3.small has no tiered storage'],
    ['a tier of no time', planOf(), { tieredLocalMs: 0.5 }, 'tieredLocal: expected whole milliseconds'],
  ])('%s', (_, plan, msk, text) => {
    expect(() => synthesise(plan, { msk })).toThrowError(HeadroomError);
    expect(() => synthesise(plan, { msk })).toThrowError(text);
  });

  it('a network of fewer zones than the plan', () => {
    const app = newApp();
    const { network } = new NetworkStack(app, 'network', { zones: 2 });
    expect(() => new MskStack(app, 'cluster', { plan: planOf(), network })).toThrowError(
      'the plan spreads over 3 zones, the network has subnets in 2',
    );
  });

  it('with all faults at once', () => {
    expect(() => synthesise(planOf(), { msk: { instanceType: '', volumeGiB: 0 } })).toThrowError(
      /instanceType.*volumeGiB/s,
    );
  });
});
