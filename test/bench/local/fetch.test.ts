import { existsSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { ensureKafka, findFetchedKafka, kafkaCacheDir, pinnedKafkaVersion } from '../../../bench/local/fetch.ts';
import { identify, ownIdentity } from '../../../bench/local/processes.ts';
import type { ProgressEvent } from '../../../bench/progress.ts';
import { fakeJdk, scratchDir, script } from './scratch.ts';

/** Stands in for Maven: finds its target as Maven does, and notes each run in `runs`. */
const findTarget =
  'for a in "$@"; do case $a in -DoutputDirectory=*) out=$(echo "$a" | cut -d= -f2);; esac; done; echo run >> "$RUNS"';
const bringTwoJars = `${findTarget}
echo "[INFO] Downloaded from central: https://example.test/a/kafka-clients-4.3.1.jar (9 MB at 1 MB/s)"
mkdir -p "$out"; echo clients > "$out/kafka-clients-4.3.1.jar"; echo server > "$out/kafka-server-4.3.1.jar"`;

function surroundings(mavenScript: string | null): { env: Record<string, string>; runs: () => number } {
  const folder = scratchDir();
  fakeJdk(folder);
  if (mavenScript !== null) script(join(folder, 'bin', 'mvn'), mavenScript);
  const runs = join(folder, 'runs');
  const env = { PATH: `${join(folder, 'bin')}:/usr/bin:/bin`, XDG_CACHE_HOME: join(folder, 'cache'), RUNS: runs };
  if (mavenScript === null) env.PATH = join(folder, 'bin');
  return { env, runs: () => (existsSync(runs) ? readFileSync(runs, 'utf8').split('\n').length - 1 : 0) };
}

function fetch(env: Record<string, string>, onProgress: (event: ProgressEvent) => void = () => {}) {
  return ensureKafka({ env, onProgress, signal: new AbortController().signal });
}

/** What is beside the finished folder: nothing, unless a fetch was left half done. */
function cacheEntries(env: Record<string, string>): string[] {
  const folder = dirname(kafkaCacheDir(env));
  return existsSync(folder) ? readdirSync(folder) : [];
}

it('brings the jars once; the second time neither runs nor needs Maven', async () => {
  const { env, runs } = surroundings(bringTwoJars);
  const events: ProgressEvent[] = [];
  const first = await fetch(env, (event) => events.push(event));
  expect(first.version).toBe(pinnedKafkaVersion());
  expect(first.classpath.split(':')).toEqual([
    join(first.libsDir, 'kafka-clients-4.3.1.jar'),
    join(first.libsDir, 'kafka-server-4.3.1.jar'),
  ]);
  expect(events.at(-1)).toMatchObject({ stage: `fetching Kafka ${first.version}`, detail: '1 jars' });
  const bare = surroundings(null).env;
  expect(await fetch({ ...bare, XDG_CACHE_HOME: env.XDG_CACHE_HOME ?? '' })).toEqual(first);
  expect(runs()).toBe(1);
  expect(cacheEntries(env)).toHaveLength(1);
});

it('fetches again when a jar is damaged or the pom has changed', async () => {
  const { env, runs } = surroundings(bringTwoJars);
  const { libsDir } = await fetch(env);
  truncateSync(join(libsDir, 'kafka-server-4.3.1.jar'), 2);
  expect(await findFetchedKafka(env)).toBeNull();
  await fetch(env);
  expect(runs()).toBe(2);
  const manifest = join(kafkaCacheDir(env), 'manifest.json');
  writeFileSync(manifest, readFileSync(manifest, 'utf8').replace(/"pomSha256": "./, '"pomSha256": "x'));
  await fetch(env);
  expect(runs()).toBe(3);
  expect(cacheEntries(env)).toHaveLength(1);
});

it('lets two fetches at once both succeed', async () => {
  const { env } = surroundings(`${bringTwoJars}\nsleep 0.2`);
  const [a, b] = await Promise.all([fetch(env), fetch(env)]);
  expect(a).toEqual(b);
  expect(cacheEntries(env)).toHaveLength(1);
});

it('names the remedy when there is no Maven', async () => {
  await expect(fetch(surroundings(null).env)).rejects.toMatchObject({
    code: 'MAVEN_MISSING',
    exitCode: 64,
    hint: expect.stringContaining('apt-get install maven'),
  });
});

it("shows Maven's own words when it fails, without its advice, and leaves nothing", async () => {
  const { env } = surroundings(
    `${findTarget}; mkdir -p "$out"; echo half > "$out/a.jar"
echo "[ERROR] Could not transfer artifact org.apache.kafka:kafka_2.13:jar:4.3.1: Unknown host"
echo "[ERROR] "; echo "[ERROR] To see the full stack trace of the errors, re-run Maven"; exit 1`,
  );
  await expect(fetch(env)).rejects.toMatchObject({
    code: 'FETCH_FAILED',
    exitCode: 69,
    message: expect.stringMatching(/exit code 1\):\nCould not transfer artifact .* Unknown host$/),
  });
  expect(cacheEntries(env)).toEqual([]);
});

it('is no fetch when Maven brings nothing', async () => {
  const { env } = surroundings(`${findTarget}; mkdir -p "$out"`);
  await expect(fetch(env)).rejects.toMatchObject({ code: 'FETCH_FAILED' });
});

it('says that the disk is full when Maven says so', async () => {
  const { env } = surroundings(`${findTarget}; echo "[ERROR] /x/a.jar (No space left on device)"; exit 1`);
  await expect(fetch(env)).rejects.toMatchObject({ code: 'DISK_FULL', exitCode: 69 });
  expect(cacheEntries(env)).toEqual([]);
});

it('when interrupted, ends Maven with what it started, and leaves nothing', async () => {
  const { env } = surroundings(`${findTarget}; mkdir -p "$out"; sleep 60 & echo $! > "$RUNS.pid"; wait`);
  const interruption = new AbortController();
  const fetching = ensureKafka({ env, onProgress: () => {}, signal: interruption.signal });
  const failure = expect(fetching).rejects.toMatchObject({ code: 'INTERRUPTED', exitCode: 130 });
  const written = () => existsSync(`${env.RUNS}.pid`) && readFileSync(`${env.RUNS}.pid`, 'utf8').endsWith('\n');
  while (!written()) await sleep(10);
  interruption.abort();
  await failure;
  const pid = Number(readFileSync(`${env.RUNS}.pid`, 'utf8'));
  // Its output is closed a moment before the kernel calls it ended.
  await expect.poll(() => identify(pid), { timeout: 20_000 }).toBeNull();
  expect(cacheEntries(env)).toEqual([]);
});

it('clears away what a fetch left that was ended by kill -9, and only that', async () => {
  const { env } = surroundings(bringTwoJars);
  const folder = kafkaCacheDir(env);
  const abandoned = `${folder}.partial-${process.pid}-123-abcdef`;
  const atWork = `${folder}.partial-${process.pid}-${ownIdentity().startTime.replace(/\W/g, '_')}-abcdef`;
  for (const each of [abandoned, atWork]) mkdirSync(each, { recursive: true });
  await fetch(env);
  expect([existsSync(abandoned), existsSync(atWork)]).toEqual([false, true]);
});
