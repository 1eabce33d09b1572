/** The nightly bench of one cluster in a stack of its own: it holds nothing that must stay, and goes without touching the cluster. */
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as events from 'aws-cdk-lib/aws-events';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { KafkaCluster } from '../constructs/kafka-cluster.ts';
import { hasWayOut } from '../constructs/nightly/bench-runner.ts';
import { type FargatePrices, fargatePricesOf, worstNightUsd } from '../constructs/nightly/night-cost.ts';
import { NightlyBench } from '../constructs/nightly/nightly-bench.ts';
import type { Depletion } from '../constructs/nightly/nightly-definition.ts';
import { HeadroomError } from '../errors.ts';
import type { Plan } from '../plan/types.ts';

export interface BenchStackProps extends StackProps {
  readonly plan: Plan;
  /** Text of the use case file that the plan was made from, at most 8 KiB. */
  readonly useCaseText: string;
  /** A cluster of MSK whose network has subnets with a way out (`outbound`). */
  readonly cluster: KafkaCluster;
  /** Name and tag of the image of `container/Dockerfile` in this account's registry, such as `headroom:0.1.0`. */
  readonly image: string;
  /**
   * When a night begins, in UTC.
   *
   * @default - every day at 03:00
   */
  readonly schedule?: events.Schedule;
  /**
   * Steps of the load, rising from 1; the first that is not met ends the night.
   *
   * @default [1, 1.25, 1.5, 2]
   */
  readonly loadFactors?: readonly number[];
  /**
   * Containers that drive the load together, each its share into topics of its own.
   *
   * @default 1
   */
  readonly workers?: number;
  /**
   * Minutes of each measured window, 1 to 10.
   *
   * @default 5
   */
  readonly measureMinutes?: number;
  /**
   * Told unless the use case is met; it has to confirm the subscription.
   *
   * @default - nobody; subscribe to the topic
   */
  readonly email?: string;
  /**
   * The most that a night may cost, USD; what could cost more is refused at synth.
   *
   * @default 20
   */
  readonly costCapUsd?: number;
  /**
   * Prices of Fargate in the region.
   *
   * @default - those carried, of us-east-1 alone
   */
  readonly fargatePrices?: FargatePrices;
}

const vcpu = 4;
const memoryGiB = 8;
/** Warm-up, drain, trade-off, retention, upload and clean-up, beyond the two measured windows. */
const otherSeconds = 600;
const mostUseCaseBytes = 8_192;
/** Step Functions keeps a state below 256 KiB, and nobody reads more steps. */
const mostSteps = 20;
const mostWorkers = 100;

export class BenchStack extends Stack {
  /** What a night costs when every job runs into its time limit; null where no price is known. */
  readonly worstNightUsd: number;

  /** Throws USAGE, with every fault, when the cluster, a prop or the cost cap does not allow it. */
  constructor(scope: Construct, id: string, props: BenchStackProps) {
    super(scope, id, { description: `Nightly bench of ${props.cluster.clusterName}`, ...props });
    const settings = settingsOf(props);
    const prices = props.fargatePrices ?? fargatePricesOf(props.plan.cost.region);
    refuse(faultsOf(props, settings, prices));
    const { plan, cluster, useCaseText } = props;
    const [repository = '', tag = ''] = props.image.split(':');
    this.worstNightUsd = worstUsd(props, settings, prices ?? { vcpuHourUsd: 0, memoryGbHourUsd: 0 });
    const bench = new NightlyBench(this, 'Bench', {
      ...settings,
      useCase: plan.useCase,
      useCaseText,
      cluster,
      clusterArn: cluster.clusterArn ?? '',
      image: ecs.ContainerImage.fromEcrRepository(ecr.Repository.fromRepositoryName(this, 'Image', repository), tag),
      schedule: props.schedule ?? events.Schedule.cron({ hour: '3', minute: '0' }),
    });
    if (props.email !== undefined) bench.alarms.addSubscription(new EmailSubscription(props.email));
    new CfnOutput(this, 'Results', { value: bench.results.bucketName });
    new CfnOutput(this, 'WorstNightUsd', { value: this.worstNightUsd.toFixed(2) });
  }
}

