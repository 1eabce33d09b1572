/** How far replication is behind: what the leaders have appended and their in-sync replicas have not, by the brokers' word. */
import { type Admin, listOffsetsV6 } from '@platformatic/kafka';

export interface ReplicationState {
  readonly unreplicatedRecords: number;
  readonly underReplicated: number;
}

/** Replica ids of the protocol: a consumer is told the high watermark, a debugging client the end of the leader's log. */
const askers = { consumer: -1, debugger: -2 } as const;
const latest = -1n;

/**
 * Over all partitions of the topics. The end of the log is asked first and the watermark after it, so that records that are
 * replicated meanwhile count as replicated: the figure is rather too low.
 */
export async function readReplication(admin: Admin, topics: readonly string[]): Promise<ReplicationState> {
  const { topics: found } = await admin.metadata({ topics: [...topics], forceUpdate: true });
  const byLeader = new Map<number, Map<string, number[]>>();
  let underReplicated = 0;
  for (const [name, { partitions }] of found) {
    for (const [partition, { leader, isr, replicas }] of partitions.entries()) {
      if (isr.length < replicas.length) underReplicated += 1;
      const led = byLeader.get(leader) ?? new Map<string, number[]>();
      byLeader.set(leader, led);
      led.set(name, [...(led.get(name) ?? []), partition]);
    }
  }
  const waiting = await Promise.all([...byLeader].map(([leader, led]) => unreplicatedOn(admin, leader, led)));
  return { underReplicated, unreplicatedRecords: waiting.reduce((sum, records) => sum + records, 0) };
}

async function unreplicatedOn(admin: Admin, leader: number, led: ReadonlyMap<string, number[]>): Promise<number> {
  const [connection] = (await admin.connectToBrokers([leader])).values();
  if (connection === undefined) throw new Error(`no connection to broker ${leader}`);
  const wanted = [...led].map(([name, partitions]) => ({
    name,
    partitions: partitions.map((partitionIndex) => ({ partitionIndex, currentLeaderEpoch: -1, timestamp: latest })),
  }));
  const offsets = async (asker: number): Promise<number> => {
    const { topics } = await listOffsetsV6.api.async(connection, asker, 0, wanted);
    return topics.flatMap(({ partitions }) => partitions).reduce((sum, { offset }) => sum + Number(offset), 0);
  };
  const ends = await offsets(askers.debugger);
  return Math.max(0, ends - (await offsets(askers.consumer)));
}
