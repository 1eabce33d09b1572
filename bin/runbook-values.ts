/** Where the names on a runbook page come from: the command line, a use case or plan, AWS's ARN, a local cluster that is up. */
import { resolve } from 'node:path';
import { configPath, dataDir } from '../bench/local/broker-process.ts';
import { findFetchedKafka } from '../bench/local/fetch.ts';
import { findJava } from '../bench/local/java.ts';
import { ensureKafkaTools } from '../bench/local/kafka-tools.ts';
import { loopback } from '../bench/local/ports.ts';
import { findCluster, listClusters, type RegisteredCluster, runningBrokers } from '../bench/local/registry.ts';
import { readPrometheusUrl } from '../bench/monitoring/start.ts';
import { HeadroomError } from '../lib/errors.ts';
import { nearest } from '../lib/nearest.ts';
import { planUseCase } from '../lib/plan/plan.ts';
import type { Plan } from '../lib/plan/types.ts';
import { names, type PlaceholderName, type PlaceholderValues } from '../lib/runbooks/placeholders.ts';
import type { Deployment } from '../lib/runbooks/render.ts';
import { type CommandContext, stringOption } from './command.ts';
import { defaultClusterDir } from './local-dir.ts';
import { readPlan } from './read-plan.ts';
import { readUseCase } from './read-use-case.ts';

export interface RunbookNames {
  readonly values: PlaceholderValues;
  /** What an open name could be; only for names of which several are known. */
  readonly candidates: Readonly<Partial<Record<PlaceholderName, readonly string[]>>>;
  readonly deployment: Deployment | null;
}

/** What stands on the command line wins. Throws USAGE for a wrong name or ARN, RESOURCE_MISSING for a local cluster that is not there. */
export async function runbookNames(context: CommandContext): Promise<RunbookNames> {
  const given = givenValues(context);
  const plan = planOf(context);
  const fromPlan = plan === null ? nothing : namesOfPlan(plan);
  const local = given.BOOTSTRAP === undefined && given.CLUSTER_ARN === undefined ? await localCluster(context) : null;
  const fromLocal = local === null ? nothing : await namesOfLocal(local, given.BROKER);
  return {
    values: { ...fromLocal.values, ...fromPlan.values, ...given },
    candidates: { ...fromLocal.candidates, ...fromPlan.candidates },
    deployment: given.CLUSTER_ARN === undefined ? (fromLocal.deployment ?? fromPlan.deployment) : 'msk',
  };
}

const nothing: RunbookNames = { values: {}, candidates: {}, deployment: null };

function givenValues(context: CommandContext): PlaceholderValues {
  const bootstrap = stringOption(context, 'bootstrap');
  const clientConfig = stringOption(context, 'client-config');
  const arn = stringOption(context, 'cluster-arn');
  return {
    ...(bootstrap === undefined ? {} : { BOOTSTRAP: bootstrap }),
    ...(clientConfig === undefined ? {} : { CLIENT_CONFIG: clientConfig }),
    ...(arn === undefined ? {} : { CLUSTER_ARN: arn, CLUSTER_NAME: clusterNameIn(arn) }),
    ...settings(context),
  };
}

function settings({ options }: CommandContext): PlaceholderValues {
  const faults: string[] = [];
  const values: Partial<Record<PlaceholderName, string>> = {};
  for (const setting of Array.isArray(options.set) ? (options.set as readonly string[]) : []) {
    const [name = '', ...rest] = setting.split('=');
    const value = rest.join('=');
    const known = names().find((each) => each === name);
    if (known === undefined) faults.push(unknownName(name));
    else if (value === '') faults.push(`--set ${name} has no value: expected ${name}=VALUE`);
    else values[known] = value;
  }
  if (faults.length > 0)
    throw new HeadroomError('USAGE', faults.join('\n'), { hint: `the names are ${names().join(', ')}` });
  return values;
}

function unknownName(name: string): string {
  const meant = nearest(name, names());
  return `--set ${name}: no such name${meant === null ? '' : `, did you mean ${meant}?`}`;
}

