/** Work on a cluster that alerts lead to and that is planned too: a page each, `runbooks/procedure-<id>.md`. */

export interface Procedure {
  readonly id: string;
  readonly title: string;
  /** What it is for and when it is the right thing, in one or two sentences. */
  readonly purpose: string;
}

export const procedures: readonly Procedure[] = [
  {
    id: 'rolling-restart',
    title: 'Rolling restart',
    purpose:
      'Restart every broker, one at a time, without a client noticing: for settings, certificates, a new machine.',
  },
  {
    id: 'add-brokers',
    title: 'Add brokers',
    purpose:
      'Give the cluster more disk, network or threads. New brokers stay empty until partitions are moved to them.',
  },
  {
    id: 'add-partitions',
    title: 'Add partitions',
    purpose: 'Let more consumer threads read a topic at once. Keys move to other partitions, and it cannot be undone.',
  },
  {
    id: 'change-retention',
    title: 'Change retention',
    purpose: 'Keep records for longer or shorter. Shorter frees disk and deletes for good.',
  },
  {
    id: 'replace-broker',
    title: 'Replace a broker',
    purpose: 'Put a new machine or disk in the place of a lost one, under the same id.',
  },
  {
    id: 'restore-quorum',
    title: 'Restore from quorum loss',
    purpose: 'Bring the controllers back after a majority of them was lost. Until then nothing can change.',
  },
  {
    id: 'drain-backlog',
    title: 'Drain a backlog',
    purpose: 'Let a group catch up before retention deletes what it has not read.',
  },
  {
    id: 'rotate-credentials',
    title: 'Rotate credentials',
    purpose: 'Replace passwords or certificates of clients or brokers while both keep working.',
  },
  {
    id: 'move-topic',
    title: 'Move a topic',
    purpose: 'Put replicas on other brokers: after adding brokers, before removing one, or to spread load.',
  },
  {
    id: 'upgrade',
    title: 'Upgrade Kafka',
    purpose: 'Run a newer version: first every node, then, once it has proved itself, the features of the cluster.',
  },
];
