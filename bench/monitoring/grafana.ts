/**
 * A Grafana that is installed, beside a local cluster: provisioned with its Prometheus and our boards, read-only, without a
 * login. Never tried with a real Grafana here, only with a program that takes the same arguments: none can be installed.
 */
import { existsSync, realpathSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import { type Environment, findExecutable } from '../local/executable.ts';
import { freePort, loopback } from '../local/ports.ts';
import { type CompanionPlace, companionLog, isReadyWithin, launchCompanion } from './companion.ts';

export interface GrafanaProgram {
  /** `grafana server`, or `grafana-server` before version 10. */
  readonly command: readonly string[];
  /** Where its own defaults and web pages are. */
  readonly homePath: string;
}

export interface GrafanaOptions {
  readonly program: GrafanaProgram;
  readonly prometheusUrl: string;
  /** File name -> board as JSON. */
  readonly boards: Readonly<Record<string, string>>;
  /** The cluster's folder `monitoring`. */
  readonly dir: string;
  readonly signal: AbortSignal;
  /** @default 60 seconds: the first start makes its database */
  readonly readyWithinMs?: number;
}

const firstPort = 19_690;
const defaultReadyWithinMs = 60_000;

/** null when there is none, or one without the files that belong to it. */
export function findGrafana(env: Environment = process.env): GrafanaProgram | null {
  const path = findExecutable('grafana', env);
  const older = path === null ? findExecutable('grafana-server', env) : null;
  const found = path ?? older;
  if (found === null) return null;
  // Unpacked from its archive, installed by brew, installed from a package.
  const bin = dirname(realpathSync(found));
  const homes = [join(bin, '..'), join(bin, '..', 'share', 'grafana'), '/usr/share/grafana'];
  const homePath = homes.find((home) => existsSync(join(home, 'conf', 'defaults.ini')));
  if (homePath === undefined) return null;
  return { command: path === null ? [found] : [found, 'server'], homePath };
}

/** Address of the overview, or null with the log to read when it does not become ready: the cluster is watched without it. */
export async function startGrafana(
  place: CompanionPlace,
  options: GrafanaOptions,
): Promise<{ readonly url: string } | { readonly log: string }> {
  const { program, boards, dir, prometheusUrl, signal } = options;
  const port = await freePort(firstPort);
  const home = join(dir, 'grafana');
  const files = grafanaFiles({ home, port, prometheusUrl, boards });
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(home, name)), { recursive: true });
    await writeFile(join(home, name), content);
  }
  launchCompanion(place, 'grafana', [
    ...program.command,
    '--homepath',
    program.homePath,
    '--config',
    join(home, 'grafana.ini'),
  ]);
  const url = `http://${loopback}:${port}`;
  const isReady = await isReadyWithin(`${url}/api/health`, options.readyWithinMs ?? defaultReadyWithinMs, signal);
  return isReady ? { url } : { log: companionLog(place, 'grafana') };
}

/** Its settings and what it is provisioned with, by path below its own folder. */
export function grafanaFiles(parts: {
  readonly home: string;
  readonly port: number;
  readonly prometheusUrl: string;
  readonly boards: Readonly<Record<string, string>>;
}): Readonly<Record<string, string>> {
  const { home, port, prometheusUrl, boards } = parts;
  const settings = {
    server: { http_addr: loopback, http_port: port },
    paths: {
      data: join(home, 'data'),
      logs: join(home, 'logs'),
      plugins: join(home, 'plugins'),
      provisioning: join(home, 'provisioning'),
    },
    'auth.anonymous': { enabled: true, org_role: 'Viewer' },
    analytics: { reporting_enabled: false, check_for_updates: false, check_for_plugin_updates: false },
  };
  const datasources = [
    { name: 'Prometheus', uid: 'headroom', type: 'prometheus', access: 'proxy', url: prometheusUrl, isDefault: true },
  ];
  const providers = [{ name: 'headroom', folder: 'Kafka', type: 'file', options: { path: join(home, 'boards') } }];
  return {
    'grafana.ini': Object.entries(settings)
      .map(
        ([section, values]) =>
          `[${section}]\n${Object.entries(values)
            .map(([key, value]) => `${key} = ${value}\n`)
            .join('')}`,
      )
      .join('\n'),
    'provisioning/datasources/headroom.yaml': stringify({ apiVersion: 1, datasources }),
    'provisioning/dashboards/headroom.yaml': stringify({ apiVersion: 1, providers }),
    ...Object.fromEntries(Object.entries(boards).map(([name, json]) => [`boards/${name}`, json])),
  };
}
