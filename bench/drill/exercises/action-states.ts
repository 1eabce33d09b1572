import { ensureTopicOn, withAdmin } from '../../faults/cluster-view.ts';
import { loseInSync, until } from '../../faults/partitions.ts';
import { type LocalBroker, restartBroker } from '../../local/local-cluster.ts';
import { askBroker } from '../../local/readiness.ts';
import { brokersBy } from './broker-host.ts';
import { whole } from './effects.ts';
import type { Effect, Exercise, Hook } from './exercise.ts';
import { prepareFourth, startFourth, stopFourth } from './new-broker.ts';
import { ownTopicPrefix } from './reset.ts';

export const awsOnly = 'wants MSK; checked against the model of its API';
export const ourOwn = 'a command of Headroom, which has tests of its own';
export const machine = 'would change the machine for all that runs on it';
export const noticedWithinMs = 60_000;
export const ec2Host = 'wants the files of our EC2 nodes';

/** Pages with one action that sets something. */
export const setting = (page: string, heading: string, effect: Effect, more: Partial<Exercise> = {}): Exercise => ({
  ...{ page, effects: { [heading]: effect } },
  ...more,
});

/** Pages whose action is a restart of a broker that runs. */
export const restart = (page: string, heading: string, more: Partial<Exercise> = {}): Exercise =>
  setting(page, heading, whole, more);

/** Pages whose action starts what a fault took away: it heals. */
export const start = (
  page: string,
  heading: string,
  fault: Exercise['fault'],
  more: Partial<Exercise> = {},
): Exercise => ({
  ...{ page, effects: { [heading]: whole } },
  ...(fault === undefined ? {} : { fault }),
  ...more,
});

export const client =
  (id: string): Hook =>
  async () => ({ CLIENT_ID: id, ADDRESS: '127.0.0.9' });
export const throttles = {
  'leader.replication.throttled.rate': null,
  'follower.replication.throttled.rate': null,
} as const;

/** What a move of partitions left behind. */
export const leaveThrottles: Hook = async ({ cluster }, { BROKER = '' }) => {
  await withAdmin(cluster, async (admin) => {
    const configs = Object.keys(throttles).map((name) => ({ name, configOperation: 0 as const, value: '1000000' }));
    await admin.incrementalAlterConfigs({ resources: [{ resourceType: 4, resourceName: BROKER, configs }] });
  });
};

/** A topic of the exercise's own. */
export const ownTopic =
  (name: string, brokers: readonly number[], configs: Readonly<Record<string, string>> = {}): Hook =>
  async ({ cluster }) => {
    await ensureTopicOn(cluster, `${ownTopicPrefix}${name}`, brokers, configs);
    return { TOPIC: `${ownTopicPrefix}${name}` };
  };

export const newPassword: Hook = async (_, { PRINCIPAL = '' }) => ({ TYPED: `${PRINCIPAL}-secret` });

/** The broker that hangs: its process lives, and the others do not count it any more. */
export const theFenced: Hook = async ({ cluster }) => {
  let fenced: LocalBroker | undefined;
  const isFenced = async (): Promise<boolean> => {
    const views = await Promise.all(cluster.brokers.map(({ port }) => askBroker(port)));
    const seen = views.find((view) => view !== null && view.brokers.length < cluster.brokers.length)?.brokers;
    fenced = cluster.brokers.find(({ id }) => seen !== undefined && !seen.includes(id));
    return fenced !== undefined;
  };
  await until(isFenced, noticedWithinMs);
  return { BROKER: String(fenced?.id) };
};

/** A broker that joined, was stopped for good, and is still registered. */
export const loseFourth: Hook = async ({ cluster, signal }) => {
  const names = await prepareFourth(cluster);
  await startFourth(cluster, signal);
  await stopFourth(cluster);
  return names;
};

export const loseBoth: Hook = async ({ cluster, signal }) => {
  const { topic } = await loseInSync(cluster, signal);
  return { TOPIC: topic, PARTITION: '0' };
};

export const startAll: Hook = async ({ cluster, signal }) => {
  for (const id of await brokersBy(cluster, false)) await restartBroker(cluster, id, signal);
  await withAdmin(cluster, async (admin) => await admin.deleteTopics({ topics: ['drill-unclean'] })).catch(() => {});
};
