import { describe, expect, it } from 'vitest';
import { calibrationLengths, calibrationSpec, gridCells } from '../../bench/calibration/grid.ts';
import { observationsOf } from '../../lib/experiment/observations.ts';
import { runObservations } from '../../lib/experiment/run-observations.ts';
import type { CellFigures, Repeat } from '../../lib/experiment/types.ts';
import { fitCosts } from '../../lib/plan/calibration/fit.ts';
import { coresFor } from '../../lib/plan/calibration/predict.ts';
import { workKinds } from '../../lib/plan/calibration/types.ts';
import { courseCase } from '../fixtures/run.ts';
import { limitOf } from '../measurement/limit/found.ts';
import { probeOf } from '../measurement/limit/probes.ts';
import { costs, trueCosts } from '../plan/calibration/calibrations.ts';

const { spec } = calibrationSpec(3, 1, calibrationLengths);
const [cell] = spec.cells.filter(({ settings }) => settings.groups === 1);
const figures: CellFigures = {
  recordsPerSec: 1_000,
  publishP50Ms: 1,
  publishP99Ms: 2,
  endToEndP50Ms: 1,
  endToEndP99Ms: 2,
  clientCpuMicrosPerRecord: 1,
  brokerCpuMicrosPerRecord: 400,
  recordsPerBatch: 10,
  wireBytesPerRecord: 1_020,
  diskBytesPerRecord: 3_060,
  lostRecords: 0,
  duplicateRecords: 0,
  reorderedRecords: 0,
};
const repeatOf = (change: Partial<Repeat>): Repeat => ({
  cell: cell?.id ?? '',
  round: 1,
  figures,
  doubts: [],
  ...change,
});
const observed = (...repeats: readonly Repeat[]) => observationsOf({ ...spec, brokers: 3, repeats, warmingRounds: 1 });

describe('the grid of a calibration', () => {
  it('tells all kinds of work apart', () => {
    const repeats = spec.cells.flatMap(({ id, settings }) => {
      const bytes = Number(settings['message.size']) + 30;
      const made = observed(
        repeatOf({
          cell: id,
          figures: {
            ...figures,
            recordsPerSec: Number(settings.rate),
            wireBytesPerRecord: bytes,
            recordsPerBatch: settings['linger.ms'] === 0 ? 1 : 12,
          },
        }),
      ).observations;
      return made.map((each) => ({ ...each, cores: coresFor(costs, each.work) }));
    });
    const found = fitCosts([...repeats, ...repeats]);
    if (typeof found === 'string') throw new Error(found);
    for (const kind of workKinds) expect(found.costs[kind].coreSeconds, kind).toBeCloseTo(trueCosts[kind], 5);
  });

  it('has no more copies than there are brokers, and no cell twice', () => {
    const cells = gridCells(1);
    expect(cells.every(({ settings }) => settings['replication.factor'] === 1)).toBe(true);
    expect(new Set(cells.map(({ id }) => id)).size).toBe(cells.length);
  });
});

describe('observationsOf', () => {
  it('makes work a second and cores of the figures of a repeat', () => {
    const [found] = observed(repeatOf({})).observations;
    expect(cell?.settings).toMatchObject({ 'replication.factor': 3, groups: 1 });
    expect(found?.cores).toBeCloseTo(0.4, 12);
    expect(found?.work).toEqual({
      broker: 3,
      producedMB: 1.02,
      replicatedMB: 2.04,
      consumedMB: 1.02,
      producedBatch: 100,
      replicatedBatch: 200,
      consumedBatch: 100,
    });
    expect(found?.disk?.measuredBytes).toBe(1_020);
    // 61 / 10 bytes of the header, 1000 of the message, 7 to 9 of the record.
    expect(found?.disk?.predictedBytes).toBeGreaterThan(1_012);
    expect(found?.disk?.predictedBytes).toBeLessThan(1_018);
  });

  it('leaves the warming round out silently, and doubts and gaps with a note', () => {
    expect(observed(repeatOf({ round: 0 }))).toEqual({ observations: [], notes: [] });
    const { observations, notes } = observed(
      repeatOf({ doubts: ['the harness was the limit'] }),
      repeatOf({ figures: { ...figures, wireBytesPerRecord: null } }),
    );
    expect(observations).toEqual([]);
    expect(notes).toEqual([
      expect.stringContaining('the harness was the limit'),
      expect.stringContaining('could not be read'),
    ]);
  });

  it('has no cores where nobody saw them, never 0', () => {
    expect(
      observed(repeatOf({ figures: { ...figures, brokerCpuMicrosPerRecord: null } })).observations[0]?.cores,
    ).toBeNull();
  });
});

