import { type Admin, ConfigResourceTypes } from '@platformatic/kafka';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { runLengths } from '../../bench/run-lengths.ts';
import { runOnCluster } from '../../bench/run-on-cluster.ts';
import { RunRecord } from '../../bench/run-record.ts';
import { deleteRunResources } from '../../bench/target/clean-up.ts';
import { createTimetable } from '../../bench/timetable.ts';
import { HeadroomError } from '../../lib/errors.ts';
import { examplePlan } from './example-plan.ts';
import { createMemoryDriver } from './load/memory-driver.ts';

vi.mock('../../bench/target/clean-up.ts', () => ({ deleteRunResources: vi.fn() }));
const leave = (...left: string[]) => vi.mocked(deleteRunResources).mockReset().mockResolvedValue(left);
beforeEach(() => void leave());

const plan = examplePlan();
const fail = async () => await Promise.reject(new AggregateError([new Error('NOT_AUTHORIZED')], 'failed 4 times'));

/** An empty cluster that creates what it is asked for, and refuses to describe what `refuses` names. */
function emptyCluster(refuses: readonly number[]) {
  const replicas = [1, 2, 3];
  const topicOf = (name: string) => {
    const planned = plan.topics.find((topic) => name.endsWith(`-${topic.name}`));
    const partitions = Array.from({ length: planned?.partitions ?? 0 }, () => ({ leader: 1, replicas, isr: replicas }));
    return { id: `id of ${name}`, partitions };
  };
  return {
    listTopics: async (): Promise<string[]> => [],
    listGroups: async () => new Map(),
    createTopics: async ({ topics }: { topics: string[] }) => topics.map((name) => ({ name, id: `id of ${name}` })),
    metadata: async ({ topics }: { topics: string[] }) => ({
      topics: new Map(topics.map((name) => [name, topicOf(name)])),
    }),
    describeConfigs: async ({ resources }: { resources: { resourceType: number; resourceName: string }[] }) =>
      resources.some(({ resourceType }) => refuses.includes(resourceType))
        ? await fail()
        : resources.map(({ resourceName }) => ({ resourceName, configs: [] })),
  };
}

function runOn(admin: object, signal: AbortSignal = new AbortController().signal, planned = plan) {
  const record = new RunRecord();
  const written: string[] = [];
  const run = runOnCluster({
    options: {
      plan: planned,
      useCaseText: '',
      target: { kind: 'existing', bootstrap: ['kafka.example:9092'], clusterId: 'cluster' },
      driver: createMemoryDriver(),
      seed: 1,
      lengths: runLengths({ measureMs: null, tradeOff: false, retention: false }),
      commandLine: [],
      resultsBase: 'results',
      stateFolder: 'state',
      onProgress: () => {},
      signal,
    },
    runId: 'r1',
    cluster: {
      target: 'existing',
      bootstrap: ['kafka.example:9092'],
      clusterId: 'cluster',
      admin: admin as unknown as Admin,
      msk: null,
      brokers: [{ id: 1, rack: null, host: 'kafka.example', port: 9092 }],
      versions: {},
      aliveBrokers: async () => new Set([1]),
      brokerCpuSeconds: async () => null,
      folders: null,
      crashBroker: null,
    },
    folder: {
      path: 'results/run',
      pathOf: (file) => file,
      write: async (file) => {
        written.push(file);
      },
    },
    record,
    timetable: createTimetable([], () => {}),
    privacy: null,
  });
  return { run, record, written };
}

const refusing = emptyCluster([ConfigResourceTypes.BROKER, ConfigResourceTypes.TOPIC]);

describe('a cluster that refuses to be read', () => {
  it('does not fail the run for the sake of the broker settings, and says why they are unknown', async () => {
    const { run, record } = runOn(refusing);
    await expect(run).rejects.toMatchObject({ message: expect.stringContaining("the topics' settings") });
    expect(record.measurement().notes).toContain('the brokers did not tell their settings: NOT_AUTHORIZED');
  });

  it("is unreachable, not our defect, when the topics' settings cannot be read back; what was made is deleted", async () => {
    const { run } = runOn(refusing);
    await expect(run).rejects.toMatchObject({
      code: 'TARGET_UNREACHABLE',
      exitCode: 69,
      message: "cannot read the topics' settings back at kafka.example:9092: NOT_AUTHORIZED",
    });
    expect(deleteRunResources).toHaveBeenCalledOnce();
  });

  it('is unreachable when it lists no topics or groups, and nothing is written', async () => {
    const { run, written } = runOn({ ...emptyCluster([]), listGroups: fail });
    await expect(run).rejects.toMatchObject({ code: 'TARGET_UNREACHABLE', exitCode: 69 });
    expect(written).toEqual([]);
  });

  it('keeps the words of a check that found something', async () => {
    const { run } = runOn({ ...emptyCluster([]), listTopics: async () => ['headroom-r1-foreign'] });
    await expect(run).rejects.toMatchObject({ code: 'RESOURCE_MISSING', message: expect.stringContaining('is taken') });
  });
});

it('a run whose process takes more memory than promised says so', async () => {
  const topics = plan.topics.map((topic) => ({ ...topic, load: { ...topic.load, keys: 2e7 } }));
  const { run, record } = runOn(refusing, undefined, { ...plan, topics });
  await run.catch(() => {});
  expect(record.measurement().notes).toContainEqual(expect.stringMatching(/20,000,000 keys .* stays within 300 MB/));
});

describe('what clean-up had to leave', () => {
  const leftovers =
    'left on the cluster: topic a is still there; group b is still there; see manifest.json in results/run';

  it('is added to what the failed run tells to do', async () => {
    leave('topic a is still there', 'group b is still there');
    const { run, record } = runOn({ ...emptyCluster([]), createTopics: fail });
    const error = await run.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(HeadroomError);
    expect(error).toMatchObject({ code: 'RESOURCE_MISSING', hint: expect.stringMatching(/^the cluster needs .*\n/) });
    expect((error as HeadroomError).hint?.split('\n').at(-1)).toBe(leftovers);
    expect(record.measurement().incidents.map(({ kind }) => kind)).toEqual(['cleanup', 'cleanup']);
  });

  it('is told after Ctrl-C', async () => {
    leave('topic a is still there', 'group b is still there');
    const { run } = runOn(emptyCluster([]), AbortSignal.abort(new HeadroomError('INTERRUPTED', 'interrupted')));
    await expect(run).rejects.toMatchObject({ code: 'INTERRUPTED', exitCode: 130, hint: leftovers });
  });

  it('is told of a defect too', async () => {
    leave('topic a is still there', 'group b is still there');
    const { run } = runOn(emptyCluster([]), AbortSignal.abort(new TypeError('a defect')));
    await expect(run).rejects.toMatchObject({
      code: 'INTERNAL',
      message: expect.stringMatching(/please report it\nTypeError: a defect\n +at /),
      hint: leftovers,
    });
  });

  it('changes nothing of the error when it is nothing', async () => {
    const reason = new HeadroomError('INTERRUPTED', 'interrupted');
    await expect(runOn(emptyCluster([]), AbortSignal.abort(reason)).run).rejects.toBe(reason);
  });
});
