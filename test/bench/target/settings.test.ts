import type { Admin } from '@platformatic/kafka';
import { describe, expect, it } from 'vitest';
import { readBrokerSettings, retentionCheckIntervalMs } from '../../../bench/target/settings.ts';

function adminThatDescribes(describeConfigs: () => Promise<unknown>): Admin {
  return { describeConfigs } as unknown as Admin;
}

describe('readBrokerSettings', () => {
  it('gives each value with its broker where brokers differ, and remarks nothing', async () => {
    const notes: string[] = [];
    const broker = (id: string, value: string) => ({
      resourceName: id,
      configs: [
        { name: 'num.io.threads', value },
        { name: 'log.retention.check.interval.ms', value: '300000' },
      ],
    });
    const admin = adminThatDescribes(async () => [broker('1', '8'), broker('2', '16')]);
    const settings = await readBrokerSettings(admin, [1, 2], (note) => notes.push(note));
    expect(settings).toContainEqual({
      subject: 'broker',
      setting: 'num.io.threads',
      planned: null,
      found: '8 (broker 1), 16 (broker 2)',
    });
    expect(retentionCheckIntervalMs(settings)).toBe(300_000);
    expect(notes).toEqual([]);
  });

  it('is null for every setting when the cluster refuses, with the reason in a remark', async () => {
    const notes: string[] = [];
    const admin = adminThatDescribes(async () => {
      throw new AggregateError([new Error('CLUSTER_AUTHORIZATION_FAILED')], 'failed 4 times');
    });
    const settings = await readBrokerSettings(admin, [1, 2], (note) => notes.push(note));
    expect(settings.length).toBeGreaterThan(5);
    expect(settings.every(({ subject, found }) => subject === 'broker' && found === null)).toBe(true);
    expect(retentionCheckIntervalMs(settings)).toBeNull();
    expect(notes).toEqual(['the brokers did not tell their settings: CLUSTER_AUTHORIZATION_FAILED']);
  });
});
