/** What the CDK app is told through its context (`-c name=value`, cdk.json): every name once, every fault at once. */
import type { App } from 'aws-cdk-lib/core';
import type { MonitoringLevel } from '../lib/constructs/msk-cluster.ts';
import { HeadroomError } from '../lib/errors.ts';
import { nearest } from '../lib/nearest.ts';
import { ceil } from '../lib/rational.ts';
import { type Target, targets } from '../lib/requirements/types.ts';
import type { KafkaStacksProps } from '../lib/stacks/kafka-stacks.ts';
import type { MonitoringStackProps } from '../lib/stacks/monitoring-stack.ts';
import { parseDurationMs } from '../lib/units.ts';

const buildable = targets.filter((target) => target !== 'existing');

/** Name of each context value -> how its text looks. */
export const contextNames = {
  useCase: 'FILE',
  plan: 'FILE, the output of headroom plan --json',
  target: buildable.join(' | '),
  availabilityZones: 'NAME,NAME,NAME',
  vpcId: 'ID',
  brokerSubnetIds: 'ID,ID,ID',
  clientSubnetIds: 'ID,ID,ID',
  generation: 'N',
  instanceType: 'TYPE',
  volumeGiB: 'N',
  kafkaVersion: 'VERSION',
  tieredLocal: 'DURATION',
  scramUsers: 'NAME,NAME',
  encryptionKeyArn: 'ARN',
  monitoringLevel: 'LEVEL',
  brokerHosts: 'HOST,HOST,HOST',
  alarmEmail: 'ADDRESS',
} as const;
export type ContextName = keyof typeof contextNames;

/** What is left out is undefined. */
export interface AppContext {
  readonly useCase: string;
  readonly plan: string | undefined;
  readonly target: Target | undefined;
  readonly tieredLocalMs: number | undefined;
  /** All but the plan. */
  readonly stacks: Omit<KafkaStacksProps, 'plan'>;
  readonly monitoring: Omit<MonitoringStackProps, 'plan' | 'cluster'>;
}

/** Throws USAGE, with every fault, when a name is unknown or a text has no meaning. */
export function readContext(app: App): AppContext {
  const faults: string[] = [];
  const given = textsOf(app, faults);
  const target = buildable.find((one) => one === given.target);
  if (given.target !== undefined && target === undefined)
    faults.push(`target: expected ${contextNames.target}, got "${given.target}"`);
  const local = given.tieredLocal === undefined ? undefined : parseDurationMs(given.tieredLocal);
  if (local?.ok === false) faults.push(`tieredLocal: expected a duration such as 24h, got "${given.tieredLocal}"`);
  for (const name of ['target', 'tieredLocal'] as const)
    if (given.plan !== undefined && given[name] !== undefined) faults.push(`${name}: the plan is made already`);
  for (const name of ['brokerSubnetIds', 'availabilityZones'] as const)
    if (given.vpcId !== undefined && given[name] === undefined) faults.push(`${name}: an existing VPC needs them too`);
  for (const name of ['brokerSubnetIds', 'clientSubnetIds'] as const)
    if (given.vpcId === undefined && given[name] !== undefined) faults.push(`${name}: only with vpcId`);
  if (faults.length > 0)
    throw new HeadroomError('USAGE', `the context is wrong:\n${faults.map((fault) => `  ${fault}`).join('\n')}`, {
      hint: 'state values with -c, such as: npx cdk synth -c useCase=examples/course-events.yaml -c target=msk',
    });
  const tieredLocalMs = local?.ok === true ? Number(ceil(local.value)) : undefined;
  return {
    useCase: given.useCase ?? '',
    plan: given.plan,
    target,
    tieredLocalMs,
    stacks: stacksOf(given, tieredLocalMs),
    monitoring: monitoringOf(given),
  };
}

type Texts = Partial<Record<ContextName, string>>;

/** The names of ours; those of the CDK start with `@` or hold a colon. */
function textsOf(app: App, faults: string[]): Texts {
  const all: Readonly<Record<string, unknown>> = app.node.getAllContext();
  const texts: Texts = {};
  const known = Object.keys(contextNames) as ContextName[];
  for (const [name, value] of Object.entries(all)) {
    if (name.startsWith('@') || name.includes(':')) continue;
    const ours = known.find((one) => one === name);
    const meant = nearest(name, known);
    if (ours !== undefined) texts[ours] = String(value);
    else faults.push(`${name}: no such value${meant === null ? '' : `, did you mean ${meant}?`}`);
  }
  return texts;
}

function monitoringOf({ brokerHosts, alarmEmail, monitoringLevel }: Texts): AppContext['monitoring'] {
  return defined({
    brokerHosts: list(brokerHosts),
    email: alarmEmail,
    monitoringLevel: monitoringLevel as MonitoringLevel | undefined,
  });
}

function stacksOf(given: Texts, tieredLocalMs: number | undefined): AppContext['stacks'] {
  const { vpcId, instanceType, kafkaVersion, encryptionKeyArn } = given;
  const zones = list(given.availabilityZones);
  const brokerSubnetIds = list(given.brokerSubnetIds);
  const clientSubnetIds = list(given.clientSubnetIds);
  return {
    ...(zones === undefined || vpcId !== undefined ? {} : { availabilityZones: zones }),
    ...(vpcId === undefined
      ? {}
      : {
          existingVpc: {
            vpcId,
            availabilityZones: zones ?? [],
            brokerSubnetIds: brokerSubnetIds ?? [],
            ...(clientSubnetIds === undefined ? {} : { clientSubnetIds }),
          },
        }),
    msk: {
      ...defined({ instanceType, kafkaVersion, encryptionKeyArn, tieredLocalMs }),
      ...defined({ volumeGiB: number(given.volumeGiB), generation: number(given.generation) }),
      ...defined({
        scramUsers: list(given.scramUsers), // Held to its list where all other values of the cluster are.
        monitoringLevel: given.monitoringLevel as MonitoringLevel | undefined,
      }),
    },
  };
}

const list = (text: string | undefined): readonly string[] | undefined => text?.split(',').map((one) => one.trim());
const number = (text: string | undefined): number | undefined => (text === undefined ? undefined : Number(text));

/** Without the members that are undefined. */
function defined<T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
