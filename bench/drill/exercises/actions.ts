/** What the alerts' pages tell to do, each done on a local cluster, in the fault it is meant for where that matters. */
import { renderExpression, unscoped } from '../../../lib/metrics/expression.ts';
import { signalOf } from '../../../lib/metrics.ts';
import { withAdmin } from '../../faults/cluster-view.ts';
import { unwatch } from '../../faults/limits.ts';
import { until } from '../../faults/partitions.ts';
import { instant } from '../../monitoring/prometheus-api.ts';
import {
  client,
  ec2Host,
  leaveThrottles,
  loseBoth,
  loseFourth,
  machine,
  newPassword,
  noticedWithinMs,
  ourOwn,
  ownTopic,
  restart,
  setting,
  start,
  startAll,
  theFenced,
  throttles,
} from './action-states.ts';
import {
  groupStands,
  hasLeader,
  leaderIs,
  login,
  measured,
  placedAs,
  preferredLead,
  quorumThere,
  quota,
  settings,
  whole,
} from './effects.ts';
import type { Exercise } from './exercise.ts';
import { forgetFourth } from './new-broker.ts';
import { isoBefore, startReader, stopReader } from './procedures.ts';

export const actionExercises: readonly Exercise[] = [
  setting('KafkaAtMinIsr', 'Act, A. Give the topic a third copy', placedAs('more-replicas.json'), {
    prepare: ownTopic('two-copies', [1, 2], { 'min.insync.replicas': '2' }),
  }),
  {
    page: 'KafkaAuthFailures',
    prepare: async (world, names) => ({ ...(await newPassword(world, names)), ADDRESS: '127.0.0.9' }),
    effects: {
      'Act, A. Set the password of a user again': login('PRINCIPAL', 'TYPED', true),
      'Act, B. Slow the address down': quota('ip', 'ADDRESS', 'connection_creation_rate', 1),
    },
  },
  {
    page: 'KafkaBrokerFenced',
    fault: 'broker-paused',
    prepare: theFenced,
    before: { 'Act, B. Take a broker that is gone off the list': loseFourth },
    effects: {
      'Act, A. Restart it': whole,
      'Act, B. Take a broker that is gone off the list': measured(
        'no broker is registered and fenced any more',
        renderExpression('max(<fencedBrokers>)', { ...unscoped, profile: 'local' }, signalOf),
        (value) => value === 0,
      ),
    },
    undo: async ({ cluster }) => await forgetFourth(cluster),
  },
  start('KafkaBrokerMissing', 'Act, A. Start it', 'broker-killed'),
  setting(
    'KafkaConnectionStorm',
    'Act, A. Slow one address down',
    quota('ip', 'ADDRESS', 'connection_creation_rate', 5),
    {
      prepare: client(''),
    },
  ),
  { page: 'KafkaConnectionsNearLimit', effects: {} },
  setting(
    'KafkaConsumerLagOverObjective',
    'Act, A. Hold the source back until it has caught up',
    quota('user', 'PRINCIPAL', 'producer_byte_rate', 1_000_000),
  ),
  { page: 'KafkaConsumerLagTime', effects: {} },
  {
    page: 'KafkaConsumerRewound',
    fault: 'consumer-rewound',
    prepare: async () => ({ SINCE: isoBefore(20) }),
    before: { 'Act, B. Put the group forward again': stopReader },
    effects: {
      'Act, B. Put the group forward again': groupStands('the group stands elsewhere than before', (now, before) => {
        return now.length > 0 && now.join() !== before.join();
      }),
    },
    undo: startReader,
  },
  setting('KafkaConsumerSlow', 'Act, B. Raise its quota', quota('user', 'PRINCIPAL', 'consumer_byte_rate', 50_000_000)),
  {
    page: 'KafkaConsumerStalled',
    fault: 'consumer-stalled',
    before: { 'Act, A. Step over one record': stopReader },
    effects: {
      'Act, A. Step over one record': groupStands(
        'the group stands one record further in that partition',
        (now, before) => {
          return (
            now.length > 0 &&
            now.every((offset, partition) => offset === (before[partition] ?? 0) + (partition === 0 ? 1 : 0))
          );
        },
      ),
    },
    undo: startReader,
  },
  {
    page: 'KafkaDiskCritical',
    effects: {
      'Act, A. Delete the oldest records of one topic now': settings('topic', { 'retention.ms': '3600000' }),
      'Act, C. Hold producers back': quota('client-id', null, 'producer_byte_rate', 100_000),
    },
    notHere: { 'Act, B. Larger volume': 'wants a volume with XFS that has been made larger' },
  },
  {
    page: 'KafkaDiskWillFill',
    effects: { 'Act, A. Keep less of one topic': settings('topic', { 'retention.bytes': '10000000000' }) },
    notHere: { 'Act, B. Larger volume': 'wants a volume with XFS that has been made larger' },
  },
  {
    page: 'KafkaFilesExhausted',
    effects: { 'Act, A. Roll segments less often': settings('topic', { 'segment.ms': '86400000' }) },
    notHere: { 'Act, B. Allow more files': ec2Host },
  },
  { page: 'KafkaGcPause', effects: {}, notHere: { 'Act, A. Keep the heap out of swap': machine } },
  { page: 'KafkaHeapHigh', effects: {}, notHere: { 'Act, A. Larger heap': ec2Host } },
  {
    page: 'KafkaIngressOverPlan',
    effects: { 'Act, A. Hold one user to its plan': quota('user', 'PRINCIPAL', 'producer_byte_rate', 5_000_000) },
    notHere: { 'Act, B. Plan with what is true': ourOwn },
  },
  setting(
    'KafkaIsrFlapping',
    'Act, A. More threads for copying',
    settings('allBrokers', { 'num.replica.fetchers': '2' }),
  ),
  {
    page: 'KafkaLogCleanerDead',
    effects: {
      'Act, A. Start the cleaner again': settings('broker', { 'log.cleaner.threads': '2' }),
      'Act, B. A larger buffer': settings('broker', { 'log.cleaner.io.buffer.size': '1048576' }),
    },
  },
  setting(
    'KafkaMessageConversion',
    'Act, A. Store what producers send',
    settings('topic', { 'compression.type': 'producer' }),
  ),
  restart('KafkaMetadataErrors', 'Act, A. Let it read all metadata again'),
  restart('KafkaMetadataLag', 'Act, A. Restart it'),
  restart('KafkaMultipleControllers', 'Act, A. Restart the node with the older epoch'),
  setting(
    'KafkaNetworkThreadsBusy',
    'Act, A. More network threads',
    settings('broker', { 'num.network.threads': '6' }),
  ),
  setting('KafkaNoActiveController', 'Act, A. Start voters until a majority runs', quorumThere, {
    fault: 'quorum-lost',
  }),
  restart('KafkaOfflineLogDir', 'Act, A. Let the broker take the directory again'),
  {
    page: 'KafkaOfflinePartitions',
    fault: 'partition-orphaned',
    before: { 'Act, B. Elect a replica that is behind': loseBoth },
    effects: { 'Act, A. Start the broker': whole, 'Act, B. Elect a replica that is behind': hasLeader },
    undo: startAll,
  },
  start('KafkaQuorumMarginGone', 'Act, A. Start the lost voter', 'broker-killed'),
  {
    page: 'KafkaRaftElectionStorm',
    effects: { 'Act, A. Take load off the machine of the leader': whole },
    notHere: { 'Act, B. Wait longer before electing': 'wants the same value on every voter and a rolling restart' },
  },
  start('KafkaRaftVoterLost', 'Act, A. Start it', 'broker-killed', {
    notHere: {
      'Act, B. Put the new directory in the place of the old':
        'wants a quorum with dynamic voters; a local cluster has static ones',
    },
  }),
  {
    page: 'KafkaReplicaStopped',
    effects: { 'Act, A. Let it make its copy anew': whole, 'Act, B. Restart its fetchers': whole },
  },
  {
    page: 'KafkaRequestHandlersBusy',
    effects: {
      'Act, A. Give leadership back': preferredLead,
      'Act, B. More handlers': settings('broker', { 'num.io.threads': '12' }),
    },
  },
  {
    page: 'KafkaRequestHandlersExhausted',
    prepare: client('drill-greedy'),
    effects: {
      'Act, A. Hold one client back': quota('client-id', 'CLIENT_ID', 'request_percentage', 50),
      'Act, B. Move leaders away from it': preferredLead,
    },
  },
  setting(
    'KafkaRequestQueueFull',
    'Act, A. Fewer requests of those who send most',
    quota('client-id', null, 'request_percentage', 100),
  ),
  setting(
    'KafkaRetentionBeforeRead',
    'Act, A. Keep longer, at once',
    settings('topic', { 'retention.ms': '1209600000', 'retention.bytes': '-1' }),
  ),
  setting('KafkaSloFastBurn', 'Act, A. Take the quota away', quota('client-id', null, 'producer_byte_rate', null), {
    prepare: async ({ cluster }) => {
      const entities = [{ entityType: 'client-id', entityName: null }] as const;
      const op = { key: 'producer_byte_rate', value: 500_000, remove: false } as const;
      await withAdmin(cluster, async (admin) => {
        await admin.alterClientQuotas({ entries: [{ entities: [...entities], ops: [op] }] });
      });
    },
  }),
  setting('KafkaSloSlowBurn', 'Act, A. Let another replica lead', leaderIs(2)),
  { page: 'KafkaSloTicket', effects: {}, notHere: { 'Act, A. Ask the plan': ourOwn } },
  { page: 'KafkaTargetDown', effects: {}, notHere: { 'Act, A. Load the agent again': ec2Host } },
  setting(
    'KafkaTargetsAbsent',
    'Act, A. Read the right configuration',
    measured('Prometheus scrapes three brokers again', 'count(up{job="kafka"} == 1)', (value) => value === 3),
    {
      prepare: async ({ monitoringDir, prometheusUrl }) => {
        const { path, putBack } = await unwatch(monitoringDir, prometheusUrl);
        await until(async () => (await instant(prometheusUrl, 'up{job="kafka"}')).length === 0, noticedWithinMs);
        // Somebody mends the file; the page's block lets Prometheus read it.
        await putBack();
        return { CONFIG: path };
      },
    },
  ),
  {
    page: 'KafkaUncleanElection',
    prepare: async () => ({ OFFSET: '0' }),
    before: { 'Act, B. Set groups back to where the log still is what they read': stopReader },
    effects: {
      'Act, A. Forbid it': settings('topic', { 'unclean.leader.election.enable': 'false' }),
      'Act, B. Set groups back to where the log still is what they read': groupStands(
        'the group stands at that offset in that partition',
        (now) => now[0] === 0,
      ),
    },
    undo: startReader,
  },
  {
    page: 'KafkaUnderMinIsr',
    fault: 'replica-missing',
    before: {
      'Act, B. Let copies through': leaveThrottles,
      'Act, C. Accept fewer copies for a while': ownTopic('fewer-copies', [1, 2, 3], { 'min.insync.replicas': '2' }),
    },
    effects: {
      'Act, A. Bring one of the missing brokers back': whole,
      'Act, B. Let copies through': settings('broker', throttles),
      'Act, C. Accept fewer copies for a while': settings('topic', { 'min.insync.replicas': '1' }),
    },
  },
  {
    page: 'KafkaUnderReplicated',
    before: { 'Act, A. Let followers copy faster': leaveThrottles },
    effects: {
      'Act, A. Let followers copy faster': settings('broker', throttles),
      'Act, B. Take write load off': quota('client-id', null, 'producer_byte_rate', 1_000_000),
    },
  },
  setting(
    'KafkaUnderReplicatedLong',
    'Act, A. More threads for copying',
    settings('broker', { 'num.replica.fetchers': '2' }),
  ),
];
