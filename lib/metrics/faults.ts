/**
 * The faults that a drill injects into a local cluster, each in a few words. An alert names the one that makes it fire;
 * `bench/faults` holds how each is injected and healed.
 */
export const faultSummaries = {
  nothing: 'inject nothing: the control',
  'broker-killed': 'kill one broker and leave it down',
  'broker-paused': 'stop the process of a broker with SIGSTOP',
  'replica-missing': 'kill one broker that holds a replica of a topic with min.insync.replicas equal to its replicas',
  'partition-orphaned': 'kill every broker that holds a replica of a partition',
  'quorum-lost': 'kill two of three quorum voters',
  'unclean-election': 'let a partition lose its in-sync set, then elect an unclean leader',
  'log-dir-lost':
    'take away one of the two log directories of a broker; with a single one the broker would end instead',
  'disk-filled': 'fill the disk of a broker at a steady pace',
  'follower-flapping': 'stop and continue the processes of two followers in turns',
  'controller-deposed': 'stop the process of the active controller until another is elected, four times and more',
  'brokers-unwatched': 'let Prometheus reload a configuration without the job of the brokers',
  'consumer-stalled': 'stop the members of a group from reading, under load',
  'consumer-slow': 'let a group handle fewer records than are written',
  'consumer-rewound': 'reset the offsets of a group to the beginning',
  'retention-overtakes': 'stop a group on a topic with a short retention, under load',
  'producer-throttled': 'hold back every produce request with a quota',
  'rate-above-plan': 'load above the planned peak',
  'handlers-busy': 'leave each broker one request handler and let it compress again what producers send',
  'heap-full': 'start a broker with a heap that its partitions fill',
  'files-exhausted': 'lower the limit of open files of a running broker',
  'clients-reconnecting': 'open and close connections in a loop',
  'wrong-password': 'connect with a wrong password in a loop',
  'generator-busy': 'burn the CPU of the harness',
  'writes-unacknowledged': 'write with acks=0 while brokers are killed',
} as const;

export type FaultId = keyof typeof faultSummaries;
