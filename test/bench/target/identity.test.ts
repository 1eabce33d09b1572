import type { Admin } from '@platformatic/kafka';
import { describe, expect, it } from 'vitest';
import { requirePinned } from '../../../bench/target/identity.ts';

/** An admin that can do nothing but tell metadata: any write would be a call to a method it lacks. */
function clusterThatSays(id: string | null): Admin {
  return { metadata: async () => ({ id, brokers: new Map(), topics: new Map() }) } as unknown as Admin;
}
const bootstrap = ['kafka.example:9092'];

describe('requirePinned', () => {
  it('returns the id when it is the pinned one', async () => {
    await expect(requirePinned(clusterThatSays('abc'), bootstrap, 'abc')).resolves.toBe('abc');
  });

  it('gives both ids when they differ', async () => {
    await expect(requirePinned(clusterThatSays('abc'), bootstrap, 'xyz')).rejects.toMatchObject({
      code: 'CLUSTER_ID_MISMATCH',
      exitCode: 64,
      message: expect.stringMatching(/is abc, pinned was xyz; nothing was written/),
    });
  });

  it('offers the id found when there is no pin', async () => {
    await expect(requirePinned(clusterThatSays('abc'), bootstrap, null)).rejects.toMatchObject({
      code: 'USAGE',
      exitCode: 64,
      hint: expect.stringContaining('--cluster-id abc'),
    });
  });

  it.each([null, ''])('refuses a cluster whose id is %j', async (id) => {
    await expect(requirePinned(clusterThatSays(id), bootstrap, 'abc')).rejects.toMatchObject({
      code: 'TARGET_UNREACHABLE',
    });
  });

  it('says what failed when no broker answers', async () => {
    const admin = {
      metadata: async () => {
        throw new AggregateError(
          [new Error('tried', { cause: new Error('connect ECONNREFUSED') })],
          'metadata failed 4 times',
        );
      },
    } as unknown as Admin;
    await expect(requirePinned(admin, bootstrap, 'abc')).rejects.toMatchObject({
      code: 'TARGET_UNREACHABLE',
      exitCode: 69,
      message: expect.stringMatching(/kafka.example:9092: connect ECONNREFUSED/),
    });
  });
});