interface Settings {
  readonly loadFactors: readonly number[];
  readonly workers: number;
  readonly vcpu: number;
  readonly memoryGiB: number;
  readonly measure: string;
  readonly jobSeconds: number;
  readonly depletion: Depletion | null;
}

function settingsOf({ plan, loadFactors, workers, measureMinutes = 5 }: BenchStackProps): Settings {
  return {
    loadFactors: loadFactors ?? [1, 1.25, 1.5, 2],
    workers: workers ?? 1,
    vcpu,
    memoryGiB,
    measure: `${measureMinutes}min`,
    jobSeconds: 2 * measureMinutes * 60 + otherSeconds,
    depletion: depletionOf(plan),
  };
}

/** Standard brokers alone burst: t3 with their CPU, all with small volumes. */
function depletionOf({ cluster: { target, instanceType } }: Plan): Depletion | null {
  if (target !== 'msk') return null;
  const isT3 = instanceType?.startsWith('kafka.t3.') === true;
  const metric = isT3 ? 'CPUCreditBalance' : 'BurstBalance';
  return { metric, floor: 5, attempts: 3, settleSeconds: 360 };
}

function worstUsd({ plan }: BenchStackProps, settings: Settings, prices: FargatePrices): number {
  const bounds = { ...settings, depletions: settings.depletion?.attempts ?? 0 };
  return worstNightUsd(bounds, prices, { plan: plan.cluster, region: plan.cost.region });
}

function faultsOf(props: BenchStackProps, settings: Settings, prices: FargatePrices | null): readonly string[] {
  const { cluster, useCaseText, measureMinutes = 5, costCapUsd = 20 } = props;
  const { loadFactors, workers } = settings;
  const isRising = loadFactors.every((factor, index) => index === 0 || factor > (loadFactors[index - 1] ?? 0));
  const faults: string[] = [];
  const bytes = new TextEncoder().encode(useCaseText).length;
  if (cluster.clusterArn === null)
    faults.push(`cluster: a night finds its brokers by the ARN of an MSK cluster, ${cluster.kind} has none`);
  if (!hasWayOut(cluster))
    faults.push('cluster: its network has no subnets with a way out, which the runner needs to reach AWS');
  if (
    !/^[a-z0-9][a-z0-9._/-]{1,255}:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/.test(props.image) ||
    props.image.endsWith(':latest')
  )
    faults.push(`image: expected a repository and a tag that stays, such as headroom:0.1.0, got "${props.image}"`);
  if (bytes > mostUseCaseBytes) faults.push(`useCaseText: at most ${mostUseCaseBytes} bytes, got ${bytes}`);
  if (loadFactors[0] !== 1 || !isRising || loadFactors.length > mostSteps)
    faults.push(`loadFactors: up to ${mostSteps} that rise from 1, got ${loadFactors.join(', ')}`);
  if (!Number.isInteger(workers) || workers < 1 || workers > mostWorkers)
    faults.push(`workers: 1 to ${mostWorkers}, got ${workers}`);
  if (!Number.isInteger(measureMinutes) || measureMinutes < 1 || measureMinutes > 10)
    faults.push(`measureMinutes: whole minutes from 1 to 10, got ${measureMinutes}`);
  if (prices === null)
    faults.push(
      'fargatePrices: no price of Fargate is carried for this region, so the cost cap cannot be kept: state them',
    );
  else if (worstUsd(props, settings, prices) > costCapUsd)
    faults.push(
      `costCapUsd: a night could cost ${worstUsd(props, settings, prices).toFixed(2)} USD, ${costCapUsd} are allowed`,
    );
  return faults;
}

function refuse(faults: readonly string[]): void {
  if (faults.length > 0)
    throw new HeadroomError(
      'USAGE',
      `the nightly bench cannot be made:\n${faults.map((fault) => `  ${fault}`).join('\n')}`,
      {
        hint: 'change the prop named, or run the image elsewhere: docs/nightly.md shows cron and Kubernetes',
      },
    );
}