function clusterNameIn(arn: string): string {
  const name = /^arn:aws[a-z-]*:kafka:[a-z0-9-]+:\d{12}:cluster\/([^/]+)\/[^/]+$/.exec(arn)?.[1];
  if (name !== undefined) return name;
  throw new HeadroomError('USAGE', `--cluster-arn: expected the ARN of an MSK cluster, got "${arn}"`, {
    hint: 'it looks like arn:aws:kafka:REGION:ACCOUNT:cluster/NAME/ID; the stack prints it as ClusterArn',
  });
}

function planOf(context: CommandContext): Plan | null {
  const file = stringOption(context, 'use-case');
  if (file === undefined) return null;
  if (file.endsWith('.json')) return readPlan(resolve(context.cwd, file));
  return planUseCase(readUseCase(file, context.cwd).requirements);
}

function namesOfPlan({ topics, cluster: { target } }: Plan): RunbookNames {
  return {
    ...oneOrSeveral({
      TOPIC: topics.map(({ name }) => name),
      GROUP: topics.flatMap(({ groups }) => groups.map(({ name }) => name)),
    }),
    deployment: target.startsWith('msk') ? 'msk' : target === 'ec2' ? 'selfManaged' : null,
  };
}

/** The only cluster that runs, or the one in --dir, or the one in the usual place; null: none, or several elsewhere. */
async function localCluster(context: CommandContext): Promise<RegisteredCluster | null> {
  const dir = stringOption(context, 'dir');
  const usual = await findCluster(resolve(context.cwd, dir ?? defaultClusterDir));
  if (usual !== null) return usual;
  if (dir !== undefined) {
    throw new HeadroomError('RESOURCE_MISSING', `no local cluster in ${dir}`, {
      hint: 'headroom status lists those there are; headroom up starts one',
    });
  }
  const running: RegisteredCluster[] = [];
  for (const cluster of await listClusters()) if ((await runningBrokers(cluster)).size > 0) running.push(cluster);
  return running.length === 1 ? (running[0] ?? null) : null;
}

async function namesOfLocal(cluster: RegisteredCluster, broker: string | undefined): Promise<RunbookNames> {
  const { brokers } = cluster.record;
  const address = (port: number): string => `${loopback}:${port}`;
  const [kafka, java, prometheus] = await Promise.all([findFetchedKafka(), findJava(), readPrometheusUrl(cluster)]);
  const chosen = brokers.find(({ id }) => String(id) === broker) ?? (brokers.length === 1 ? brokers[0] : undefined);
  const several = oneOrSeveral({ BROKER: brokers.map(({ id }) => String(id)) });
  return {
    ...several,
    values: {
      ...several.values,
      BOOTSTRAP: brokers.map(({ port }) => address(port)).join(','),
      CLIENT_CONFIG: '/dev/null',
      CONTROLLERS: brokers
        .slice(0, 3)
        .map(({ controllerPort }) => address(controllerPort))
        .join(','),
      ...(kafka === null ? {} : { KAFKA_BIN: await ensureKafkaTools(kafka, java.path) }),
      ...(prometheus === null ? {} : { PROMETHEUS: prometheus }),
      ...(chosen === undefined
        ? {}
        : { METRICS: address(chosen.exporterPort), SERVER_CONFIG: configPath(chosen), LOG_DIR: dataDir(chosen) }),
    },
    deployment: 'selfManaged',
  };
}

function oneOrSeveral(
  found: Readonly<Partial<Record<PlaceholderName, readonly string[]>>>,
): Pick<RunbookNames, 'values' | 'candidates'> {
  const values: Partial<Record<PlaceholderName, string>> = {};
  const candidates: Partial<Record<PlaceholderName, readonly string[]>> = {};
  for (const [name, all] of Object.entries(found) as [PlaceholderName, readonly string[]][]) {
    const [only, ...more] = all;
    if (only !== undefined && more.length === 0) values[name] = only;
    else if (only !== undefined) candidates[name] = all;
  }
  return { values, candidates };
}
