/** What the CDK app is told through its context (`-c name=value`, cdk.json): every name once, every fault at once. */
import type { App } from 'aws-cdk-lib/core';
import { grafanaSignIns } from '../lib/constructs/managed-grafana.ts';
import type { MonitoringLevel } from '../lib/constructs/msk-cluster.ts';
import { HeadroomError } from '../lib/errors.ts';
import { nearest } from '../lib/nearest.ts';
import { ceil } from '../lib/rational.ts';
import { type Target, targets } from '../lib/requirements/types.ts';
import type { BenchStackProps } from '../lib/stacks/bench-stack.ts';
import type { KafkaStacksProps } from '../lib/stacks/kafka-stacks.ts';
import { parseDurationMs } from '../lib/units.ts';
import { readArtifacts } from './read-artifacts.ts';

const controllerLayouts = ['dedicated', 'combined'] as const;
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
  grafana: grafanaSignIns.join(' | '),
  imageId: 'AMI',
  artifacts: 'FILE',
  controllers: 'dedicated | combined',
  volumeGenerations: 'NODE:N,NODE:N',
  benchImage: 'REPOSITORY:TAG',
} as const;
export type ContextName = keyof typeof contextNames;

/** What is left out is undefined. */
export interface AppContext {
  readonly useCase: string;
  readonly plan: string | undefined;
  readonly target: Target | undefined;
  readonly tieredLocalMs: number | undefined;
  /** Of the nightly bench, which there is none of without it. */
  readonly bench: Pick<BenchStackProps, 'image' | 'email'> | undefined;
  /** All but the plan. */
  readonly stacks: Omit<KafkaStacksProps, 'plan'>;
}

/** What a name needs beside it. */
const needs: readonly (readonly [given: ContextName, needed: ContextName, reason: string])[] = [
  ['vpcId', 'brokerSubnetIds', 'an existing VPC needs them too'],
  ['vpcId', 'availabilityZones', 'an existing VPC needs them too'],
  ['brokerSubnetIds', 'vpcId', 'subnets are named with their VPC'],
  ['clientSubnetIds', 'vpcId', 'subnets are named with their VPC'],
  ['imageId', 'artifacts', 'nodes on EC2 need it too'],
  ['artifacts', 'imageId', 'nodes on EC2 need it too'],
  ['controllers', 'imageId', 'nodes on EC2 need it too'],
  ['volumeGenerations', 'imageId', 'nodes on EC2 need it too'],
];

/** Throws USAGE, with every fault, when a name is unknown or a text has no meaning. */
export function readContext(app: App): AppContext {
  const { texts, faults } = textsOf(app);
  const local = texts.tieredLocal === undefined ? undefined : parseDurationMs(texts.tieredLocal);
  faults.push(...choiceFaults(texts), ...combinationFaults(texts));
  if (local?.ok === false) faults.push(`tieredLocal: expected a duration such as 24h, got "${texts.tieredLocal}"`);
  if (faults.length > 0)
    throw new HeadroomError('USAGE', `the context is wrong:\n${faults.map((fault) => `  ${fault}`).join('\n')}`, {
      hint: 'docs/deploy.md lists the values; state them with -c, such as -c useCase=examples/course-events.yaml',
    });
  const tieredLocalMs = local?.ok === true ? Number(ceil(local.value)) : undefined;
  return {
    useCase: texts.useCase ?? '',
    plan: texts.plan,
    target: buildable.find((one) => one === texts.target),
    tieredLocalMs,
    bench:
      texts.benchImage === undefined ? undefined : { image: texts.benchImage, ...defined({ email: texts.alarmEmail }) },
    stacks: stacksOf(texts, tieredLocalMs),
  };
}

function choiceFaults(given: Texts): readonly string[] {
  const choices = { target: buildable, controllers: controllerLayouts, grafana: grafanaSignIns } as const;
  return (['target', 'controllers', 'grafana'] as const).flatMap((name) => {
    const known: readonly string[] = choices[name];
    const value = given[name];
    return value === undefined || known.includes(value)
      ? []
      : [`${name}: expected ${contextNames[name]}, got "${value}"`];
  });
}

