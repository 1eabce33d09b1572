/** A service gets a second user, uses it, and the old one goes: on listeners with TLS and SASL, with an authorizer. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FaultWorld } from '../../faults/world.ts';
import { enterScramUser } from '../../local/secured-listeners.ts';
import { login, settings } from './effects.ts';
import type { Exercise, Hook } from './exercise.ts';

const [oldUser, newUser] = ['lecture', 'lecture-2'];
const [oldPassword, newPassword] = ['the-old-one', 'the-new-one'];
/** Of the local cluster's listener with TLS alone; Kafka wants it in small letters. */
const listener = 'tls';

const plain: Hook = async ({ cluster }) => ({
  BOOTSTRAP: cluster.bootstrap.join(','),
  CLIENT_CONFIG: join(cluster.dir, 'client.properties'),
});

export const rotateCredentials: Exercise = {
  page: 'procedure-rotate-credentials',
  prepare: async ({ cluster }) => {
    await enterScramUser(cluster.brokers[0]?.port ?? 0, { user: oldUser, password: oldPassword });
    return {
      ...{ PRINCIPAL: oldUser, NEW: newUser, OLD_PASSWORD: oldPassword, TYPED: newPassword },
      ...{ LISTENER: listener, KEYSTORE: join(cluster.dir, 'clients', 'brokers.p12') },
    };
  },
  before: {
    'Before, 2. When certificates end': async ({ cluster }) => ({
      BOOTSTRAP: cluster.secured?.tlsBootstrap.join(',') ?? '',
    }),
    'Do, 1. A second user beside the old one': plain,
    'Verify, 1. The new one works': asNewUser,
    'Verify, 2. Nobody is refused': plain,
    'Roll back, 1. Give the old user its password again': async () => ({ TYPED: oldPassword }),
  },
  effects: {
    'Do, 1. A second user beside the old one': login('NEW', 'TYPED', true),
    'Do, 2. Let the service use the new one, then take the old away': login('PRINCIPAL', 'OLD_PASSWORD', false),
    "Do, 3. A broker's certificate": settings('broker', {
      [`listener.name.${listener}.ssl.keystore.location`]: '$KEYSTORE',
    }),
    'Roll back, 1. Give the old user its password again': login('PRINCIPAL', 'TYPED', true),
  },
};

async function asNewUser({ cluster: { secured, dir } }: FaultWorld): Promise<Readonly<Record<string, string>>> {
  if (secured === null) throw new Error('the cluster has no secured listeners');
  const model = await readFile(secured.clientConfigs['scram-sha-512'], 'utf8');
  const path = join(dir, 'clients', `${newUser}.properties`);
  await writeFile(
    path,
    model.replace(/username="[^"]*"/, `username="${newUser}"`).replace(/password="[^"]*"/, `password="${newPassword}"`),
    { mode: 0o600 },
  );
  return { BOOTSTRAP: secured.saslBootstrap.join(','), CLIENT_CONFIG: path };
}
