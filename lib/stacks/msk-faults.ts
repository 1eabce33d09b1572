/** What keeps a plan from becoming an MSK cluster, found before anything is synthesised: every fault says what to change. */
import { networkFaults } from '../constructs/broker-network.ts';
import { monitoringLevels } from '../constructs/msk-cluster.ts';
import { endedText, expressVersions, standardVersions } from '../constructs/msk-versions.ts';
import { mskExpressBrokers } from '../plan/facts/msk-express.ts';
import { mskExpressLimits, mskStandardLimits, mskTieredLimits } from '../plan/facts/msk-limits.ts';
import { mskStandardBrokers } from '../plan/facts/msk-standard.ts';
import { planSchemaVersion } from '../plan/types.ts';
import { clusterNameOf, type MskStackProps, plannedVolumeGiB } from './msk-props.ts';

const targets = ['msk', 'msk-express', 'msk-serverless'] as const;
type MskTarget = (typeof targets)[number];

/** Every fault in words; empty: the stack can be made. */
export function mskFaults(props: MskStackProps): readonly string[] {
  const { schemaVersion, cluster } = props.plan;
  if (schemaVersion !== planSchemaVersion)
    return [
      `plan.schemaVersion: this version reads ${planSchemaVersion}, the plan has ${schemaVersion}; make it again with: headroom plan FILE --json`,
    ];
  const target = targets.find((one) => one === cluster.target);
  if (target === undefined) return [`cluster.target: an MSK stack takes ${targets.join(', ')}, not ${cluster.target}`];
  return [
    ...nameFaults(props),
    ...(target === 'msk-serverless' ? serverlessFaults(props) : brokerFaults(props, target)),
  ];
}

function nameFaults(props: MskStackProps): readonly string[] {
  const { generation, network, plan, encryptionKeyArn } = props;
  const name = clusterNameOf(props);
  return [
    ...(generation !== undefined && (!Number.isInteger(generation) || generation < 1)
      ? [`generation: expected a whole number from 1, got ${generation}`]
      : []),
    ...(/^[a-z0-9][a-z0-9-]{0,63}$/i.test(name)
      ? []
      : [`useCase: MSK takes cluster names of 1 to 64 letters, digits and "-", not the ${name.length} of "${name}"`]),
    ...placeFaults(network, plan.cluster.zones),
    ...(encryptionKeyArn === undefined || /^arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key\/.+$/.test(encryptionKeyArn)
      ? []
      : [`encryptionKeyArn: expected an ARN such as arn:aws:kms:REGION:ACCOUNT:key/ID, got "${encryptionKeyArn}"`]),
  ];
}

function placeFaults(network: MskStackProps['network'], zones: number): readonly string[] {
  if ('vpcId' in network) return networkFaults({ zones, existing: network });
  const subnets = network.brokerSubnets.length;
  return subnets === zones
    ? []
    : [`network: the plan spreads over ${zones} zones, the network has subnets in ${subnets}`];
}

/** Options that choose brokers mean nothing where AWS hides them. */
function serverlessFaults(props: MskStackProps): readonly string[] {
  const chosen = (['instanceType', 'volumeGiB', 'kafkaVersion', 'tieredLocalMs', 'scramUsers'] as const).filter(
    (option) => props[option] !== undefined,
  );
  const unusable = [...chosen, ...(['encryptionKeyArn', 'monitoringLevel'] as const).filter((one) => props[one])];
  const { zones } = props.plan.cluster;
  return [
    ...unusable.map((option) => `${option}: MSK Serverless has nothing to choose there; leave it out`),
    ...(zones >= 2 ? [] : [`cluster.zones: MSK Serverless needs subnets in at least 2 zones, not ${zones}`]),
  ];
}

