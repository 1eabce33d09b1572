/**
 * Settings that break what is asked for, whoever set them: the plan's own never do, an edited plan or a cluster's may.
 * What a topic does not set is taken from the target's defaults.
 */
import type { Target, Warning } from '../requirements/types.ts';
import { mskDefaultSettings } from './facts/msk-limits.ts';
import { targetRules } from './targets.ts';
import type { TopicPlan } from './types.ts';

/** The part of a topic that its promises rest on. */
export type Settings = Pick<
  TopicPlan,
  'name' | 'replicationFactor' | 'minInsyncReplicas' | 'guarantee' | 'producer'
> & {
  readonly config: TopicPlan['config'];
};

interface Subject {
  readonly topic: Settings;
  readonly target: Target;
  readonly path: string;
}

type Rule = (subject: Subject) => Warning | null;

/** `path`: of the topic in the use case, such as `topics[0]`. */
export function settingsWarnings(topic: Settings, target: Target, path: string): readonly Warning[] {
  return rules.map((rule) => rule({ topic, target, path })).filter((warning) => warning !== null);
}

const neverLost = ({ guarantee }: Settings): boolean => guarantee.loss === 'never';

const weakAcks: Rule = ({ topic, path }) =>
  neverLost(topic) && topic.producer.acks !== 'all'
    ? {
        code: 'LOSS_NEVER_WEAK_ACKS',
        path: `${path}.guarantee.loss`,
        message: `acks ${topic.producer.acks} with loss never: a leader that fails takes records along that were acknowledged and not yet copied`,
        remedy: 'produce with acks=all, or accept loss when a leader fails',
      }
    : null;

/** What brokers do where the topic says nothing: MSK elects unclean leaders, Kafka itself and Express do not. */
function electsUnclean({ topic, target }: Subject): boolean {
  const stated = topic.config['unclean.leader.election.enable'];
  if (stated !== undefined) return String(stated) === 'true';
  return target === 'msk' && (mskDefaultSettings['unclean.leader.election.enable'].value?.nonTiered ?? true);
}

const unclean: Rule = (subject) =>
  neverLost(subject.topic) && electsUnclean(subject)
    ? {
        code: 'UNCLEAN_LEADER_ELECTION',
        path: `${subject.path}.guarantee.loss`,
        message:
          'unclean.leader.election.enable is true, the default of MSK, with loss never: a replica that lags behind may become leader and drops what it has not copied',
        remedy: 'set unclean.leader.election.enable=false on the topic',
      }
    : null;

const oneInSync: Rule = ({ topic, target, path }) => {
  const least = Number(topic.config['min.insync.replicas'] ?? topic.minInsyncReplicas);
  // With a single replica there is nothing to set: that has a warning of its own.
  if (!neverLost(topic) || least > 1 || topic.replicationFactor < 2 || targetRules[target].fixed !== null) return null;
  return {
    code: 'LOSS_NEVER_MIN_INSYNC_ONE',
    path: `${path}.guarantee.loss`,
    message: `min.insync.replicas ${least} with loss never: acks=all is content with the leader alone, and its disk may be lost`,
    remedy: `set min.insync.replicas=${Math.max(2, topic.replicationFactor - 1)} on the topic`,
  };
};

const tooManyInSync: Rule = ({ topic, path }) => {
  const least = Number(topic.config['min.insync.replicas'] ?? topic.minInsyncReplicas);
  if (topic.producer.acks !== 'all' || least <= topic.replicationFactor) return null;
  return {
    code: 'MIN_INSYNC_ABOVE_REPLICAS',
    path: `${path}.replicas`,
    message: `min.insync.replicas ${least} with ${topic.replicationFactor} replicas: no write is ever acknowledged`,
    remedy: `set min.insync.replicas to at most ${topic.replicationFactor}`,
  };
};

const unsafeRetries: Rule = ({ topic, path }) => {
  const { guarantee, producer } = topic;
  const inFlight = producer['max.in.flight.requests.per.connection'];
  const ordered = guarantee.order === 'key' && inFlight > 1;
  if (producer['enable.idempotence'] || !(ordered || guarantee.duplicates === 'never')) return null;
  return {
    code: 'RETRIES_NOT_IDEMPOTENT',
    path: `${path}.guarantee`,
    message: `a retry without idempotence ${guarantee.duplicates === 'never' ? 'stores a record twice' : `overtakes others with ${inFlight} requests in flight`}`,
    remedy: 'set enable.idempotence=true, which needs acks=all and at most 5 requests in flight',
  };
};

const idempotenceRefused: Rule = ({ topic, path }) => {
  const { producer } = topic;
  const inFlight = producer['max.in.flight.requests.per.connection'];
  if (!producer['enable.idempotence'] || (producer.acks === 'all' && inFlight <= 5)) return null;
  return {
    code: 'IDEMPOTENCE_REFUSED',
    path: `${path}.guarantee`,
    message: `enable.idempotence with acks ${producer.acks} and ${inFlight} requests in flight: producers refuse to start`,
    remedy: 'set acks=all and max.in.flight.requests.per.connection to at most 5',
  };
};

const rules: readonly Rule[] = [weakAcks, unclean, oneInSync, tooManyInSync, unsafeRetries, idempotenceRefused];
