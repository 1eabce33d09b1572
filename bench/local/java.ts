/** Finds the Java that runs the brokers. */
import { realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { HeadroomError } from '../../lib/errors.ts';
import { type Environment, findExecutable, isExecutable } from './executable.ts';
import { runProgram } from './run-program.ts';

/** Kafka 4 brokers need Java 17 or newer: https://kafka.apache.org/43/operations/java-version/ */
export const minJavaVersion = 17;

export interface Java {
  /** Full path of the `java` program. */
  readonly path: string;
  /** The JDK's `jcmd`, through which a running broker is asked. */
  readonly jcmdPath: string;
  /** As it names itself: `17.0.15`. */
  readonly version: string;
  readonly majorVersion: number;
}

/** The Java of JAVA_HOME when that is set, else the first on PATH. Throws JAVA_MISSING with the remedy. */
export async function findJava(env: Environment = process.env, signal?: AbortSignal): Promise<Java> {
  const path = javaPath(env);
  const { lines } = await runProgram({
    file: path,
    args: ['-version'],
    env,
    ...(signal === undefined ? {} : { signal }),
  });
  const version = parseJavaVersion(lines);
  if (version === null) {
    throw new HeadroomError('JAVA_MISSING', `${path} -version names no version: ${lines[0] ?? 'no output'}`, {
      hint: remedy,
    });
  }
  if (version.majorVersion < minJavaVersion) {
    throw new HeadroomError(
      'JAVA_MISSING',
      `Java ${version.version} at ${path} is too old, the local cluster needs ${minJavaVersion} or newer`,
      { hint: remedy },
    );
  }
  return { path, jcmdPath: jcmdBeside(path), ...version };
}

/** Reads `openjdk version "17.0.15" ...`; null when no line has it. Java 8 and older call themselves 1.8. */
export function parseJavaVersion(lines: readonly string[]): { version: string; majorVersion: number } | null {
  for (const line of lines) {
    const match = /version "((\d+)(?:\.(\d+))?[^"]*)"/.exec(line);
    const [, version, first, second] = match ?? [];
    if (version === undefined) continue;
    return { version, majorVersion: Number(first === '1' && second !== undefined ? second : first) };
  }
  return null;
}

/** The link on PATH leads to the JDK's own folder, where its other programs are. */
function jcmdBeside(path: string): string {
  const jcmd = join(dirname(realpathSync(path)), 'jcmd');
  if (isExecutable(jcmd)) return jcmd;
  throw new HeadroomError('JAVA_MISSING', `${path} belongs to a runtime without jcmd, a JDK is needed`, {
    hint: remedy,
  });
}

function javaPath(env: Environment): string {
  const home = env.JAVA_HOME;
  if (home !== undefined && home !== '') {
    const path = join(home, 'bin', 'java');
    if (isExecutable(path)) return path;
    throw new HeadroomError('JAVA_MISSING', `JAVA_HOME is "${home}", but ${path} is not a program`, {
      hint: `point JAVA_HOME at a JDK ${minJavaVersion} or newer, or unset it to use the java on PATH`,
    });
  }
  const path = findExecutable('java', env);
  if (path !== null) return path;
  throw new HeadroomError('JAVA_MISSING', `no java on PATH, the local cluster needs a JDK ${minJavaVersion} or newer`, {
    hint: remedy,
  });
}

const remedy = `install a JDK ${minJavaVersion} or newer, then run the command again:
Debian, Ubuntu  sudo apt-get install openjdk-17-jdk-headless
Fedora          sudo dnf install java-21-openjdk-headless
macOS           brew install openjdk@21
or point JAVA_HOME at one`;
