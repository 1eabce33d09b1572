import type { Admin } from '@platformatic/kafka';
import { describe, expect, it } from 'vitest';
import { runLengths } from '../../../bench/run-lengths.ts';
import { requireDiskRoom, runBytes } from '../../../bench/target/disk-room.ts';
import { planUseCase } from '../../../lib/plan/plan.ts';
import { topicOf, useCaseOf } from '../../plan/use-cases.ts';

function adminOf(disks: readonly (readonly [broker: number, total: number, usable: number])[]): Admin {
  const describeLogDirs = async () =>
    disks.map(([broker, total, usable]) => ({
      broker,
      results: [{ totalBytes: BigInt(total), usableBytes: BigInt(usable), topics: [] }],
    }));
  return { describeLogDirs } as unknown as Admin;
}

const room = [1, 2, 3].map((broker) => [broker, 100e9, 50e9] as const);

describe('room on the disks', () => {
  it('is enough when every broker keeps as much free as the run takes', async () => {
    expect(await requireDiskRoom(adminOf(room), 3, 3 * 25e9)).toBeNull();
  });

  it('is too little on one broker, which is named', async () => {
    const tight = adminOf([...room.slice(0, 2), [3, 100e9, 1e9]]);
    await expect(requireDiskRoom(tight, 3, 3 * 0.6e9)).rejects.toMatchObject({
      code: 'DISK_FULL',
      message: expect.stringMatching(/up to 600 MB to each broker.*broker 3 has 1 GB free of 100 GB$/),
    });
  });

  it.each([
    ['does not tell', adminOf([[1, -1, -1]])],
    ['refuses to tell', { describeLogDirs: () => Promise.reject(new Error('not authorised')) } as unknown as Admin],
  ])('is unknown, not enough, when a broker %s', async (_, admin) => {
    expect(await requireDiskRoom(admin, 3, 1)).toMatch(/room/);
  });

  it('is reckoned from rates, windows, copies and replicas', () => {
    const plan = planUseCase(useCaseOf([topicOf()]));
    const lengths = runLengths({ measureMs: 10_000, tradeOff: false, retention: false });
    const [topic] = plan.topics;
    const { averagePerSec = 0, peakPerSec = 0, messageSizeBytes = 0 } = topic?.load ?? {};
    const windows = 18.5 * (averagePerSec + peakPerSec);
    expect(runBytes(plan, lengths)).toBe(windows * (messageSizeBytes + 80) * (topic?.replicationFactor ?? 0));
    const withTradeOff = runLengths({ measureMs: 10_000, tradeOff: true, retention: false });
    expect(runBytes(plan, withTradeOff)).toBeGreaterThan(runBytes(plan, lengths));
  });
});
