import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { findGrafana, type GrafanaOptions, startGrafana } from '../../../bench/monitoring/grafana.ts';
import { scratchDir, script } from '../local/scratch.ts';

/** A folder laid out as Grafana's archive, with a program in it. */
function installed(name: string, body: string): { PATH: string; home: string } {
  const home = scratchDir();
  mkdirSync(join(home, 'conf'));
  writeFileSync(join(home, 'conf', 'defaults.ini'), '');
  script(join(home, 'bin', name), body);
  return { PATH: join(home, 'bin'), home };
}

/** Takes the arguments of `grafana server` and answers where its settings say. */
const answering = `exec ${process.execPath} -e '
  const { readFileSync } = require("fs");
  const [verb, ...words] = process.argv.slice(1);
  const config = readFileSync(words[words.indexOf("--config") + 1], "utf8");
  if (verb !== "server" || !words.includes("--homepath")) process.exit(2);
  const port = Number(/http_port = (\\d+)/.exec(config)[1]);
  require("http").createServer((q, r) => r.end(q.url)).listen(port, /http_addr = (.+)/.exec(config)[1]);
' -- "$@"`;

async function start(env: { PATH: string }, readyWithinMs: number) {
  const dir = scratchDir();
  const program = findGrafana(env);
  if (program === null) throw new Error('not found');
  const options: GrafanaOptions = {
    program,
    prometheusUrl: 'http://127.0.0.1:9090',
    boards: { 'overview.json': '{"uid":"headroom-overview"}' },
    dir,
    signal: new AbortController().signal,
    readyWithinMs,
  };
  const place = { logsDir: dir, launch: { recordFolder: dir } };
  onTestFinished(() => {
    const pidFile = join(dir, 'grafana.pid');
    if (!existsSync(pidFile)) return;
    try {
      process.kill(Number(readFileSync(pidFile, 'utf8').split(' ')[0]));
    } catch {
      // It has ended already.
    }
  });
  return { dir, started: await startGrafana(place, options) };
}

describe('a Grafana that is installed', () => {
  it('is found by both of its names, with the files that belong to it', () => {
    const { PATH, home } = installed('grafana', '');
    expect(findGrafana({ PATH })).toEqual({ command: [join(PATH, 'grafana'), 'server'], homePath: home });
    const older = installed('grafana-server', '');
    expect(findGrafana(older)?.command).toEqual([join(older.PATH, 'grafana-server')]);
    expect(findGrafana({ PATH: scratchDir() })).toBeNull();
  });

  it('is started with Prometheus and our boards, on loopback, and recorded beside the brokers', async () => {
    const { dir, started } = await start(installed('grafana', answering), 60_000);
    if (!('url' in started)) throw new Error(readFileSync(started.log, 'utf8'));
    expect(await (await fetch(`${started.url}/api/health`)).text()).toBe('/api/health');
    expect(existsSync(join(dir, 'grafana.pid'))).toBe(true);
    const read = (path: string): string => readFileSync(join(dir, 'grafana', path), 'utf8');
    expect(parse(read('provisioning/datasources/headroom.yaml'))).toMatchObject({
      datasources: [{ type: 'prometheus', url: 'http://127.0.0.1:9090', isDefault: true }],
    });
    const { providers } = parse(read('provisioning/dashboards/headroom.yaml'));
    expect(readFileSync(join(providers[0].options.path, 'overview.json'), 'utf8')).toContain('headroom-overview');
    expect(read('grafana.ini')).toContain('[server]\nhttp_addr = 127.0.0.1\n');
  });

  it('that ends at once leaves its log to read', async () => {
    const { started } = await start(installed('grafana', 'echo no database; exit 1'), 1_000);
    if (!('log' in started)) throw new Error('it is ready');
    expect(readFileSync(started.log, 'utf8')).toContain('no database');
  });
});
