/**
 * Worker processes on a real cluster that meet in a folder or in a control topic: one load, read back by id, what all found in
 * one histogram, and one of three killed with -9 in mid-run.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { decodeFromCompressedBase64 } from 'hdr-histogram-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultDriver } from '../../bench/drivers/index.ts';
import type { LocalCluster } from '../../bench/local/local-cluster.ts';
import { startLocalCluster } from '../../bench/local/start.ts';
import { packageRoot } from '../../bench/package-root.ts';
import { createAdmin } from '../../bench/target/connect.ts';
import { controlTopicOf, openControlTopic } from '../../bench/workers/control-topic.ts';
import { emptyFolderMeeting, folderMeeting } from '../../bench/workers/folder-meeting.ts';
import { type Meeting, names, type WorkerResult } from '../../bench/workers/meeting.ts';
import { openWorkers } from '../../bench/workers/session.ts';
import { createLatencyRecorder } from '../../lib/measurement/latency.ts';
import type { Latency, TopicMeasurement } from '../../lib/measurement/types.ts';
import { loadTopic, phaseSpec } from '../bench/load/load-topic.ts';

const workers = [0, 1, 2];
let folder = '';
let cluster: LocalCluster;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headroom-workers-'));
  const signal = new AbortController().signal;
  cluster = await startLocalCluster({ brokers: 1, dir: join(folder, 'cluster'), onProgress: () => {}, signal });
});

afterAll(async () => {
  await cluster?.stop();
  await rm(folder, { recursive: true, force: true });
});

interface Met {
  /** For the run. */
  readonly meeting: Meeting;
  /** For the test, which looks on. */
  readonly onlooker: Meeting;
  readonly args: readonly string[];
}

const places: readonly (readonly [string, () => Promise<Met>])[] = [
  [
    'a folder',
    async () => {
      const meet = join(folder, 'meet');
      return { meeting: await emptyFolderMeeting(meet), onlooker: folderMeeting(meet), args: [meet] };
    },
  ],
  [
    'a control topic',
    async () => {
      const topic = controlTopicOf('0a1b2c3d');
      await createTopic(topic, 1);
      const [meeting, onlooker] = [await openControlTopic(cluster, topic), await openControlTopic(cluster, topic)];
      return { meeting, onlooker, args: [topic, '--bootstrap', cluster.bootstrap.join(',')] };
    },
  ],
];

describe.each(places)('three worker processes that meet in %s', (place, meet) => {
  it('drive one load, and one killed in mid-run is told, beside what the others verified', async () => {
    const { meeting, onlooker, args } = await meet();
    const topic = loadTopic({ clusterTopic: `workers-${place.length}`, partitions: 2, load: { producers: 3 } });
    await createTopic(topic.clusterTopic, 2);
    const children: ChildProcess[] = [];
    const incidents: string[] = [];
    const session = await openWorkers(
      {
        target: { bootstrap: cluster.bootstrap, clientId: 'test' },
        driver: defaultDriver,
        topics: [topic],
        seed: 7,
        onIncident: ({ kind, message }) => incidents.push(`${kind}: ${message}`),
      },
      {
        meeting,
        workers: workers.length,
        readyWithinMs: 90_000,
        command: `headroom worker ${args.join(' ')} --index I`,
        start: () => children.push(...workers.map((index) => startWorker(args, index))),
      },
    );
    try {
      const phase = phaseSpec({ ratePerSec: { orders: 300 }, measureMs: 1_000, drainMaxMs: 30_000 });
      const whole = (await session.run(phase)).topics[0];
      expect(whole).toMatchObject({ offeredPerSec: 300, acknowledged: whole?.scheduled, unsent: 0 });
      expect(whole?.publish.count).toBe(whole?.scheduled);
      expect(session.integrity()).toMatchObject([{ unknown: 0, groups: [{ lost: 0, unseen: 0, duplicates: 0 }] }]);
      const parts = await Promise.all(workers.map((worker) => topicOfResult(onlooker, worker)));
      expect(parts.map(({ offeredPerSec }) => offeredPerSec)).toEqual([100, 100, 100]);
      expect(whole?.publish).toEqual(replayed(parts.map(({ publish }) => publish)));
      expect(whole?.groups[0]?.endToEnd).toEqual(
        replayed(parts.flatMap(({ groups }) => groups.map((g) => g.endToEnd))),
      );
      expect(incidents).toEqual([]);
      const running = session.run({ ...phase, measureMs: 3_000 });
      while ((await onlooker.get(names.phase(1))) === null) await sleep(20);
      children[1]?.kill('SIGKILL');
      const rest = await running;
      expect(rest.topics[0]?.offeredPerSec).toBeCloseTo(200, 6);
      expect(incidents).toEqual(['workerLost: worker 1 was lost during the run']);
    } finally {
      await session.close();
      await onlooker.close();
      await Promise.all(
        children.map((child) => child.exitCode ?? child.signalCode ?? new Promise((gone) => child.once('exit', gone))),
      );
    }
    expect(children.map(({ exitCode, signalCode }) => exitCode ?? signalCode)).toEqual([0, 'SIGKILL', 0]);
  });
});

async function createTopic(name: string, partitions: number): Promise<void> {
  const admin = createAdmin(cluster.bootstrap);
  await admin.createTopics({ topics: [name], partitions, replicas: 1 });
  await admin.close();
}

async function topicOfResult(meeting: Meeting, worker: number): Promise<TopicMeasurement> {
  const found = await meeting.get<WorkerResult>(names.result(worker, 0));
  const [topic] = found?.result.topics ?? [];
  if (topic === undefined) throw new Error(`worker ${worker} left no result`);
  return topic;
}

/** Every sample of every worker, put one by one into the recorder of one process. */
function replayed(latencies: readonly Latency[]): Latency {
  const recorder = createLatencyRecorder();
  for (const { histogram, count } of latencies) {
    if (histogram === null) continue;
    const samples = decodeFromCompressedBase64(histogram);
    for (let rank = 0.5; rank < count; rank += 1) {
      recorder.recordMs(samples.getValueAtPercentile((rank / count) * 100) / 1_000);
    }
  }
  return recorder.toLatency();
}

function startWorker(args: readonly string[], index: number): ChildProcess {
  const program = join(packageRoot, 'dist', 'bin', 'headroom.js');
  return spawn(process.execPath, [program, 'worker', ...args, '--index', String(index)], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}