function brokerFaults(props: MskStackProps, target: Exclude<MskTarget, 'msk-serverless'>): readonly string[] {
  const { zones, brokers } = props.plan.cluster;
  const allowed: readonly number[] =
    (target === 'msk-express' ? mskExpressLimits.zones.value : mskStandardLimits.zones.value) ?? [];
  const versions: readonly string[] = target === 'msk-express' ? expressVersions : standardVersions;
  const { kafkaVersion, monitoringLevel } = props;
  return [
    ...(allowed.includes(zones) ? [] : [`cluster.zones: ${target} spans ${allowed.join(' or ')} zones, not ${zones}`]),
    ...(brokers % zones === 0
      ? []
      : [`cluster.brokers: MSK needs a multiple of the ${zones} zones, not ${brokers} brokers`]),
    ...typeFaults(props, target),
    ...(kafkaVersion === undefined || versions.includes(kafkaVersion)
      ? []
      : [`kafkaVersion: ${target} takes ${versions.join(', ')}, not "${kafkaVersion}"${endedText(kafkaVersion)}`]),
    ...(monitoringLevel === undefined || monitoringLevels.includes(monitoringLevel)
      ? []
      : [`monitoringLevel: expected ${monitoringLevels.join(', ')}, got "${monitoringLevel}"`]),
    ...userFaults(props),
    ...(target === 'msk-express' ? expressFaults(props) : diskFaults(props)),
  ];
}

function typeFaults({ plan, instanceType }: MskStackProps, target: 'msk' | 'msk-express'): readonly string[] {
  const type = instanceType ?? plan.cluster.instanceType ?? '';
  const { rows } = target === 'msk-express' ? mskExpressBrokers : mskStandardBrokers;
  const types = rows.map((row) => row.type);
  if (types.includes(type)) return [];
  const reason = plan.missing['cluster.instanceType'];
  const why = instanceType === undefined && reason !== undefined ? `: the plan chose none, ${reason}` : '';
  return [`instanceType: ${target} takes ${types.join(', ')}, got "${type}"${why}`];
}

function userFaults({ scramUsers = [], plan, generation }: MskStackProps): readonly string[] {
  return [
    ...scramUsers
      .filter((user) => !/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(user))
      .map((user) => `scramUsers: a user has 1 to 64 letters, digits, ".", "_" and "-", got "${user}"`),
    ...(new Set(scramUsers).size === scramUsers.length
      ? []
      : [`scramUsers: each user once, got ${scramUsers.join(', ')}`]),
    ...(scramUsers.length > 0 &&
    clusterNameOf({ plan, ...(generation === undefined ? {} : { generation }) }).length > 64
      ? ['scramUsers: the names of their secrets carry the name of the cluster, which is too long']
      : []),
  ];
}

function expressFaults({ volumeGiB, tieredLocalMs }: MskStackProps): readonly string[] {
  return [
    ...(volumeGiB === undefined ? [] : ['volumeGiB: Express has no disk to choose; leave it out']),
    ...(tieredLocalMs === undefined ? [] : ['tieredLocal: Express has no tiered storage; leave it out']),
  ];
}

function diskFaults({ plan, volumeGiB, tieredLocalMs, instanceType }: MskStackProps): readonly string[] {
  const most = mskStandardLimits.storageMaxGiB.value ?? Number.NaN;
  const disk = volumeGiB ?? plannedVolumeGiB(plan);
  const row = mskStandardBrokers.rows.find(({ type }) => type === (instanceType ?? plan.cluster.instanceType));
  const throughput = plan.storage.provisionedThroughputMiBps;
  const mostThroughput = row?.provisionedThroughputMaxMiBps ?? 0;
  return [
    ...(Number.isInteger(disk) && disk >= 1 && disk <= most
      ? []
      : [`volumeGiB: a broker takes 1 to ${most} GiB, not ${disk}`]),
    ...(throughput === 0 || row === undefined || throughput <= mostThroughput
      ? []
      : [
          `instanceType: the plan buys ${throughput} MiB/s a volume, ${row.type} takes ${mostThroughput}; take a larger type`,
        ]),
    ...(tieredLocalMs === undefined ? [] : tieredFaults(plan.topics, tieredLocalMs, row?.tieredStorage ?? true)),
  ];
}

function tieredFaults(topics: MskStackProps['plan']['topics'], localMs: number, possible: boolean): readonly string[] {
  const least = mskTieredLimits.minRetentionMs.value ?? Number.NaN;
  return [
    ...(Number.isInteger(localMs) && localMs >= 1 ? [] : [`tieredLocal: expected whole milliseconds, got ${localMs}`]),
    ...(possible ? [] : ['instanceType: kafka.t3.small has no tiered storage']),
    ...(topics.some(({ config }) => Number(config['retention.ms']) >= least)
      ? []
      : ['tieredLocal: no topic is kept for the 3 days that tiered storage needs; leave it out']),
  ];
}
