/** Where and with what a run is made, as it goes into the record: enough for a stranger to repeat it, never a secret. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from '../lib/measurement/types.ts';
import { describeHost } from './host.ts';
import { measureCeiling } from './load/ceiling.ts';
import { describeShape } from './load/shape.ts';
import { describeCurve } from './load/window-curve.ts';
import { packageRoot } from './package-root.ts';
import type { ProveOptions } from './prove.ts';
import { readFeatureLevels } from './target/features.ts';
import { topicPrefixOf } from './target/manifest.ts';
import type { RunCluster } from './target/run-cluster.ts';

export async function describeEnvironment(run: {
  readonly options: ProveOptions;
  readonly cluster: RunCluster;
  readonly runId: string;
  readonly startedAt: Date;
  readonly noiseP99Ms: number;
}): Promise<Environment> {
  const { options, cluster } = run;
  // Feature levels are worth knowing, not worth failing for.
  const features = await readFeatureLevels(cluster.admin).catch(() => ({}));
  return {
    schemaVersion: 1,
    runId: run.runId,
    startedAt: run.startedAt.toISOString(),
    target: cluster.target,
    clusterId: cluster.clusterId,
    brokers: cluster.brokers.map(({ id, rack }) => ({ id, rack })),
    ...(cluster.msk === null ? {} : { provisioned: cluster.msk.provisioned }),
    versions: {
      headroom: ownVersion(),
      node: process.version,
      [options.driver.name]: options.driver.version,
      ...cluster.versions,
      ...Object.fromEntries(Object.entries(features).map(([name, level]) => [`feature ${name}`, String(level)])),
    },
    host: describeHost(),
    hostNoiseP99Ms: run.noiseP99Ms,
    ...(await ceilingOf(options)),
    seed: options.seed,
    commandLine: options.commandLine,
    topicPrefix: topicPrefixOf(run.runId),
    harness: {
      ...describeLengths(options),
      ...describeShape(options.shape ?? {}),
      ...(options.curve === undefined ? {} : { curve: describeCurve(options.curve) }),
    },
  };
}

/** Of the busiest topic. Another process that sends has another ceiling. */
async function ceilingOf({
  plan,
  driver,
  seed,
  shape,
  signal,
}: ProveOptions): Promise<Pick<Environment, 'generatorCeiling'>> {
  const [busiest] = plan.topics.toSorted((a, b) => b.load.peakPerSec - a.load.peakPerSec);
  if (busiest === undefined || driver.program !== undefined) return {};
  return { generatorCeiling: await measureCeiling(busiest, { seed, shape, signal }) };
}

function describeLengths({ lengths, driver, workers }: ProveOptions): Environment['harness'] {
  if (lengths.limit !== undefined) return { driver: driver.name, ...lengths.limit, workers: workers?.count ?? 1 };
  const { average, peak } = lengths.phases;
  return {
    driver: driver.name,
    workers: workers?.count ?? 1,
    averageMeasureMs: average.measureMs,
    peakMeasureMs: peak.measureMs,
    warmUpMinMs: peak.warmUpMinMs,
    warmUpMaxMs: peak.warmUpMaxMs,
    drainMaxMs: peak.drainMaxMs,
    tradeOff: lengths.tradeOff !== null,
    ...(lengths.tradeOff === null
      ? {}
      : { tradeOffRepeats: lengths.tradeOff.repeats, tradeOffRepeatMs: lengths.tradeOff.repeatMs }),
    retention: lengths.retention,
  };
}

function ownVersion(): string {
  return (JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { version: string }).version;
}