describe('runObservations', () => {
  const { measurement } = courseCase;
  const [phase] = measurement.phases;

  it('takes the phases of a run: what was achieved, received, and used by all brokers', () => {
    const found = runObservations(courseCase);
    expect(found.map(({ from }) => from.split(' ').at(-1))).toEqual(['average', 'peak']);
    const cores = phase?.brokerCpu?.reduce((sum, each) => sum + each.cores, 0);
    expect(found[0]?.cores).toBe(cores);
    const work = found[0]?.work;
    expect(work?.broker).toBe(3);
    expect(work?.replicatedMB).toBeCloseTo(
      (work?.producedMB ?? 0) * ((courseCase.plan.topics[0]?.replicationFactor ?? 0) - 1),
      9,
    );
    expect(work?.consumedMB).toBeGreaterThan(0);
  });

  it('takes none whose CPU was not seen or whose generator was the limit', () => {
    if (phase === undefined) throw new Error('the fixture has no phase');
    const withPhase = (change: object) => ({
      ...courseCase,
      measurement: { ...measurement, phases: [{ ...phase, ...change }] },
    });
    expect(runObservations(withPhase({ brokerCpu: null }))).toEqual([]);
    expect(runObservations(withPhase({ generator: { ...phase.generator, wasTheLimit: true } }))).toEqual([]);
  });

  it('takes none of a load that fell behind, or of a run that lost a broker or a worker', () => {
    const behind = measurement.phases.map((each) => ({
      ...each,
      topics: each.topics.map((topic) => ({ ...topic, achievedPerSec: topic.offeredPerSec * 0.9, acknowledged: 1 })),
    }));
    expect(runObservations({ ...courseCase, measurement: { ...measurement, phases: behind } })).toEqual([]);
    for (const kind of ['brokerLost', 'workerLost'] as const) {
      const incidents = [{ atMs: 1, kind, message: '' }];
      expect(runObservations({ ...courseCase, measurement: { ...measurement, incidents } })).toEqual([]);
    }
  });

  it('counts what the groups of each worker read', () => {
    const [one] = runObservations(courseCase);
    const harness = { ...courseCase.environment.harness, workers: 3 };
    const [three] = runObservations({ ...courseCase, environment: { ...courseCase.environment, harness } });
    expect(three?.work).toEqual({
      ...one?.work,
      consumedMB: expect.closeTo(3 * (one?.work.consumedMB ?? 0), 9),
      consumedBatch: expect.closeTo(3 * (one?.work.consumedBatch ?? 0), 9),
    });
  });

  it('takes each sustained probe of a search, under a name of its own', () => {
    const [first] = measurement.phases;
    if (first === undefined) throw new Error('the fixture has no phase');
    const probe = (sustained: boolean) =>
      probeOf({ sustained, topics: first.topics, measuredMs: first.measuredMs, purpose: 'repeat' });
    const limit = limitOf({ kind: 'atOrAbove', ratePerSec: 1_000 }, [probe(true), probe(false), probe(true)]);
    const found = runObservations({ ...courseCase, measurement: { ...measurement, phases: [], limit } });
    expect(found).toHaveLength(2);
    expect(new Set(found.map(({ from }) => from)).size).toBe(2);
  });
});
