/**
 * For each alert one history that makes it fire and one, as close as possible, that must not. Values as promtool writes
 * them, one a minute: `0x4 1x10` is 0 five times, then 1 eleven times; `0+60x30` grows by 60 a minute.
 */
export type History = readonly [signal: string, values: string, labels?: Readonly<Record<string, string>>];

export interface Scenario {
  readonly history: readonly History[];
  /** Minute at which to look. */
  readonly at: number;
}

export interface AlertCase {
  readonly fires: Scenario;
  /** null: it always fires, which is its purpose. */
  readonly quiet: Scenario | null;
}

const at = (minute: number, ...history: readonly History[]): Scenario => ({ history, at: minute });
const partition = { topic: 'orders', partition: '0' };
const group = { consumergroup: 'readers', ...partition };
const voters = (...states: readonly string[]): readonly History[] =>
  states.map((state, index) => ['raftState', '1x30', { broker: String(index + 1), state }]);
const disk = { device: '/dev/nvme1n1', fstype: 'xfs', mountpoint: '/data' };
const slo = (bad: string, good: string): readonly History[] => [
  ['sloRecords', bad, { topic: 'orders', outcome: 'bad' }],
  ['sloRecords', good, { topic: 'orders', outcome: 'good' }],
];

export const alertCases: Readonly<Record<string, AlertCase>> = {
  KafkaOfflinePartitions: {
    fires: at(10, ['offlinePartitions', '0x4 2x10']),
    quiet: at(10, ['offlinePartitions', '0x4 2 0x10']),
  },
  KafkaUnderMinIsr: {
    fires: at(5, ['partitionUnderMinIsr', '1x10', partition]),
    quiet: at(5, ['partitionUnderMinIsr', '0x10', partition]),
  },
  KafkaAtMinIsr: {
    fires: at(20, ['atMinIsr', '3x30'], ['underReplicated', '3x30']),
    // As many replicas as must be in sync: so by design.
    quiet: at(20, ['atMinIsr', '3x30'], ['underReplicated', '0x30']),
  },
  KafkaUnderReplicated: {
    fires: at(20, ['underReplicated', '5x30']),
    // A restart.
    quiet: at(13, ['underReplicated', '0x2 5x11 0x20']),
  },
  KafkaUnderReplicatedLong: {
    fires: at(65, ['underReplicated', '5x70']),
    quiet: at(40, ['underReplicated', '5x70']),
  },
  KafkaUncleanElection: {
    fires: at(8, ['uncleanElections', '0x5 1x10']),
    // One of last year.
    quiet: at(10, ['uncleanElections', '3x20']),
  },
  KafkaOfflineLogDir: { fires: at(4, ['offlineLogDirs', '1x6']), quiet: at(4, ['offlineLogDirs', '0x6']) },
  KafkaBrokerMissing: {
    fires: at(8, ['activeBrokers', '2x10'], ['plannedBrokers', '3x10']),
    quiet: at(6, ['activeBrokers', '3x2 2x3 3x10'], ['plannedBrokers', '3x15']),
  },
  KafkaBrokerFenced: {
    fires: at(12, ['fencedBrokers', '1x15']),
    quiet: at(8, ['fencedBrokers', '0x2 1x5 0x10']),
  },
  KafkaTargetDown: { fires: at(5, ['targetUp', '0x10']), quiet: at(5, ['targetUp', '1x10']) },
  KafkaTargetsAbsent: { fires: at(5), quiet: at(5, ['targetUp', '0x10']) },
  KafkaIsrFlapping: {
    fires: at(35, ['isrShrinks', '0+1x40']),
    quiet: at(8, ['isrShrinks', '0x5 1x40']),
  },
  KafkaReplicaStopped: {
    fires: at(12, ['failedFetcherPartitions', '1x15']),
    quiet: at(12, ['failedFetcherPartitions', '0x15']),
  },
  KafkaNoActiveController: {
    fires: at(5, ['activeControllers', '0x10'], ['activeControllers', '0x10', { broker: '2' }]),
    quiet: at(5, ['activeControllers', '0x10'], ['activeControllers', '1x10', { broker: '2' }]),
  },
  KafkaMultipleControllers: {
    fires: at(5, ['activeControllers', '1x10'], ['activeControllers', '1x10', { broker: '2' }]),
    quiet: at(5, ['activeControllers', '0x10'], ['activeControllers', '1x10', { broker: '2' }]),
  },
  KafkaRaftVoterLost: {
    fires: at(12, ...voters('leader', 'follower'), ['raftVoters', '3x30']),
    quiet: at(12, ...voters('leader', 'follower', 'follower'), ['raftVoters', '3x30']),
  },
  KafkaQuorumMarginGone: {
    fires: at(20, ...voters('leader', 'follower'), ['raftVoters', '3x30']),
    // A single controller never had a margin.
    quiet: at(20, ...voters('leader'), ['raftVoters', '1x30']),
  },
  KafkaRaftElectionStorm: {
    fires: at(10, ['raftEpoch', '1+1x20']),
    quiet: at(10, ['raftEpoch', '1x5 2x20']),
  },
  KafkaMetadataErrors: {
    fires: at(4, ['metadataApplyErrors', '1x6'], ['metadataLoadErrors', '0x6']),
    quiet: at(4, ['metadataApplyErrors', '0x6'], ['metadataLoadErrors', '0x6']),
  },
  KafkaMetadataLag: { fires: at(7, ['metadataLag', '20000x10']), quiet: at(7, ['metadataLag', '500x10']) },
  KafkaDiskWillFill: {
    fires: at(400, ['diskFree', '39000000000-50000000x420', disk], ['diskSize', '100000000000x420', disk]),
    quiet: at(400, ['diskFree', '39000000000x420', disk], ['diskSize', '100000000000x420', disk]),
  },
  KafkaDiskCritical: {
    fires: at(8, ['diskFree', '10x10', disk], ['diskSize', '100x10', disk]),
    // A full memory file system holds no data.
    quiet: at(
      8,
      ['diskFree', '0x10', { ...disk, fstype: 'tmpfs' }],
      ['diskSize', '100x10', { ...disk, fstype: 'tmpfs' }],
    ),
  },
  KafkaRequestHandlersBusy: { fires: at(12, ['handlerIdle', '0.2x15']), quiet: at(12, ['handlerIdle', '0.5x15']) },
  KafkaRequestHandlersExhausted: {
    fires: at(12, ['handlerIdle', '0.05x15']),
    quiet: at(12, ['handlerIdle', '0.2x15']),
  },
  KafkaNetworkThreadsBusy: { fires: at(12, ['networkIdle', '0.2x15']), quiet: at(12, ['networkIdle', '0.9x15']) },
  KafkaRequestQueueFull: {
    fires: at(7, ['requestQueueSize', '450x10']),
    quiet: at(7, ['requestQueueSize', '450 10 450 10 450 10 450 10 450']),
  },
  KafkaHeapHigh: {
    fires: at(22, ['heapUsed', '400x30'], ['heapMax', '500x30']),
    // A saw tooth up to the top, as it should be.
    quiet: at(
      22,
      ['heapUsed', Array.from({ length: 30 }, (_, index) => (index % 3 === 0 ? 100 : 480)).join(' ')],
      ['heapMax', '500x30'],
    ),
  },
  KafkaGcPause: {
    fires: at(22, ['gcTime', '0+12x30', { gc: 'G1 Young Generation' }]),
    quiet: at(22, ['gcTime', '0+1x30', { gc: 'G1 Young Generation' }]),
  },
  KafkaFilesExhausted: {
    fires: at(12, ['openFiles', '900x15'], ['maxFiles', '1000x15']),
    quiet: at(12, ['openFiles', '100x15'], ['maxFiles', '1000x15']),
  },
  KafkaConnectionStorm: {
    // Two network threads.
    fires: at(
      6,
      ['connectionRate', '50x8', { networkProcessor: '0' }],
      ['connectionRate', '50x8', { networkProcessor: '1' }],
    ),
    quiet: at(6, ['connectionRate', '50x8', { networkProcessor: '0' }]),
  },
  KafkaConnectionsNearLimit: {
    fires: at(12, ['connections', '2900x15'], ['plannedBrokerConnectionLimit', '3000x15']),
    quiet: at(12, ['connections', '2000x15'], ['plannedBrokerConnectionLimit', '3000x15']),
  },
  KafkaAuthFailures: {
    fires: at(12, ['authFailures', '1x15']),
    // Somebody mistyped a password.
    quiet: at(12, ['authFailures', '0x3 1 0x15']),
  },
  KafkaMessageConversion: {
    fires: at(40, ['produceConversions', '0+10x45']),
    quiet: at(40, ['produceConversions', '5x45']),
  },
  KafkaLogCleanerDead: {
    fires: at(8, ['deadCleaners', '0x10'], ['uncleanablePartitions', '1x10']),
    quiet: at(8, ['deadCleaners', '0x10'], ['uncleanablePartitions', '0x10']),
  },
  KafkaIngressOverPlan: {
    fires: at(40, ['bytesIn', '0+60000x45'], ['plannedIngressBytesPerSec', '500x45']),
    quiet: at(40, ['bytesIn', '0+60000x45'], ['plannedIngressBytesPerSec', '1000x45']),
  },
  KafkaConsumerStalled: {
    fires: at(20, ['groupLag', '100+10x30', group], ['groupOffset', '500x30', group]),
    // Idle and done.
    quiet: at(20, ['groupLag', '0x30', group], ['groupOffset', '500x30', group]),
  },
  KafkaConsumerSlow: {
    fires: at(55, ['groupLag', '100+50x60', group], ['groupOffset', '0+600x60', group]),
    // Records under way, a little more now and then: a group that keeps up.
    quiet: at(55, ['groupLag', '100+1x60', group], ['groupOffset', '0+600x60', group]),
  },
  KafkaConsumerRewound: {
    fires: at(8, ['groupOffset', '1000x5 10x20', group]),
    // The coordinator moved: no commit known for a moment.
    quiet: at(8, ['groupOffset', '0+10x4 -1 50+10x20', group]),
  },
  KafkaConsumerLagOverObjective: {
    fires: at(8, ['groupLag', '9000x10', group], ['plannedLagMaxRecords', '5000x10']),
    // A partition without a commit says -1.
    quiet: at(8, ['groupLag', '-1x10', group], ['plannedLagMaxRecords', '5000x10']),
  },
  KafkaConsumerLagTime: {
    fires: at(15, ['groupLagSeconds', '900x25', { consumergroup: 'readers', topic: 'orders' }]),
    quiet: at(15, ['groupLagSeconds', '30x25', { consumergroup: 'readers', topic: 'orders' }]),
  },
  KafkaRetentionBeforeRead: {
    fires: at(
      40,
      ['groupOffset', '1000x60', group],
      ['groupLag', '4000+20x60', group],
      ['partitionOldest', '0+20x60', partition],
      ['partitionEnd', '5000+20x60', partition],
    ),
    // Retention deletes, and the group has read everything.
    quiet: at(
      40,
      ['groupOffset', '4990+20x60', group],
      ['groupLag', '10x60', group],
      ['partitionOldest', '0+20x60', partition],
      ['partitionEnd', '5000+20x60', partition],
    ),
  },
  KafkaSloFastBurn: {
    fires: at(70, ...slo('0+1200x90', '0+4800x90')),
    // One failure on a topic that hardly anybody uses.
    quiet: at(70, ...slo('0x60 1x30', '0x60 1x30')),
  },
  KafkaSloSlowBurn: {
    fires: at(400, ...slo('0+480x420', '0+5520x420')),
    quiet: at(400, ...slo('0+60x420', '0+5940x420')),
  },
  KafkaSloTicket: {
    fires: at(400, ...slo('0+120x420', '0+5880x420')),
    quiet: at(400, ...slo('0+30x420', '0+5970x420')),
  },
  BenchGeneratorSaturated: {
    fires: at(3, ['generatorBusy', '0.99x5'], ['generatorDelay', '0.001x5']),
    quiet: at(3, ['generatorBusy', '0.5x5'], ['generatorDelay', '0.001x5']),
  },
  BenchLossOrDuplicate: {
    fires: at(6, ['recordsLost', '0x3 2x5', { topic: 'orders' }], ['recordsDuplicated', '0x10', { topic: 'orders' }]),
    quiet: at(6, ['recordsLost', '0x10', { topic: 'orders' }], ['recordsDuplicated', '0x10', { topic: 'orders' }]),
  },
  Watchdog: { fires: at(1), quiet: null },
};
