/** The containers of one night: the first leads the run and drives a share of its load, the others are its workers. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ObjectStore } from '../bench/nightly/object-store.ts';
import { nightlyControlTopic, type WorkerPlace } from '../bench/nightly/place.ts';
import type { LoadWorkers, ProveTarget } from '../bench/prove.ts';
import { awaitControlTopic, openControlTopic } from '../bench/workers/control-topic.ts';
import { openWorkers } from '../bench/workers/session.ts';
import { runWorker } from '../bench/workers/worker.ts';
import { HeadroomError } from '../lib/errors.ts';
import type { CommandContext } from './command.ts';
import { othersReadyWithinMs } from './load-workers.ts';
import { outcomeFile } from './nightly-outcome.ts';

const lookForOutcomeEveryMs = 5_000;

/** For the first container, whose own worker runs in the same process. */
export function leadNight(context: CommandContext, { size }: WorkerPlace, address: string): LoadWorkers {
  const controlTopic = nightlyControlTopic(address);
  return {
    count: size,
    controlTopic,
    open: async (spec) => {
      const { security } = spec.target;
      const meeting = await openControlTopic(spec.target, controlTopic);
      const own = await openControlTopic(spec.target, controlTopic);
      let ended: Promise<void> = Promise.resolve();
      return await openWorkers(spec, {
        meeting,
        workers: size,
        readyWithinMs: othersReadyWithinMs,
        command: `HEADROOM_WORKERS=${size} headroom prove FILE --nightly --upload ${address}, each with an index of its own`,
        start: () => {
          // What keeps it from taking part is told where all meet, and so to the run.
          ended = runWorker({ ...workerOf(context), meeting: own, worker: 0, security }).catch(() => {});
        },
        leave: async () => {
          await ended;
          await own.close();
        },
      });
    },
  };
}

/** Resolves when the run that the first container leads has ended. Throws RESOURCE_MISSING when it ended before the load. */
export async function followNight(
  context: CommandContext,
  { index }: WorkerPlace,
  store: ObjectStore,
  target: ProveTarget,
): Promise<void> {
  if (target.kind === 'local') {
    throw new HeadroomError('USAGE', 'several containers need one cluster: --bootstrap or --cluster-arn', {
      hint: 'a local cluster of a run is reached by that run alone',
    });
  }
  const topic = nightlyControlTopic(store.address);
  await unlessOver(context.signal, store, async (signal) => {
    await awaitControlTopic(target, topic, { withinMs: othersReadyWithinMs, signal });
  });
  const meeting = await openControlTopic(target, topic);
  try {
    const { bootstrap, security } = target;
    await runWorker({ ...workerOf(context), meeting, worker: index, bootstrap, security });
  } finally {
    await meeting.close();
  }
}

function workerOf(context: CommandContext) {
  const onProgress = (text: string): void => context.onProgress({ stage: 'worker', detail: text, fraction: null });
  return { planWithinMs: othersReadyWithinMs, signal: context.signal, onProgress };
}

/** An outcome before the load means that nothing will be loaded any more: nobody waits for it. */
async function unlessOver(signal: AbortSignal, store: ObjectStore, work: (signal: AbortSignal) => Promise<void>) {
  const over = new AbortController();
  const done = new AbortController();
  const look = async (): Promise<void> => {
    if ((await store.get(outcomeFile)) !== null) over.abort(endedBefore(store.address));
  };
  const lookOn = async (): Promise<void> => {
    for (;;) {
      await sleep(lookForOutcomeEveryMs, undefined, { signal: done.signal });
      await look();
    }
  };
  await look();
  const looking = lookOn().catch((error: unknown) => over.abort(error));
  try {
    await work(AbortSignal.any([signal, over.signal]));
  } finally {
    done.abort();
    await looking;
  }
}

function endedBefore(address: string): HeadroomError {
  return new HeadroomError('RESOURCE_MISSING', `${address} has an outcome before the load began`, {
    hint: "see the first container's messages; give each run an address of its own, such as one that ends in its date",
  });
}
