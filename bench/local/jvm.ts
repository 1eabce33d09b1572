/** How the brokers' Java is run. The choice of flags was measured; docs/decisions has the figures. */
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

/** Flags of a broker, up to and including the class path; the main class follows. */
export function brokerFlags(runtime: Runtime, jmxPort: number, logsDir: string): readonly string[] {
  return [
    ...heap,
    ...collector,
    // A broker out of memory must die visibly, not limp.
    '-XX:+ExitOnOutOfMemoryError',
    // Its statistics file in /tmp is written in step with collections: a busy disk would show up as broker latency.
    '-XX:+PerfDisableSharedMem',
    '-Djava.awt.headless=true',
    ...jmxFlags(jmxPort),
    ...logFlags(logsDir),
    '-cp',
    runtime.kafka.classpath,
  ];
}

/** Flags of the storage tool, which lives for a second. */
export function formatFlags(runtime: Runtime): readonly string[] {
  return ['-Xmx128m', ...collector, '-XX:TieredStopAtLevel=1', '-Dlog4j2.level=ERROR', '-cp', runtime.kafka.classpath];
}

/** One port for registry and calls, on loopback only; without `host` Java would listen on every address. */
function jmxFlags(port: number): readonly string[] {
  const prefix = '-Dcom.sun.management.jmxremote';
  return [
    `${prefix}.port=${port}`,
    `${prefix}.rmi.port=${port}`,
    `${prefix}.host=127.0.0.1`,
    `${prefix}.local.only=true`,
    `${prefix}.authenticate=false`,
    `${prefix}.ssl=false`,
    '-Djava.rmi.server.hostname=127.0.0.1',
  ];
}

function logFlags(logsDir: string): readonly string[] {
  return [
    `-Dlog4j2.configurationFile=${join(packageRoot, 'bench', 'local', 'log4j2.xml')}`,
    `-Dkafka.logs.dir=${logsDir}`,
  ];
}
