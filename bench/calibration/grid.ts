/**
 * The grid of a calibration: record size x replicas and acks x batch, read by no, one and two groups, so that every kind of
 * work appears with little and with much of each other one.
 */
import { cellId } from '../../lib/experiment/grid.ts';
import type { Cell, Settings } from '../../lib/experiment/types.ts';
import { planUseCase } from '../../lib/plan/plan.ts';
import { parseUseCase } from '../../lib/requirements/parse.ts';
import { defaultDriver } from '../drivers/index.ts';
import type { ExperimentLengths, ExperimentSpec } from '../experiment/types.ts';

/** Brokers of the local cluster, and partitions: one leader each. */
const partitions = 3;
/** They warm brokers and connections up and are not used: measured, a load took 10 to 20 % less CPU in the fourth round than in the second. */
export const warmingRounds = 2;
/** Together, with starting and connecting, two and a half minutes. */
export const calibrationLengths: ExperimentLengths = { rounds: warmingRounds + 3, warmUpMs: 300, measureMs: 1_100 };

interface Load {
  readonly 'message.size': number;
  readonly 'batch.size': number;
  readonly 'linger.ms': number;
  readonly rate: number;
}

/** Megabytes in few requests; requests with few bytes; and what lies between, with small and large records. */
const bulk: Load = { 'message.size': 1_000, 'batch.size': 65_536, 'linger.ms': 20, rate: 15_000 };
const chatty: Load = { 'message.size': 500, 'batch.size': 0, 'linger.ms': 0, rate: 600 };
const small: Load = { 'message.size': 100, 'batch.size': 16_384, 'linger.ms': 5, rate: 20_000 };
const large: Load = { 'message.size': 10_000, 'batch.size': 16_384, 'linger.ms': 5, rate: 500 };

/** Of each kind two levels, or a cost could not be told from what a loaded broker takes whatever its load. */
const half = (load: Load): Load => ({ ...load, rate: load.rate / 2 });

/** Groups whose cell waits for its turn must ask for little meanwhile: the brokers would be seen at work that no cell has. */
const reading: Settings = { 'fetch.max.wait.ms': 10_000, 'heartbeat.interval.ms': 5_000 };

/** Load, copies, groups that read. */
const rows: readonly (readonly [Load, number, number])[] = [
  [bulk, 1, 0],
  [bulk, 1, 2],
  [bulk, 3, 1],
  [half(bulk), 3, 1],
  [chatty, 1, 0],
  [chatty, 1, 2],
  [chatty, 3, 1],
  [half(chatty), 3, 1],
  [small, 3, 1],
  [large, 3, 1],
  [half(large), 3, 1],
];

/** `brokers`: no more copies than there are of them. */
export function gridCells(brokers: number): readonly Cell[] {
  const cells = rows.map(([load, copies, groups]) => {
    const replicas = Math.min(copies, brokers);
    const acks = replicas === 1 ? '1' : 'all';
    const settings: Settings = {
      ...load,
      'replication.factor': replicas,
      acks,
      groups,
      ...(groups > 0 ? reading : {}),
    };
    return { id: cellId(settings), settings };
  });
  // With fewer brokers some become the same.
  return cells.filter(({ id }, index) => cells.findIndex((cell) => cell.id === id) === index);
}

/** A use case of one topic for the cells to change. */
const useCaseText = `apiVersion: headroom/v1
useCase: calibration
description: What the brokers of this machine cost
cluster: { target: existing, zones: 1, brokers: 1, survive: none }
topics:
  - name: calibration
    message: { size: 1 KB }
    produce: { rate: 1/s, producers: 1 }
    retention: { time: 1h }
    replicas: 1
    guarantee: { loss: leaderFailure, duplicates: allowed, order: none }
    consumers: []
`;

/** The experiment that measures the grid. */
export function calibrationSpec(
  brokers: number,
  seed: number,
  lengths: ExperimentLengths,
): { spec: ExperimentSpec; useCaseText: string } {
  const plan = planUseCase(parseUseCase(useCaseText, 'calibration.yaml'));
  const [planned] = plan.topics;
  if (planned === undefined) throw new RangeError('the use case of the calibration has no topic');
  const topic = { ...planned, partitions };
  const spec: ExperimentSpec = {
    plan: { ...plan, topics: [topic] },
    topic,
    question: 'what do the brokers of this machine cost?',
    factors: [],
    grid: 'full',
    cells: gridCells(brokers),
    refused: [],
    driver: defaultDriver,
    lengths,
    seed,
  };
  return { spec, useCaseText };
}