function combinationFaults(given: Texts): readonly string[] {
  const lacking = needs.filter(([name, needed]) => given[name] !== undefined && given[needed] === undefined);
  const late = (['target', 'tieredLocal'] as const).filter((name) => given.plan !== undefined && name in given);
  return [
    ...lacking.map(([, needed, reason]) => `${needed}: ${reason}`),
    ...late.map((name) => `${name}: the plan is made already`),
    ...(given.plan !== undefined && given.benchImage !== undefined
      ? ['benchImage: the bench runs the use case file, name it with useCase= and not its plan']
      : []),
  ];
}

type Texts = Partial<Record<ContextName, string>>;

/** The names of ours; those of the CDK start with `@` or hold a colon. */
function textsOf(app: App): { readonly texts: Texts; readonly faults: string[] } {
  const all: Readonly<Record<string, unknown>> = app.node.getAllContext();
  const faults: string[] = [];
  const texts: Texts = {};
  const known = Object.keys(contextNames) as ContextName[];
  for (const [name, value] of Object.entries(all)) {
    if (name.startsWith('@') || name.includes(':')) continue;
    const ours = known.find((one) => one === name);
    const meant = nearest(name, known);
    if (ours !== undefined) texts[ours] = String(value);
    else faults.push(`${name}: no such value${meant === null ? '' : `, did you mean ${meant}?`}`);
  }
  return { texts, faults };
}

function stacksOf(given: Texts, tieredLocalMs: number | undefined): AppContext['stacks'] {
  const { instanceType, kafkaVersion, encryptionKeyArn } = given;
  const zones = list(given.availabilityZones);
  const generation = number(given.generation);
  // Held to its list where all other values of the cluster are.
  const monitoringLevel = given.monitoringLevel as MonitoringLevel | undefined;
  return {
    ...(zones === undefined || given.vpcId !== undefined ? {} : { availabilityZones: zones }),
    ...vpcOf(given, zones ?? []),
    ...ec2Of(given, generation),
    msk: {
      ...defined({ instanceType, kafkaVersion, encryptionKeyArn, tieredLocalMs, generation, monitoringLevel }),
      ...defined({ volumeGiB: number(given.volumeGiB), scramUsers: list(given.scramUsers) }),
    },
    monitoring: defined({
      brokerHosts: list(given.brokerHosts),
      email: given.alarmEmail,
      monitoringLevel,
      grafana: grafanaSignIns.find((one) => one === given.grafana),
    }),
  };
}

function vpcOf(given: Texts, availabilityZones: readonly string[]): Pick<AppContext['stacks'], 'existingVpc'> {
  if (given.vpcId === undefined) return {};
  const brokerSubnetIds = list(given.brokerSubnetIds) ?? [];
  const clients = defined({ clientSubnetIds: list(given.clientSubnetIds) });
  return { existingVpc: { vpcId: given.vpcId, availabilityZones, brokerSubnetIds, ...clients } };
}

/** Only when anything of it is named; what is missing then is for the stack to say. */
function ec2Of(given: Texts, generation: number | undefined): Pick<AppContext['stacks'], 'ec2'> {
  if (given.imageId === undefined && given.artifacts === undefined) return {};
  const controllers = controllerLayouts.find((one) => one === given.controllers);
  return {
    ec2: {
      imageId: given.imageId ?? '',
      artifacts: readArtifacts(given.artifacts ?? ''),
      ...defined({ controllers, generation, volumeGenerations: numbers(given.volumeGenerations) }),
    },
  };
}

const list = (text: string | undefined): readonly string[] | undefined => text?.split(',').map((one) => one.trim());
/** `3:2,1001:2` as numbers by number; what is none is not a number, and the stack says so. */
const numbers = (text: string | undefined): Readonly<Record<number, number>> | undefined =>
  text === undefined
    ? undefined
    : Object.fromEntries(
        list(text)
          ?.map((pair) => pair.split(':'))
          .map(([id = '', n]) => [id, Number(n)]) ?? [],
      );
const number = (text: string | undefined): number | undefined => (text === undefined ? undefined : Number(text));

/** Without the members that are undefined. */
function defined<T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
