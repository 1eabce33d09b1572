/**
 * User data of a node: its settings, and a loader that fetches the boot scripts and runs them when every checksum holds.
 * Settings may hold tokens of resources; there is no secret among them, only names of secrets.
 */
import { bootChecksums } from './ec2-boot.ts';

/** EC2 takes 16 KiB before base64. */
export const userDataMaxBytes = 16_384;

export interface UserDataProps {
  /** `s3://bucket/key` of the boot scripts. */
  readonly bootUri: string;
  /** Variables for the boot scripts; values without a single quote. */
  readonly variables: Readonly<Record<string, string>>;
  /** Lines of server.properties. */
  readonly properties: Readonly<Record<string, string>>;
}

export function renderUserData({ bootUri, variables, properties }: UserDataProps): string {
  return [
    '#!/bin/bash',
    'set -euo pipefail',
    'umask 022',
    'export PATH="$PATH:/opt/aws/bin"',
    'mkdir -p /etc/headroom /opt/headroom/boot',
    "cat >/etc/headroom/node.env <<'END_OF_FILE'",
    ...Object.entries(variables).map(([name, value]) => `${name === 'AWS_REGION' ? 'export ' : ''}${name}='${value}'`),
    'END_OF_FILE',
    "cat >/etc/headroom/server.properties <<'END_OF_FILE'",
    ...Object.entries(properties).map(([name, value]) => `${name}=${value}`),
    'END_OF_FILE',
    '# Until the boot scripts answer for themselves.',
    'refuse() {',
    '  echo "headroom: $1"',
    `  cfn-signal --success false --reason "$1" --stack '${variables.STACK_NAME}' --resource '${variables.RESOURCE_ID}' --region '${variables.AWS_REGION}' || true`,
    '  exit 78',
    '}',
    `export AWS_REGION='${variables.AWS_REGION}'`,
    'cd /opt/headroom/boot',
    `aws s3 cp --only-show-errors '${bootUri}' ../boot.zip || refuse 'the boot scripts could not be read'`,
    "unzip -q -o ../boot.zip || refuse 'the boot scripts could not be unpacked'",
    "sha256sum --check --quiet <<'END_OF_FILE' || refuse 'the boot scripts are not those of the template'",
    ...bootChecksums(),
    'END_OF_FILE',
    'chmod 0755 ./*.sh',
    'exec ./boot.sh',
    '',
  ].join('\n');
}
