/** The listeners of an MSK cluster, best first, from the answer of GetBootstrapBrokers. */
import type { GetBootstrapBrokersResponse } from '@aws-sdk/client-kafka';

export type MskListenerKind = 'iam' | 'scram' | 'tls' | 'plaintext';

export interface MskListener {
  readonly kind: MskListenerKind;
  readonly bootstrap: readonly string[];
}

type Answer = Omit<GetBootstrapBrokersResponse, '$metadata'>;

/** Inside the network first: public addresses and those of other VPCs are used only where nothing else is offered. */
const fields: Readonly<Record<MskListenerKind, readonly (keyof Answer)[]>> = {
  iam: [
    'BootstrapBrokerStringSaslIam',
    'BootstrapBrokerStringVpcConnectivitySaslIam',
    'BootstrapBrokerStringPublicSaslIam',
  ],
  scram: [
    'BootstrapBrokerStringSaslScram',
    'BootstrapBrokerStringVpcConnectivitySaslScram',
    'BootstrapBrokerStringPublicSaslScram',
  ],
  tls: ['BootstrapBrokerStringTls', 'BootstrapBrokerStringVpcConnectivityTls', 'BootstrapBrokerStringPublicTls'],
  plaintext: ['BootstrapBrokerString'],
};

export function mskListeners(answer: Answer): readonly MskListener[] {
  return (Object.keys(fields) as MskListenerKind[]).flatMap((kind) => {
    const text = fields[kind].map((field) => answer[field]).find((value) => value !== undefined && value !== '');
    const bootstrap = (text ?? '').split(',').filter((entry) => entry !== '');
    return bootstrap.length === 0 ? [] : [{ kind, bootstrap }];
  });
}
