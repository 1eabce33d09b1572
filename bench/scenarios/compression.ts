/** Compression codec x entropy of the values x batch size: what a codec saves on the wire and on disk, and what it costs in CPU. */

import { interleave } from '../../lib/experiment/grid.ts';
import { type Answer, answered, inconclusive } from '../../lib/experiment/scenario-result.ts';
import { median } from '../../lib/measurement/statistics.ts';
import type { Compression } from '../../lib/requirements/types.ts';
import type { DriverProducer } from '../drivers/driver.ts';
import { createPayload, type Payload } from '../load/payload.ts';
import { readBytesOnDisk } from '../target/log-dirs.ts';
import { effects } from './effects.ts';
import type { Scenario, TrialContext, TrialResult } from './scenario.ts';

const codecs: readonly Compression[] = ['none', 'gzip', 'snappy', 'lz4', 'zstd'];
const entropies = [0, 0.5, 1] as const;
const batchSizes = [16_384, 131_072] as const;
const rounds = 3;
/** Of one run of one cell, before compression. */
const runBytes = 7_500_000;
const deliveryTimeoutMs = 30_000;
const topicName = 'codecs';

export const compression: Scenario = {
  question: 'what does compression cost, and when does it pay?',
  method: `Under load: the use case with each codec, in interleaved rounds. Codec x entropy x batch size: ${runBytes / 1e6} MB of plain values of the use case's size, of which no byte, half of the bytes or all are random, are sent with each codec in batches of two sizes, ${rounds} interleaved rounds; bytes by DescribeLogDirs, CPU of the whole process. Saved MB per CPU second is what a codec saves of the uncompressed bytes, divided by the CPU it adds.`,
  grid: {
    vary: ['compression.type=none,lz4,zstd'],
    kind: 'full',
    rounds: 8,
    measureMs: 500,
    figures: [
      'publishP50Ms',
      'publishP99Ms',
      'clientCpuMicrosPerRecord',
      'brokerCpuMicrosPerRecord',
      'wireBytesPerRecord',
      'diskBytesPerRecord',
    ],
    answer: (analysis) => effects(analysis, ['publishP99Ms', 'clientCpuMicrosPerRecord', 'wireBytesPerRecord']),
  },
  trial: {
    durationMs: 28_000,
    groups: [],
    topics: () => [{ name: topicName, partitions: 1, replicationFactor: 1, config: {} }],
    run,
  },
};

interface Cell {
  readonly codec: Compression;
  readonly entropy: number;
  readonly batchBytes: number;
}

interface Run {
  readonly cell: Cell;
  readonly wireBytesPerRecord: number;
  readonly cpuMicrosPerRecord: number;
}

interface Row extends Cell {
  readonly wireBytes: number;
  readonly cpuMicros: number;
  readonly ratio: number;
  /** Null for none, and where nothing is saved. */
  readonly savedMbPerCpuSec: number | null;
}

async function run(context: TrialContext): Promise<TrialResult> {
  const { driver, seed, signal, tell } = context;
  const able = codecs.filter((codec) => driver.compressions.includes(codec));
  const cells = able.flatMap((codec) =>
    entropies.flatMap((entropy) => batchSizes.map((batchBytes): Cell => ({ codec, entropy, batchBytes }))),
  );
  const payloads = new Map(entropies.map((entropy) => [entropy as number, payloadOf(context, entropy)]));
  const producers = new Map<Compression, DriverProducer>();
  const runs: Run[] = [];
  try {
    for (const codec of able) producers.set(codec, await connect(context, codec));
    for (const cell of interleave(cells, rounds, seed)) {
      signal.throwIfAborted();
      tell(`${cell.codec}, entropy ${cell.entropy}, batches of ${cell.batchBytes} B`);
      const payload = payloads.get(cell.entropy);
      const producer = producers.get(cell.codec);
      if (payload !== undefined && producer !== undefined) runs.push(await runCell(context, cell, payload, producer));
    }
  } finally {
    await Promise.allSettled([...producers.values()].map((producer) => producer.close()));
  }
  const rows = rowsOf(cells, runs);
  const table = {
    title: 'Codec, entropy and batch size',
    columns: [
      'codec',
      'entropy',
      'batch.size, B',
      'on the wire, B/record',
      'ratio',
      'client CPU, us/record',
      'saved, MB per CPU second',
    ],
    rows: rows.map((row) => [
      row.codec,
      row.entropy,
      row.batchBytes,
      rounded(row.wireBytes, 1),
      rounded(row.ratio, 3),
      rounded(row.cpuMicros, 2),
      row.savedMbPerCpuSec === null ? null : rounded(row.savedMbPerCpuSec, 0),
    ]),
  };
  const unable = codecs.filter((codec) => !able.includes(codec));
  const notes = unable.map((codec) => `${codec} was not run: ${driver.name} has no ${codec}`);
  return { tables: [table], answer: answerOf(rows), notes };
}

