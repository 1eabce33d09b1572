import { findFetchedKafka } from '../../bench/local/fetch.ts';
import { findJava } from '../../bench/local/java.ts';
import { runProgram } from '../../bench/local/run-program.ts';

/** Runs one of Kafka's own command line tools; the lines of its output. Rejects when it fails. */
export async function runKafkaTool(mainClass: string, args: readonly string[]): Promise<readonly string[]> {
  const kafka = await findFetchedKafka();
  if (kafka === null) throw new Error('the broker artifacts are not fetched');
  const java = await findJava();
  const flags = [
    '-Xmx256m',
    '-XX:+UseSerialGC',
    '-XX:TieredStopAtLevel=1',
    '-Dlog4j2.level=ERROR',
    '-cp',
    kafka.classpath,
  ];
  const all: string[] = [];
  const { exitCode } = await runProgram({
    file: java.path,
    args: [...flags, mainClass, ...args],
    env: process.env,
    onLine: (line) => all.push(line),
  });
  if (exitCode !== 0) throw new Error(`${mainClass} ended with ${exitCode}: ${all.slice(-20).join('\n')}`);
  return all;
}
