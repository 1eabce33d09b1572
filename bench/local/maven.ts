/** The only use of Maven: copying the artifacts of the pom, with what they depend on, into a folder. */
import { HeadroomError } from '../../lib/errors.ts';
import type { OnProgress } from '../progress.ts';
import { diskFullError, isDiskFull } from './disk-full.ts';
import { type Environment, findExecutable } from './executable.ts';
import { runProgram } from './run-program.ts';

/** Jars that the pom leads to, for the progress display; Maven's own plugin brings some more on a fresh machine. */
const expectedJars = 92;
/** Error lines of Maven worth showing; what follows them is advice about Maven itself. */
const shownErrorLines = 6;

/** Full path of `mvn`. Throws MAVEN_MISSING with the remedy. */
export function requireMaven(env: Environment): string {
  const path = findExecutable('mvn', env);
  if (path !== null) return path;
  throw new HeadroomError(
    'MAVEN_MISSING',
    'no mvn on PATH; Maven fetches the Kafka artifacts of the local cluster, once (54 MB)',
    {
      hint: `install Maven, then run the command again:
Debian, Ubuntu  sudo apt-get install maven
Fedora          sudo dnf install maven
macOS           brew install maven`,
    },
  );
}

export interface CopyRequest {
  readonly maven: string;
  readonly pomPath: string;
  readonly target: string;
  readonly version: string;
  readonly env: Environment;
  readonly onProgress: OnProgress;
  readonly signal: AbortSignal;
}

/** Resolves when the jars are in `target`. Errors: FETCH_FAILED with Maven's own words, DISK_FULL, the signal's reason. */
export async function copyArtifacts(request: CopyRequest): Promise<void> {
  const stage = `fetching Kafka ${request.version}`;
  request.onProgress({ stage, detail: 'starting Maven', fraction: 0 });
  const seen = new Set<string>();
  const { exitCode, lines } = await runProgram({
    file: request.maven,
    args: [
      '--batch-mode',
      '-Dstyle.color=never',
      '--file',
      request.pomPath,
      'dependency:copy-dependencies',
      '-DincludeScope=runtime',
      `-DoutputDirectory=${request.target}`,
    ],
    env: request.env,
    signal: request.signal,
    onLine: (line) => {
      const jar = jarInLine(line);
      if (jar === null || seen.has(jar)) return;
      seen.add(jar);
      request.onProgress({ stage, detail: `${seen.size} jars`, fraction: Math.min(1, seen.size / expectedJars) });
    },
  });
  if (exitCode === 0) return;
  if (lines.some(isDiskFull)) throw diskFullError(request.target);
  throw new HeadroomError(
    'FETCH_FAILED',
    `Maven could not fetch Kafka ${request.version} (exit code ${exitCode}):\n${usefulLines(lines).join('\n')}`,
    { hint: 'check the network, and the proxy or mirror in ~/.m2/settings.xml, then run the command again' },
  );
}

/** Name of the jar that a line of Maven's says was downloaded, or null. */
export function jarInLine(line: string): string | null {
  return /Downloaded(?: from \S+)?: \S*\/([^/\s]+\.jar)\b/.exec(line)?.[1] ?? null;
}

/** Maven's error lines without its advice; when there are none, the end of what it printed. */
export function usefulLines(lines: readonly string[]): readonly string[] {
  const errors = lines
    .filter((line) => line.startsWith('[ERROR]'))
    .map((line) => line.slice('[ERROR]'.length).trim())
    .filter((line) => line !== '' && !/^(->|To see the full|Re-run Maven|For more information|\[Help)/.test(line));
  return (errors.length > 0 ? errors : lines.filter((line) => line.trim() !== '').slice(-shownErrorLines)).slice(
    0,
    shownErrorLines,
  );
}
