/** Everything that is in a topic now, in the order of each partition's log. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { DriverTarget } from '../drivers/driver.ts';
import { Cluster } from '../engine/cluster.ts';
import { EngineConsumer } from '../engine/consumer.ts';
import { offsetsOf } from '../engine/list-offsets.ts';

export interface StoredRecord {
  readonly partition: number;
  readonly offset: number;
  readonly value: Buffer;
}

const withinMs = 20_000;
const pollMs = 20;

/** Rejects when the end is not reached within 20 s. */
export async function readBack(
  target: DriverTarget,
  topic: string,
  partitions: number,
): Promise<readonly StoredRecord[]> {
  const all = Array.from({ length: partitions }, (_, partition) => partition);
  const ends = await endsOf(target, topic, all);
  const records: StoredRecord[] = [];
  let failure: Error | null = null;
  const consumer = new EngineConsumer(
    target,
    { checkCrc: true },
    {
      visitorOf: (_, partition) => (offset, _timestampMs, bytes, _keyStart, _keyEnd, valueStart, valueEnd) => {
        // A copy: the chunk is used again.
        if (valueStart >= 0)
          records.push({ partition, offset, value: Buffer.from(bytes.subarray(valueStart, valueEnd)) });
      },
      onError: (error) => {
        failure = error;
      },
    },
  );
  try {
    await consumer.assign(all.map((partition) => ({ topic, partition, from: 'beginning' as const })));
    const untilMs = performance.now() + withinMs;
    const isBehind = () => consumer.positions().some(({ partition, offset }) => offset < (ends[partition] ?? 0));
    while (isBehind()) {
      if (failure !== null) throw failure;
      if (performance.now() > untilMs) throw new Error(`${topic} could not be read to its end in ${withinMs} ms`);
      await sleep(pollMs);
    }
    return records;
  } finally {
    consumer.close();
  }
}

async function endsOf(target: DriverTarget, topic: string, partitions: readonly number[]): Promise<readonly number[]> {
  const cluster = new Cluster(target, { requestTimeoutMs: withinMs });
  try {
    await cluster.refresh([topic]);
    return await offsetsOf(
      cluster,
      partitions.map((partition) => ({ topic, partition, from: 'end' as const })),
    );
  } finally {
    cluster.close();
  }
}
