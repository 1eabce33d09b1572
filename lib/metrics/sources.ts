/**
 * How the rows of the signal table are written. The name a broker's signal has under our own exporter configuration and
 * the name it has in MSK's open monitoring both follow from its MBean, so neither is ever typed by hand.
 */
import type {
  CloudWatchDimension,
  CloudWatchLevel,
  CloudWatchSource,
  MBean,
  MskKind,
  NotAvailable,
  PrometheusSource,
  Signal,
} from './types.ts';

/** Quantiles that our configuration exports, and the attributes of Kafka's histograms that hold them. */
export const quantileAttributes: Readonly<Record<string, string>> = {
  '0.5': '50thPercentile',
  '0.99': '99thPercentile',
  '0.999': '999thPercentile',
};

type Common = Pick<Signal, 'id' | 'meaning' | 'unit'> &
  Partial<Pick<Signal, 'presence' | 'labels' | 'perBroker'>> & {
    readonly cloudWatch?: CloudWatchSource;
    /** Why CloudWatch has none. */
    readonly noCloudWatch?: string;
    /** Why MSK's open monitoring has none, although the broker knows it. */
    readonly noMsk?: string;
  };

export function none(reason: string): NotAvailable {
  return { notAvailable: reason };
}

/** A metric of AWS/Kafka; `kinds` are those that report it. */
export function cloudWatch(
  metric: string,
  level: CloudWatchLevel,
  statistic: CloudWatchSource['statistic'],
  dimensions: readonly CloudWatchDimension[],
  kinds: readonly MskKind[],
): CloudWatchSource {
  return { metric, level, statistic, dimensions, kinds };
}

/** A gauge, counter or string state of a broker, by its MBean `domain:type=Type,name=Name` and the attribute. */
export function broker(kind: Signal['kind'], mbean: MBean, common: Common): Signal {
  return row(kind, common, {
    mbean,
    perBroker: true,
    selfManaged: prometheus('jmx', selfManagedName(mbean, kind), aggregateMatcher(mbean)),
    msk:
      common.noMsk === undefined
        ? prometheus('jmx', mskName(mbean, mbean.attribute), { ...nameMatcher(mbean), ...aggregateMatcher(mbean) })
        : none(common.noMsk),
  });
}

/** Percentiles of one of Kafka's histograms: a label in our form, a metric each in MSK's. Never to be averaged. */
export function percentiles(mbean: Omit<MBean, 'attribute'>, common: Common): Signal {
  const full = { ...mbean, attribute: 'quantile' };
  const byQuantile = Object.fromEntries(
    Object.entries(quantileAttributes).map(([quantile, attribute]) => [
      quantile,
      { metric: mskName(mbean, attribute) },
    ]),
  );
  const median = mskName(mbean, quantileAttributes['0.5'] ?? '');
  return row(
    'quantiles',
    { ...common, labels: ['quantile', ...(common.labels ?? [])] },
    {
      mbean: full,
      perBroker: true,
      selfManaged: prometheus('jmx', selfManagedName(full, 'gauge'), {}),
      msk: { ...prometheus('jmx', median, nameMatcher(mbean)), byQuantile },
    },
  );
}

/** What the agent itself or another exporter gives; the same under every profile unless `msk` says otherwise. */
export function exported(
  exporter: PrometheusSource['exporter'],
  kind: Signal['kind'],
  metric: string,
  common: Common & {
    readonly matchers?: Readonly<Record<string, string>>;
    readonly msk?: Pick<PrometheusSource, 'metric' | 'matchers'>;
  },
): Signal {
  const source = prometheus(exporter, metric, common.matchers ?? {});
  const onMsk = common.msk === undefined ? source : { ...common.msk, exporter };
  return row(kind, common, {
    mbean: null,
    perBroker: exporter === 'jmx' || exporter === 'node',
    selfManaged: source,
    msk: common.noMsk === undefined ? onMsk : none(common.noMsk),
  });
}

/** What only CloudWatch reports. */
export function onlyCloudWatch(source: CloudWatchSource, common: Omit<Common, 'cloudWatch'>): Signal {
  const reason = 'a figure of the AWS service itself: only CloudWatch has it';
  return row(
    'gauge',
    { ...common, cloudWatch: source },
    {
      mbean: null,
      perBroker: source.dimensions.includes('Broker ID'),
      selfManaged: none(reason),
      msk: none(reason),
    },
  );
}

function row(
  kind: Signal['kind'],
  common: Common,
  own: Pick<Signal, 'mbean' | 'perBroker'> & Omit<Signal['sources'], 'cloudWatch'>,
): Signal {
  const { selfManaged, msk, ...rest } = own;
  return {
    id: common.id,
    meaning: common.meaning,
    unit: common.unit,
    kind,
    presence: common.presence ?? 'always',
    labels: common.labels ?? [],
    ...rest,
    ...(common.perBroker === undefined ? {} : { perBroker: common.perBroker }),
    sources: {
      selfManaged,
      msk,
      cloudWatch: common.cloudWatch ?? none(common.noCloudWatch ?? 'AWS/Kafka has no such metric'),
    },
  };
}

function prometheus(
  exporter: PrometheusSource['exporter'],
  metric: string,
  matchers: Readonly<Record<string, string>>,
): PrometheusSource {
  return { metric, matchers, exporter };
}

/** Per-topic values and their sum share one metric; the sum is the one without a topic. */
function aggregateMatcher({ type, keys }: MBean): Readonly<Record<string, string>> {
  return type === 'BrokerTopicMetrics' && keys === undefined ? { topic: '' } : {};
}

function nameMatcher({ name }: Pick<MBean, 'name'>): Readonly<Record<string, string>> {
  return name === undefined ? {} : { name };
}

/** As other published boards write it, so that they work too: `kafka_server_replicamanager_underreplicatedpartitions`. */
export function selfManagedName({ domain, type, name, attribute, as }: MBean, kind: Signal['kind']): string {
  const subject = as ?? name?.replace(/PerSec$/, '') ?? attribute;
  const parts = [domain.replaceAll('.', '_'), type.replaceAll('-', ''), clean(subject)].map((part) =>
    part.toLowerCase(),
  );
  return `${parts.join('_')}${kind === 'counter' ? '_total' : ''}`;
}

/** The exporter's own form without rules: the attribute in the name, other key properties as labels. */
function mskName({ domain, type }: Pick<MBean, 'domain' | 'type'>, attribute: string): string {
  return [domain, type, attribute].map(clean).join('_');
}

function clean(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9_]/g, '_');
}
