/**
 * What can be observed, and what is alarmed on: plain rows from which the exporter's configuration, the dashboards, the
 * Prometheus rules, the CloudWatch alarms and the reference are made. Nothing here is measured or judged.
 */
import type { FaultId } from './faults.ts';

/** Where dashboards and rules are used; `local` and `ec2` read brokers through our own exporter configuration. */
export const profiles = ['local', 'ec2', 'msk'] as const;
export type Profile = (typeof profiles)[number];

/** One word a unit; the dashboards translate them into Grafana's, the reference prints them. */
export type Unit =
  | 'count'
  | 'records'
  | 'recordsPerSec'
  | 'bytes'
  | 'bytesPerSec'
  | 'milliseconds'
  | 'seconds'
  | 'ratio'
  | 'percent'
  | 'perSec'
  | 'epoch'
  | 'state';

/** When data can be expected: `always` after two scrapes, `underLoad` while clients work, `afterFault` only once something broke. */
export type Presence = 'always' | 'underLoad' | 'afterFault';

/** Labels that tell the series of a signal apart, beside `cluster` and `broker`. */
export type Label =
  | 'quantile'
  | 'request'
  | 'topic'
  | 'partition'
  | 'consumergroup'
  | 'state'
  | 'delayedOperation'
  | 'le'
  | 'outcome'
  | 'phase'
  | 'fault'
  | 'device'
  | 'mode';

/** Where Prometheus finds a signal. */
export interface PrometheusSource {
  readonly metric: string;
  /** Labels that must have these values. */
  readonly matchers: Readonly<Record<string, string>>;
  /** Only quantiles: the metric that carries each, where the name and not a label tells them apart. */
  readonly byQuantile?: Readonly<Record<string, { readonly metric: string }>>;
  /** Who exports it: decides which target must be up. */
  readonly exporter: 'jmx' | 'node' | 'harness' | 'plan' | 'prometheus';
}

/** Said instead of a source, with the reason. */
export interface NotAvailable {
  readonly notAvailable: string;
}

export type CloudWatchLevel = 'DEFAULT' | 'PER_BROKER' | 'PER_TOPIC_PER_BROKER' | 'PER_TOPIC_PER_PARTITION';
/** Kinds of MSK cluster; what one kind does not report must never be alarmed on there. */
export type MskKind = 'msk' | 'msk-express' | 'msk-serverless';
export type CloudWatchDimension = 'Cluster Name' | 'Broker ID' | 'Topic' | 'Consumer Group' | 'Client Authentication';

/** A metric in the namespace AWS/Kafka. */
export interface CloudWatchSource {
  readonly metric: string;
  readonly level: CloudWatchLevel;
  /** Statistic that means something for this metric: controllers that are not active report 0, so Average would lie. */
  readonly statistic: 'Maximum' | 'Minimum' | 'Average' | 'Sum';
  /** With the spaces that AWS writes them with. */
  readonly dimensions: readonly CloudWatchDimension[];
  readonly kinds: readonly MskKind[];
}

export interface MBean {
  readonly domain: string;
  readonly type: string;
  /** Key property `name`; left out for MBeans whose attributes are the metrics. */
  readonly name?: string;
  /** Key properties that become labels, with the values read; `*` reads all. */
  readonly keys?: Readonly<Record<string, readonly string[] | '*'>>;
  readonly attribute: string;
  /** In our form instead of `name`, where two attributes of one MBean would share it. */
  readonly as?: string;
}

export interface Signal {
  readonly id: string;
  /** One sentence for the dashboard and the reference. */
  readonly meaning: string;
  readonly unit: Unit;
  readonly kind: 'gauge' | 'counter' | 'quantiles' | 'histogram' | 'state';
  readonly presence: Presence;
  readonly labels: readonly Label[];
  /** Brokers report it each; false: once a cluster, a group or a run. */
  readonly perBroker: boolean;
  /** What our exporter configuration reads; null: not a broker's MBean, or the agent's own. */
  readonly mbean: MBean | null;
  readonly sources: {
    readonly selfManaged: PrometheusSource | NotAvailable;
    readonly msk: PrometheusSource | NotAvailable;
    readonly cloudWatch: CloudWatchSource | NotAvailable;
  };
}

/** page: a person now; ticket: a working day; failRun: the measurement is void; none: proves that alarms arrive. */
export type Severity = 'page' | 'ticket' | 'failRun' | 'none';

/** Figures of a plan that rules, boards and alarms compare with; resolved by `plannedFigures`. */
export type PlannedFigure =
  | 'brokers'
  | 'ingressBytesPerSec'
  | 'egressBytesPerSec'
  | 'brokerIngressLimitBytesPerSec'
  | 'brokerEgressLimitBytesPerSec'
  | 'brokerPartitionLimit'
  | 'brokerConnectionLimit'
  | 'provisionedBytesPerBroker'
  | 'volumeBytesPerSec'
  | 'requiredBytes'
  | 'onDiskBytes'
  | 'publishP99Sec'
  | 'endToEndP99Sec'
  | 'lagMaxRecords';

/** A number, or a share of what the plan says. */
export type Threshold = number | { readonly planned: PlannedFigure; readonly factor: number };

export interface CloudWatchAlarm {
  /** Signals by the letter the expression uses; an alarm of one signal needs no expression. */
  readonly metrics: Readonly<Record<string, string>>;
  readonly expression?: string;
  readonly comparison: '>' | '>=' | '<';
  readonly threshold: Threshold;
  readonly periodSec: number;
  /** Of the last `of` periods, this many must breach. */
  readonly breaching: number;
  readonly of: number;
  /** What a period without data means; said for each, because for some metrics silence is health and for others the fault. */
  readonly missing: 'breaching' | 'notBreaching' | 'ignore' | 'missing';
  /** One alarm for the cluster, for every broker, or for every consumer group of the plan. */
  readonly per: 'cluster' | 'broker' | 'group';
  /** Only on these kinds; left out: on every kind that reports all its metrics. */
  readonly kinds?: readonly MskKind[];
  /** Only on instance types of this beginning, such as `kafka.t3`. */
  readonly instanceTypes?: string;
}

export interface Alert {
  /** Also the file name of its runbook. */
  readonly id: string;
  readonly severity: Severity;
  /** One line for the pager; `{{ $labels.x }}` and `{{ $value }}` as Prometheus fills them in. */
  readonly summary: string;
  /** What it means and why this threshold. */
  readonly meaning: string;
  /** PromQL over signals (see expression.ts); null: only CloudWatch knows. */
  readonly condition: string | null;
  readonly forSec: number;
  /** Board that shows it. */
  readonly dashboard: DashboardId;
  readonly cloudWatch: CloudWatchAlarm | NotAvailable;
  /** The fault that makes it fire in a drill on a local cluster, or why only promtool replays it. */
  readonly drill: { readonly fault: FaultId } | { readonly notDrilled: string };
}

/** The boards; `dashboards/` has one source file each. */
export const dashboardIds = [
  'overview',
  'broker',
  'topics',
  'quorum',
  'groups',
  'clients',
  'storage',
  'bench',
  'capacity',
  'slo',
] as const;
export type DashboardId = (typeof dashboardIds)[number];

export function isAvailable<T extends object>(source: T | NotAvailable): source is T {
  return !('notAvailable' in source);
}
