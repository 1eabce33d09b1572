/** Measures on the scale model: the limit of a shape, and what its brokers cost at one quota. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { calibrationLengths, calibrationSpec, warmingRounds } from '../../bench/calibration/grid.ts';
import { defaultDriver } from '../../bench/drivers/index.ts';
import { cellGroups, cellName, openCell, runRepeat } from '../../bench/experiment/run-repeat.ts';
import { describeMachine } from '../../bench/host.ts';
import type { LoadSpec } from '../../bench/load/types.ts';
import { measureLimit, resourcesOf } from '../../bench/prove/limit.ts';
import { openResultsFolder } from '../../bench/results.ts';
import { withRunTopics } from '../../bench/run-topics.ts';
import { topicPrefixOf } from '../../bench/target/manifest.ts';
import { effectiveSettings, effectiveTopic } from '../../lib/experiment/effective.ts';
import { observationsOf } from '../../lib/experiment/observations.ts';
import type { Cell, Repeat } from '../../lib/experiment/types.ts';
import type { LimitMeasurement } from '../../lib/measurement/limit/types.ts';
import { calibrationOf } from '../../lib/plan/calibration/calibration.ts';
import type { Calibration } from '../../lib/plan/calibration/types.ts';
import { brokerIds, type ScaleCluster } from './cluster.ts';
import { instanceType, planOf, type Shape } from './shapes.ts';

const signal = new AbortController().signal;

function loadOf({ cluster }: ScaleCluster): Omit<LoadSpec, 'topics'> {
  return {
    target: { bootstrap: cluster.bootstrap, security: undefined, clientId: 'headroom' },
    driver: defaultDriver,
    seed: 7,
    onIncident: () => {},
    signal,
  };
}

/** `aroundPerSec`: where the search begins; its range is a fifth to five times of it. */
export async function limitOf(
  scale: ScaleCluster,
  shape: Shape,
  aroundPerSec: number,
  budgetMs: number,
): Promise<LimitMeasurement> {
  const plan = planOf(shape, 1_000);
  const runId = randomBytes(4).toString('hex');
  const prefix = topicPrefixOf(runId);
  const nameOnCluster = (name: string): string => `${prefix}${name}`;
  const topics = plan.topics.map(({ name, partitions, replicationFactor, minInsyncReplicas }) => ({
    name: nameOnCluster(name),
    partitions,
    replicationFactor,
    config: { 'min.insync.replicas': minInsyncReplicas },
  }));
  const groups = plan.topics.flatMap((topic) => topic.groups.map(({ name }) => nameOnCluster(name)));
  return await inFolder((folder) =>
    withRunTopics({ runId, cluster: scale.cluster, folder, topics, groups, signal, onLeft: () => {} }, () =>
      measureLimit(
        { load: loadOf(scale), signal, onProgress: () => {}, onNote: () => {} },
        {
          plan,
          nameOnCluster,
          settings: {
            fromPerSec: aroundPerSec / 5,
            toPerSec: aroundPerSec * 5,
            startPerSec: aroundPerSec / 2,
            resolution: 0.05,
            budgetMs,
          },
          resources: resourcesOf(
            scale.cluster,
            topics.map(({ name }) => name),
            {
              coresOf: () => scale.limits.cores ?? Number.POSITIVE_INFINITY,
              network: async () => scale.networkUse() ?? [],
              sharesHost: false,
            },
          ),
          network: null,
          onMeasured: () => {},
          mayGoOn: () => true,
        },
      ),
    ),
  );
}

/** The grid of `headroom calibrate` at `share` of its rates, on the brokers as they are confined now. */
export async function calibrate(scale: ScaleCluster, share: number): Promise<Calibration> {
  const { spec } = calibrationSpec(brokerIds.length, 7, calibrationLengths);
  const cells = spec.cells.map(
    (cell): Cell => ({
      ...cell,
      settings: { ...cell.settings, rate: Math.max(10, Math.round(Number(cell.settings.rate) * share)) },
    }),
  );
  const runId = randomBytes(4).toString('hex');
  const settings = cells.map((cell) => effectiveSettings(spec.topic, defaultDriver.name, cell.settings));
  const topics = settings.map((effective, index) => {
    const { partitions, replicationFactor, config } = effectiveTopic(spec.topic, effective);
    return { name: `${topicPrefixOf(runId)}${cellName(index)}`, partitions, replicationFactor, config };
  });
  const groups = settings.flatMap((effective, index) => cellGroups(spec.topic, topics[index]?.name ?? '', effective));
  const repeats = await inFolder((folder) =>
    withRunTopics({ runId, cluster: scale.cluster, folder, topics, groups, signal, onLeft: () => {} }, async () => {
      const open = [];
      for (const [index, cell] of cells.entries())
        open.push(await openCell(cell, spec.topic, topics[index]?.name ?? '', loadOf(scale)));
      const done: Repeat[] = [];
      for (let round = 0; round < spec.lengths.rounds; round += 1) {
        for (const cell of open) {
          done.push(
            await runRepeat(cell, round, {
              cluster: scale.cluster,
              topicName: spec.topic.name,
              lengths: spec.lengths,
              signal,
              onProgress: () => {},
            }),
          );
        }
      }
      await Promise.all(open.map(({ session }) => session.close()));
      return done;
    }),
  );
  const { observations, notes } = observationsOf({ ...spec, cells, brokers: brokerIds.length, repeats, warmingRounds });
  return calibrationOf({
    measuredAt: new Date().toISOString(),
    machine: { ...describeMachine(), instanceType },
    kafkaVersion: scale.cluster.versions.kafka ?? null,
    brokers: brokerIds.length,
    observations,
    notes,
    cpuHidden: null,
  });
}

async function inFolder<T>(use: (folder: ReturnType<typeof openResultsFolder>) => Promise<T>): Promise<T> {
  const path = await mkdtemp(join(tmpdir(), 'headroom-scale-run-'));
  try {
    return await use(openResultsFolder(path));
  } finally {
    await rm(path, { recursive: true, force: true });
  }
}