function payloadOf({ topic, seed }: TrialContext, entropy: number): Payload {
  const load = { ...topic.load, envelope: false, privateFields: [], keyField: null, keyBytes: 0 };
  return createPayload({ topic: topic.name, load, seed, session: 1, shape: { entropy } });
}

async function connect({ driver, cluster }: TrialContext, codec: Compression): Promise<DriverProducer> {
  const target = { bootstrap: cluster.bootstrap, security: cluster.security, clientId: 'headroom' };
  return await driver.createProducer(target, { acks: '1', idempotent: false, compression: codec, deliveryTimeoutMs });
}

/** One batch after the other; the CPU counts from the first value made to the last acknowledgement. */
async function runCell(
  { cluster, nameOf, topic }: TrialContext,
  cell: Cell,
  payload: Payload,
  producer: DriverProducer,
): Promise<Run> {
  const name = nameOf(topicName);
  const onDisk = async () => (await readBytesOnDisk(cluster.admin, [{ name, partitions: 1 }])).get(name) ?? 0;
  const recordBytes = topic.load.messageSizeBytes;
  const perBatch = Math.max(1, Math.floor(cell.batchBytes / recordBytes));
  const batches = Math.max(2, Math.round(runBytes / (perBatch * recordBytes)));
  const before = await onDisk();
  const cpu = process.cpuUsage();
  for (let batch = 0; batch < batches; batch += 1) {
    const timestampMs = Date.now();
    const records = Array.from({ length: perBatch }, (_, index) => ({
      key: null,
      value: payload.valueOf(batch * perBatch + index, 0, timestampMs),
      timestampMs,
    }));
    const [ack] = await producer.send([{ topic: name, partition: 0, records }]);
    if (ack?.error !== undefined) throw new Error(`a batch of ${cell.codec} was refused: ${ack.error}`);
  }
  const { user, system } = process.cpuUsage(cpu);
  const records = batches * perBatch;
  return {
    cell,
    wireBytesPerRecord: ((await onDisk()) - before) / records,
    cpuMicrosPerRecord: (user + system) / records,
  };
}

function rowsOf(cells: readonly Cell[], runs: readonly Run[]): readonly Row[] {
  const medianOf = (cell: Cell, of: (run: Run) => number) =>
    median(runs.filter((one) => one.cell === cell).map(of)) ?? Number.NaN;
  return cells.map((cell) => {
    const plain = cells.find(
      ({ codec, entropy, batchBytes }) =>
        codec === 'none' && entropy === cell.entropy && batchBytes === cell.batchBytes,
    );
    const wireBytes = medianOf(cell, (one) => one.wireBytesPerRecord);
    const cpuMicros = medianOf(cell, (one) => one.cpuMicrosPerRecord);
    const plainBytes = plain === undefined ? Number.NaN : medianOf(plain, (one) => one.wireBytesPerRecord);
    const plainCpu = plain === undefined ? Number.NaN : medianOf(plain, (one) => one.cpuMicrosPerRecord);
    const saved = plainBytes - wireBytes;
    // Below this the codec's own CPU cannot be told from the noise of the process.
    const addedCpu = Math.max(cpuMicros - plainCpu, plainCpu * 0.02);
    const isSaving = cell.codec !== 'none' && saved > plainBytes * 0.02;
    return {
      ...cell,
      wireBytes,
      cpuMicros,
      ratio: wireBytes / plainBytes,
      // Bytes per microsecond are MB per second.
      savedMbPerCpuSec: isSaving ? saved / addedCpu : null,
    };
  });
}

function answerOf(rows: readonly Row[]): Answer {
  const alike = rows.filter(({ codec, entropy }) => codec !== 'none' && entropy === 0);
  const random = rows.filter(({ codec, entropy }) => codec !== 'none' && entropy === 1);
  if (alike.length === 0 || random.length === 0) return inconclusive('the driver knows no codec.');
  const best = rows
    .filter(({ codec, entropy }) => codec !== 'none' && entropy === 0.5)
    .reduce((a, b) => ((b.savedMbPerCpuSec ?? 0) > (a.savedMbPerCpuSec ?? 0) ? b : a));
  const range = (of: readonly Row[]) => {
    const ratios = of.map(({ ratio }) => ratio);
    return `${rounded(Math.min(...ratios), 2)} to ${rounded(Math.max(...ratios), 2)}`;
  };
  const rate = best.savedMbPerCpuSec === null ? 'nothing' : `${rounded(best.savedMbPerCpuSec, 0)} MB`;
  return answered(
    `Values that are all alike shrink to ${range(alike)} of their bytes, random bytes to ${range(random)}, which only costs CPU; at half of them ${best.codec} saves most, ${rate} for each second of client CPU in batches of ${best.batchBytes} B: it pays where network and disks of all replicas are dearer than that.`,
  );
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
