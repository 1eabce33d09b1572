/** Which cluster `prove` loads, from its options; one named by its ARN is read from AWS and held against the plan first. */
import { requireAsPlanned } from '../bench/aws/compare-plan.ts';
import type { MskCluster } from '../bench/aws/msk-cluster.ts';
import type { MskListenerKind } from '../bench/aws/msk-listeners.ts';
import type { ProveTarget } from '../bench/prove.ts';
import { readClientConfig } from '../bench/security/client-config.ts';
import { awsIamSecurity, publicTls, type Security } from '../bench/security/security.ts';
import { parseBootstrap } from '../bench/target/connect.ts';
import { HeadroomError } from '../lib/errors.ts';
import type { Plan } from '../lib/plan/types.ts';
import { type CommandContext, stringOption } from './command.ts';

/**
 * `plan` is null where nothing is to be proven. Throws USAGE for options that do not go together, CLUSTER_DIFFERS when the cluster is not as planned, and what kept AWS
 * from being asked.
 */
export async function proveTarget(context: CommandContext, plan: Plan | null): Promise<ProveTarget> {
  const bootstrap = stringOption(context, 'bootstrap');
  const clusterId = stringOption(context, 'cluster-id') ?? null;
  const arn = stringOption(context, 'cluster-arn');
  const config = stringOption(context, 'client-config');
  const security = config === undefined ? undefined : readClientConfig(config, context.cwd);
  if (arn !== undefined && bootstrap !== undefined) {
    throw new HeadroomError('USAGE', '--cluster-arn and --bootstrap both name a cluster, expected one of them', {
      hint: 'AWS tells the addresses of a cluster named by its ARN: leave --bootstrap out',
    });
  }
  if (arn !== undefined) {
    const { readNamedCluster } = await import('../bench/aws/named-cluster.ts');
    const msk = await readNamedCluster(arn);
    if (plan !== null) requireAsPlanned(plan, msk.provisioned);
    return { kind: 'existing', ...usableListener(msk, security), clusterId, msk };
  }
  if (bootstrap !== undefined) return { kind: 'existing', bootstrap: parseBootstrap(bootstrap), clusterId, security };
  if (config !== undefined) {
    throw new HeadroomError('USAGE', '--client-config says how to reach an existing cluster, and none is named', {
      hint: 'for instance --bootstrap broker:9093; a local cluster of the run needs no settings',
    });
  }
  if (clusterId === null) return { kind: 'local' };
  throw new HeadroomError('USAGE', '--cluster-id pins an existing cluster, and there is no --bootstrap', {
    hint: `for instance --bootstrap 127.0.0.1:9092 --cluster-id ${clusterId}`,
  });
}

/**
 * The listener to use and how: by the settings the user gave, else with the AWS credentials of the environment.
 * Throws TARGET_UNREACHABLE when the cluster has none for that.
 */
function usableListener(
  { listeners, provisioned }: MskCluster,
  stated: Security | undefined,
): { bootstrap: readonly string[]; security?: Security | undefined } {
  const wanted: readonly MskListenerKind[] = stated === undefined ? ['iam', 'plaintext', 'tls'] : [kindFor(stated)];
  for (const kind of wanted) {
    const listener = listeners.find((each) => each.kind === kind);
    if (listener !== undefined) return { bootstrap: listener.bootstrap, security: stated ?? securityFor[kind] };
  }
  const offered = listeners.length === 0 ? 'none' : listeners.map(({ kind }) => kind).join(', ');
  throw new HeadroomError(
    'TARGET_UNREACHABLE',
    `${provisioned.arn} offers the listeners ${offered}, and ${wanted.join(', ')} is what the client could use`,
    { hint: 'for a listener with SCRAM name the user and the password in the file of --client-config' },
  );
}

const securityFor: Readonly<Partial<Record<MskListenerKind, Security>>> = { iam: awsIamSecurity(), tls: publicTls };

function kindFor({ tls, sasl }: Security): MskListenerKind {
  if (sasl === null) return tls === null ? 'plaintext' : 'tls';
  return sasl.mechanism === 'OAUTHBEARER' ? 'iam' : 'scram';
}
