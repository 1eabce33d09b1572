/** What the harness says of itself during a run, and the figures of the plan that boards draw beside the measured ones. */
import { exported } from '../sources.ts';
import type { Label, PlannedFigure, Signal, Unit } from '../types.ts';

const outside = 'the harness measures from outside the cluster; scrape it, CloudWatch cannot know';

function bench(
  kind: Signal['kind'],
  metric: string,
  row: { id: string; meaning: string; unit: Unit; labels?: readonly Label[]; presence?: Signal['presence'] },
): Signal {
  return exported('harness', kind, metric, { presence: 'underLoad', ...row, noCloudWatch: outside });
}

function planned(id: string, metric: string, meaning: string, unit: Unit, labels: readonly Label[] = []): Signal {
  const noCloudWatch = 'alarms carry the number itself';
  return exported('plan', 'gauge', metric, { id, meaning, unit, labels, noCloudWatch });
}

export const harnessSignals: readonly Signal[] = [
  bench('histogram', 'bench_publish_seconds', {
    id: 'publishTime',
    meaning: 'from the moment a record was due to its acknowledgement',
    unit: 'seconds',
    labels: ['topic', 'le'],
  }),
  bench('histogram', 'bench_end_to_end_seconds', {
    id: 'endToEndTime',
    meaning: 'from the moment a record was due to its arrival in a group',
    unit: 'seconds',
    labels: ['topic', 'consumergroup', 'le'],
  }),
  bench('histogram', 'bench_slip_seconds', {
    id: 'slip',
    meaning: 'how late the generator was: from the moment a record was due to its sending',
    unit: 'seconds',
    labels: ['topic', 'le'],
  }),
  bench('counter', 'bench_records_sent_total', {
    id: 'recordsSent',
    meaning: 'records handed to the client',
    unit: 'recordsPerSec',
    labels: ['topic'],
  }),
  bench('counter', 'bench_records_acknowledged_total', {
    id: 'recordsAcknowledged',
    meaning: 'records the cluster acknowledged',
    unit: 'recordsPerSec',
    labels: ['topic'],
  }),
  bench('counter', 'bench_records_received_total', {
    id: 'recordsReceived',
    meaning: 'records a group read for the first time',
    unit: 'recordsPerSec',
    labels: ['topic', 'consumergroup'],
  }),
  bench('counter', 'bench_records_failed_total', {
    id: 'recordsFailed',
    meaning: 'records that were given up',
    unit: 'perSec',
    labels: ['topic'],
  }),
  bench('gauge', 'bench_records_lost', {
    id: 'recordsLost',
    meaning: 'acknowledged records that a group never read, though it read past them',
    unit: 'records',
    labels: ['topic'],
  }),
  bench('gauge', 'bench_records_duplicated', {
    id: 'recordsDuplicated',
    meaning: 'records that are in the log more than once',
    unit: 'records',
    labels: ['topic'],
  }),
  bench('counter', 'bench_slo_records_total', {
    id: 'sloRecords',
    meaning:
      'records by whether they were acknowledged within the publish objective (outcome good or bad); what failed is bad',
    unit: 'recordsPerSec',
    labels: ['topic', 'outcome'],
  }),
  bench('gauge', 'bench_target_records_per_second', {
    id: 'targetRate',
    meaning: 'rate the phase asks for',
    unit: 'recordsPerSec',
    labels: ['topic'],
  }),
  bench('gauge', 'bench_phase', {
    id: 'benchPhase',
    meaning: '1 while a phase of the run is under way',
    unit: 'state',
    labels: ['phase'],
  }),
  bench('gauge', 'bench_fault', {
    id: 'benchFault',
    meaning: '1 while a fault is injected',
    unit: 'state',
    labels: ['fault'],
    presence: 'afterFault',
  }),
  bench('gauge', 'bench_generator_busy_ratio', {
    id: 'generatorBusy',
    meaning: 'share of the last second in which the event loop of the harness had work',
    unit: 'ratio',
  }),
  bench('gauge', 'bench_generator_delay_p99_seconds', {
    id: 'generatorDelay',
    meaning: 'delay p99 of the event loop over the last second',
    unit: 'seconds',
  }),
  exported('harness', 'counter', 'process_cpu_seconds_total', {
    id: 'generatorCpu',
    meaning: 'cores that the harness uses',
    unit: 'count',
    presence: 'underLoad',
    matchers: { job: 'headroom' },
    noCloudWatch: outside,
  }),
];

const figures: Readonly<Record<PlannedFigure, readonly [metric: string, meaning: string, unit: Unit]>> = {
  brokers: ['headroom_plan_brokers', 'brokers the plan wants', 'count'],
  ingressBytesPerSec: [
    'headroom_plan_ingress_bytes_per_second',
    'what producers send at the planned peak',
    'bytesPerSec',
  ],
  egressBytesPerSec: [
    'headroom_plan_egress_bytes_per_second',
    'what consumers fetch at the planned peak',
    'bytesPerSec',
  ],
  brokerIngressLimitBytesPerSec: [
    'headroom_plan_broker_ingress_limit_bytes_per_second',
    'most that one broker should take from producers',
    'bytesPerSec',
  ],
  brokerEgressLimitBytesPerSec: [
    'headroom_plan_broker_egress_limit_bytes_per_second',
    'most that one broker should send',
    'bytesPerSec',
  ],
  brokerPartitionLimit: ['headroom_plan_broker_partition_limit', 'most replicas one broker should hold', 'count'],
  brokerConnectionLimit: ['headroom_plan_broker_connection_limit', 'most connections one broker should hold', 'count'],
  provisionedBytesPerBroker: ['headroom_plan_provisioned_bytes_per_broker', 'volume of one broker', 'bytes'],
  volumeBytesPerSec: ['headroom_plan_volume_bytes_per_second', 'throughput of the volume of one broker', 'bytesPerSec'],
  requiredBytes: ['headroom_plan_required_bytes', 'retained bytes and buffer, by the formula', 'bytes'],
  onDiskBytes: ['headroom_plan_on_disk_bytes', 'what the disks will hold, over all replicas', 'bytes'],
  publishP99Sec: ['headroom_plan_publish_p99_seconds', 'publish p99 asked for', 'seconds'],
  endToEndP99Sec: ['headroom_plan_end_to_end_p99_seconds', 'end to end p99 asked for', 'seconds'],
  lagMaxRecords: ['headroom_plan_lag_max_records', 'most records a group may be behind', 'records'],
};

/** Recorded by rules that are made from a plan; without one they are absent, and so is what compares with them. */
export const plannedSignals: readonly Signal[] = [
  ...Object.entries(figures).map(([figure, [metric, meaning, unit]]) =>
    planned(plannedId(figure), metric, meaning, unit),
  ),
  planned(
    'plannedTopicRate',
    'headroom_plan_topic_peak_records_per_second',
    'records a second at the planned peak of a topic',
    'recordsPerSec',
    ['topic'],
  ),
  planned('plannedRetention', 'headroom_plan_topic_retention_seconds', 'retention of a topic', 'seconds', ['topic']),
];

/** Id of the signal that carries a figure of the plan. */
export function plannedId(figure: string): string {
  return `planned${figure.charAt(0).toUpperCase()}${figure.slice(1)}`;
}
