import { join } from 'node:path';
import { expect, it } from 'vitest';
import { stateOf } from '../../../bench/local/cluster-status.ts';
import { compareVersions, diagnose, exitCodeOf, type Finding } from '../../../bench/local/doctor.ts';
import { isReady } from '../../../bench/local/readiness.ts';
import { registerCluster } from '../../../bench/local/registry.ts';
import { renderFindings } from '../../../bin/commands/doctor.ts';
import { renderClusters } from '../../../bin/commands/status.ts';
import { fakeJdk, scratchDir, script } from './scratch.ts';
import { deadOwner, standInRecord } from './stand-in.ts';

const gibi = 2 ** 30;

function healthy(): Parameters<typeof diagnose>[0] & { folder: string } {
  const folder = scratchDir();
  fakeJdk(folder);
  script(join(folder, 'bin', 'mvn'), 'exit 0');
  const env = {
    PATH: join(folder, 'bin'),
    XDG_CACHE_HOME: join(folder, 'cache'),
    XDG_STATE_HOME: join(folder, 'state'),
  };
  return { folder, env, dir: join(folder, 'cluster'), nodeVersion: '24.1.0', availableMemoryBytes: 8 * gibi };
}

function stateIn(findings: readonly Finding[], name: string) {
  return findings.find((each) => each.name === name)?.state;
}

it('finds nothing wrong on a machine that has everything, and says that the first start fetches', async () => {
  const findings = await diagnose(healthy());
  expect(findings.filter(({ state }) => state === 'fail')).toEqual([]);
  expect(stateIn(findings, 'artifacts')).toBe('warn');
  expect(exitCodeOf(findings)).toBe(0);
});

it.each<[string, { PATH?: string; nodeVersion?: string; availableMemoryBytes?: number }, number]>([
  ['Java', { PATH: '/nowhere' }, 64],
  ['Maven', { PATH: '/nowhere' }, 64],
  ['Node.js', { nodeVersion: '20.18.3' }, 64],
  ['memory', { availableMemoryBytes: gibi }, 69],
])('fails on %s, with a remedy and exit code', async (name, { PATH, ...change }, exitCode) => {
  const { env, ...surroundings } = healthy();
  const findings = await diagnose({ ...surroundings, ...change, env: { ...env, PATH: PATH ?? env.PATH } });
  const finding = findings.find((each) => each.name === name);
  expect(finding).toMatchObject({ state: 'fail', exitCode, remedy: expect.stringMatching(/\w/) });
  expect(exitCodeOf(findings)).toBe(exitCode);
  expect(renderFindings(findings)).toMatch(new RegExp(`^fail  ${name} `, 'm'));
});

it('warns of leftovers', async () => {
  const surroundings = healthy();
  const { record } = await registerCluster(standInRecord({ owner: deadOwner }), surroundings.env);
  const finding = (await diagnose(surroundings)).find(({ name }) => name === 'leftovers');
  expect(finding).toMatchObject({ state: 'warn', found: record.dir });
});

it('compares versions by number', () => {
  expect(compareVersions('20.9.0', '20.19')).toBeLessThan(0);
  expect(compareVersions('20.19.0', '20.19')).toBe(0);
  expect(compareVersions('v22.1.0'.slice(1), '20.19')).toBeGreaterThan(0);
});

it('calls a cluster running only when every broker serves', () => {
  expect(stateOf([true, true], true)).toBe('running');
  expect(stateOf([true, false], true)).toBe('degraded');
  expect(stateOf([false, false], true)).toBe('down');
  expect(stateOf([true, true], false)).toBe('leftover');
});

it('is ready only as the right cluster, whole, with a quorum that answers', () => {
  const view = { clusterId: 'a', brokers: [1, 2, 3], quorumLeader: 2 };
  expect(isReady(view, 'a', [1, 2, 3])).toBe(true);
  expect(isReady({ ...view, brokers: [1, 3] }, 'a', [1, 2, 3])).toBe(false);
  expect(isReady({ ...view, quorumLeader: null }, 'a', [1, 2, 3])).toBe(false);
  expect(isReady(view, 'b', [1, 2, 3])).toBe(false);
  expect(isReady(null, 'a', [])).toBe(false);
});

it('says so when there is no cluster to show', () => {
  expect(renderClusters([])).toBe('no local cluster; headroom up starts one\n');
});
