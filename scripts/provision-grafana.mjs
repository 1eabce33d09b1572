/**
 * Brings the committed boards and their data source into a Grafana; what is there already is written over.
 * usage: GRAFANA_TOKEN=... node scripts/provision-grafana.mjs GRAFANA_URL PROMETHEUS_URL [PROFILE]
 * PROFILE is a folder of dashboards/generated (msk when left out). The token is one of a service account that may edit.
 * Against a managed Prometheus, whose URL names its region, queries are signed by Grafana's own role.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './prepare.mjs';

const [grafanaUrl, prometheusUrl, profile = 'msk'] = process.argv.slice(2);
const token = process.env.GRAFANA_TOKEN;
const folder = join(root, 'dashboards', 'generated');
const profiles = readdirSync(folder);
const dataSource = 'headroom-prometheus';

function fail(exitCode, text) {
  process.stderr.write(`provision-grafana: ${text}\n`);
  process.exit(exitCode);
}

if (!/^https?:\/\//.test(grafanaUrl ?? '') || !/^https?:\/\//.test(prometheusUrl ?? ''))
  fail(64, `expected two addresses such as https://HOST, got "${grafanaUrl ?? ''}" and "${prometheusUrl ?? ''}"`);
if (!profiles.includes(profile)) fail(64, `expected a profile of ${profiles.join(', ')}, got "${profile}"`);
if (!token) fail(64, 'GRAFANA_TOKEN is not set: make a service account that may edit, and a token of it');

/** Status and text of an answer; ends the process when Grafana cannot be reached or takes nothing. */
async function send(method, path, body, allowed = []) {
  let response;
  try {
    response = await fetch(new URL(path, grafanaUrl), {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(30_000),
    });
  } catch (error) {
    return fail(69, `${grafanaUrl} cannot be reached: ${error.cause?.code ?? error.message}`);
  }
  if (!response.ok && !allowed.includes(response.status))
    fail(69, `${method} ${path} was answered with ${response.status}: ${(await response.text()).slice(0, 200)}`);
  return response.status;
}

const region = /aps-workspaces\.([a-z0-9-]+)\.amazonaws\.com/.exec(prometheusUrl)?.[1];
const source = {
  uid: dataSource,
  name: 'Headroom Prometheus',
  type: 'prometheus',
  access: 'proxy',
  url: prometheusUrl,
  jsonData: region === undefined ? {} : { sigV4Auth: true, sigV4AuthType: 'ec2_iam_role', sigV4Region: region },
};
const status = await send('PUT', `/api/datasources/uid/${dataSource}`, source, [404]);
if (status === 404) await send('POST', '/api/datasources', source);

const boards = readdirSync(join(folder, profile)).filter((name) => name.endsWith('.json'));
for (const name of boards) {
  const board = JSON.parse(readFileSync(join(folder, profile, name), 'utf8'));
  await send('POST', '/api/dashboards/db', { dashboard: { ...board, id: null }, overwrite: true });
}
process.stdout.write(`${boards.length} boards of ${profile} in ${grafanaUrl}\n`);
