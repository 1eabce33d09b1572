import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CommandContext } from '../../bin/command.ts';
import { proveTarget } from '../../bin/prove-target.ts';
import { planUseCase } from '../../lib/plan/plan.ts';
import type { Plan } from '../../lib/plan/types.ts';
import { clusterArn, type MskApi, startMskApi, usualAnswers } from '../doubles/msk-api.ts';
import { topicOf, useCaseOf } from '../plan/use-cases.ts';

const planned = planUseCase(useCaseOf([topicOf()]));
/** One that the double's answers fulfil, whatever the model chooses today. */
const plan: Plan = {
  ...planned,
  cluster: { ...planned.cluster, instanceType: usualAnswers.instanceType },
  storage: { ...planned.storage, provisionedBytesPerBroker: null, provisionedThroughputMiBps: 0 },
};
const target = (options: CommandContext['options']) =>
  proveTarget({ options, cwd: '.' } as unknown as CommandContext, plan);

let api: MskApi;
beforeAll(async () => {
  api = await startMskApi();
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_KAFKA: api.endpoint,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  });
});
afterAll(async () => {
  for (const name of ['AWS_ENDPOINT_URL_KAFKA', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) delete process.env[name];
  await api.close();
});
beforeEach(() => {
  api.answers = usualAnswers;
});

describe('the target of prove', () => {
  it('is a local cluster when none is named', async () => {
    expect(await target({})).toEqual({ kind: 'local' });
  });

  it.each([
    [
      'iam',
      { bootstrapBrokerStringSaslIam: 'b-1:9098', bootstrapBrokerStringTls: 'b-1:9094' },
      'b-1:9098',
      'OAUTHBEARER',
    ],
    [
      'plaintext',
      { bootstrapBrokerString: 'b-1:9092', bootstrapBrokerStringSaslScram: 'b-1:9096' },
      'b-1:9092',
      undefined,
    ],
    ['TLS', { bootstrapBrokerStringTls: 'b-1:9094' }, 'b-1:9094', undefined],
  ])('of an ARN uses the listener with %s', async (_, bootstrap, address, mechanism) => {
    api.answers = { ...usualAnswers, bootstrap };
    const found = await target({ 'cluster-arn': clusterArn });
    expect(found).toMatchObject({ kind: 'existing', bootstrap: [address], clusterId: null });
    expect(found.kind === 'existing' ? found.security?.sasl?.mechanism : null).toBe(mechanism);
  });

  it('says what is offered when nothing of it can be used', async () => {
    api.answers = { ...usualAnswers, bootstrap: { bootstrapBrokerStringSaslScram: 'b-1:9096' } };
    await expect(target({ 'cluster-arn': clusterArn })).rejects.toMatchObject({
      code: 'TARGET_UNREACHABLE',
      message: expect.stringContaining('offers the listeners scram'),
      hint: expect.stringContaining('--client-config'),
    });
  });

  it('is refused when it is not the one planned', async () => {
    api.answers = { ...usualAnswers, brokers: 6 };
    await expect(target({ 'cluster-arn': clusterArn })).rejects.toMatchObject({
      code: 'CLUSTER_DIFFERS',
      exitCode: 64,
    });
  });

  it.each([
    [{ 'cluster-arn': clusterArn, bootstrap: 'b:9092' }, /both name a cluster/],
    [{ 'cluster-arn': 'course-events-1' }, /expected the ARN of an MSK cluster/],
    [{ 'cluster-id': 'x' }, /there is no --bootstrap/],
    [{ bootstrap: 'b' }, /expected host:port/],
  ])('is refused for %j', async (options, text) => {
    await expect(target(options)).rejects.toThrow(text);
  });
});
