/** A phase whose records a program sends on its own schedule: starts it, follows it, and says whether it was the limit. */
import { HeadroomError } from '../../lib/errors.ts';
import type { GeneratorHealth, TopicIntegrity } from '../../lib/measurement/types.ts';
import type { ProducerConfig } from '../../lib/plan/types.ts';
import type { LoadProgram, ProgramOutcome, ProgramTopic, RunningProgram } from '../drivers/program.ts';
import { runPhase, type TopicParts } from './phase-run.ts';
import { producerSettings } from './producer-settings.ts';
import { ProgramProducers } from './program-producers.ts';
import type { TopicState } from './topic-state.ts';
import type { LoadSpec, PhaseResult, PhaseSpec } from './types.ts';

/** Beyond the window, so that its last slots are not the program's last. */
const tailMs = 500;
const cpuEveryMs = 100;
/** Records made beforehand, taken in turn, of one topic. */
const mostRecords = 200;
const leastRecords = 4;
const mostBytes = 1_000_000;

/** Users of a program hand records over side by side: what the ids say of their order says nothing of the cluster. */
export function withoutOrder(integrity: TopicIntegrity): TopicIntegrity {
  return {
    ...integrity,
    groups: integrity.groups.map((group) => ({ ...group, orderInversions: 0 })),
    orderUnknown: 'the driver hands records over from many users at once: no order per key is promised',
  };
}

/** Throws USAGE for what only the load's own schedule can do. */
export async function runProgramPhase(
  spec: LoadSpec,
  program: LoadProgram,
  topics: readonly TopicParts[],
  phase: PhaseSpec,
): Promise<PhaseResult> {
  requireEven(spec, phase);
  const producers = new Map<string, ProgramProducers>();
  for (const { state, producers: each } of topics) {
    if (!(each instanceof ProgramProducers)) throw new RangeError('a program sends for every topic');
    each.expect();
    producers.set(state.topic.clusterTopic, each);
  }
  phase.onProgress({ stage: phase.stage, detail: `starting ${spec.driver.name}`, fraction: 0 });
  const running = await program.start({
    target: spec.target,
    topics: topics.flatMap(({ state }) => programTopic(state, phase)),
    durationMs: phase.warmUpMaxMs + phase.measureMs + tailMs,
    publishP99Ms: spec.publishP99Ms ?? null,
    signal: phase.signal,
    onEvent: (event) => producers.get(event.topic)?.take(event),
  });
  const cpu = new CpuSamples(running);
  try {
    let hasEnded = false;
    const ended = running.ended.finally(() => {
      hasEnded = true;
    });
    ended.catch(() => {});
    for (const [topic, each] of producers) {
      const beganMs = running.beganMs.get(topic) ?? Date.now();
      each.schedule({ beganMs, recordsTogether: running.recordsTogether.get(topic) ?? 1, hasEnded: () => hasEnded });
    }
    // The program's length is fixed before it starts, so that the warm-up is as well.
    const result = await runPhase(spec.driver, topics, { ...phase, warmUpMinMs: phase.warmUpMaxMs });
    return { ...result, generator: healthOf(result, await ended, cpu) };
  } finally {
    cpu.stop();
    await running.stop();
  }
}

function requireEven({ driver, shape }: LoadSpec, { curve }: PhaseSpec): void {
  if (curve === undefined && (shape?.arrivals ?? 'constant') === 'constant') return;
  throw new HeadroomError('USAGE', `the driver ${driver.name} sends at a constant rate only`, {
    hint: 'leave --arrivals and --curve out, or use another --driver',
  });
}

function programTopic(state: TopicState, { ratePerSec }: PhaseSpec): readonly ProgramTopic[] {
  const { topic, payload, endId } = state;
  const rate = ratePerSec[topic.plan.name] ?? 0;
  if (rate <= 0) return [];
  const config: ProducerConfig = Object.assign({}, topic.plan.producer, topic.producer);
  return [
    {
      topic: topic.clusterTopic,
      ratePerSec: rate,
      firstId: endId,
      producers: topic.plan.load.producers,
      settings: producerSettings(config),
      lingerMs: config['linger.ms'],
      batchBytes: config['batch.size'],
      records: recordsOf(state),
      ...payload.places,
    },
  ];
}

function recordsOf({ topic, payload }: TopicState): ProgramTopic['records'] {
  const count = Math.ceil(mostBytes / topic.plan.load.messageSizeBytes);
  return Array.from({ length: Math.min(mostRecords, Math.max(leastRecords, count)) }, (_, id) => {
    const { key, value } = payload.recordOf(id, Date.now());
    return { key: key?.toString('latin1') ?? null, value: textOf(value, topic.plan.name) };
  });
}

function textOf(value: Buffer, topic: string): string {
  if (value.every((byte) => byte < 128)) return value.toString('latin1');
  throw new HeadroomError('USAGE', `${topic}: a driver that is a program of its own sends ASCII text only`, {
    hint: 'use another --driver',
  });
}

function healthOf(result: PhaseResult, { limit }: ProgramOutcome, cpu: CpuSamples): GeneratorHealth {
  const { generator, startedAt, measuredMs, topics } = result;
  const cpuSec = cpu.between(Date.parse(startedAt), Date.parse(startedAt) + measuredMs);
  const acknowledged = topics.reduce((sum, topic) => sum + topic.acknowledged, 0);
  const reasons = [generator.reason, limit].filter((reason) => reason !== null);
  return {
    ...generator,
    ...(cpuSec === null
      ? {}
      : {
          cpuCores: (cpuSec * 1_000) / measuredMs,
          cpuMicrosPerRecord: acknowledged === 0 ? null : (cpuSec * 1e6) / acknowledged,
        }),
    wasTheLimit: reasons.length > 0,
    reason: reasons.length === 0 ? null : reasons.join('; '),
  };
}

/** CPU time of the program over its life, so that the part of the window can be told afterwards. */
class CpuSamples {
  readonly #samples: { readonly atMs: number; readonly cpuSec: number }[] = [];
  readonly #timer: NodeJS.Timeout;

  constructor(running: RunningProgram) {
    this.#timer = setInterval(() => {
      const cpuSec = running.cpuSeconds();
      if (cpuSec !== null) this.#samples.push({ atMs: Date.now(), cpuSec });
    }, cpuEveryMs);
  }

  /** Milliseconds since the epoch. Null without two samples in between. */
  between(fromMs: number, toMs: number): number | null {
    const inside = this.#samples.filter(({ atMs }) => atMs >= fromMs && atMs <= toMs);
    const [first, last] = [inside[0], inside.at(-1)];
    if (first === undefined || last === undefined || last.atMs === first.atMs) return null;
    return ((last.cpuSec - first.cpuSec) * (toMs - fromMs)) / (last.atMs - first.atMs);
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
