/** How the brokers' Java is run. */
import { join } from 'node:path';
import { packageRoot } from '../package-root.ts';
import type { KafkaDistribution } from './fetch.ts';
import type { Java } from './java.ts';

export interface Runtime {
  readonly java: Java;
  readonly kafka: KafkaDistribution;
}

/** Heap of a broker: room for a few thousand partitions' buffers, and three of them fit a small laptop. */
const heap = ['-Xms256m', '-Xmx512m'];
/** On two cores shared with the load, one collector thread that needs no helpers disturbs least. */
const collector = ['-XX:+UseSerialGC'];
/**
 * First compiler only: a broker is at its steady speed after five seconds. With the optimizing one it uses a third less
 * CPU in the end, but only after 45 s of load at 20,000 records/s, and up to twice as much until then: the drift would
 * land in every short measurement.
 */
const compiler = ['-XX:TieredStopAtLevel=1'];

/** Flags of a broker, up to and including the class path; the main class follows. */
export function brokerFlags(runtime: Runtime, logsDir: string): readonly string[] {
  return [
    ...heap,
    ...collector,
    ...compiler,
    // A broker out of memory must die visibly, not limp.
    '-XX:+ExitOnOutOfMemoryError',
    // Its statistics file in /tmp is written in step with collections: a busy disk would show up as broker latency.
    '-XX:+PerfDisableSharedMem',
    '-Djava.awt.headless=true',
    ...logFlags(logsDir),
    '-cp',
    runtime.kafka.classpath,
  ];
}

/** Flags of the storage tool, which lives for a second. */
export function formatFlags(runtime: Runtime): readonly string[] {
  return ['-Xmx128m', ...collector, ...compiler, '-Dlog4j2.level=ERROR', '-cp', runtime.kafka.classpath];
}

function logFlags(logsDir: string): readonly string[] {
  return [
    `-Dlog4j2.configurationFile=${join(packageRoot, 'bench', 'local', 'log4j2.xml')}`,
    `-Dkafka.logs.dir=${logsDir}`,
  ];
}
