/** Kafka's command line tools for a local cluster: Maven brings their classes, not the scripts of Kafka's own bin folder. */
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { kafkaTools } from '../../lib/runbooks/kafka-tools.ts';
import type { KafkaDistribution } from './fetch.ts';

/** Folder with `kafka-topics.sh` and the others beside the fetched jars; written when missing or made for another Java. */
export async function ensureKafkaTools(kafka: KafkaDistribution, javaPath: string): Promise<string> {
  const folder = join(dirname(kafka.libsDir), 'bin');
  await mkdir(folder, { recursive: true });
  await Promise.all(
    Object.entries(kafkaTools).map(async ([name, tool]) => {
      const path = join(folder, name);
      const script = scriptOf(tool, kafka.libsDir, javaPath);
      if ((await readFile(path, 'utf8').catch(() => null)) === script) return;
      // Another process may run it at this moment: the name changes hands at once.
      const fresh = `${path}.${process.pid}`;
      await writeFile(fresh, script);
      await chmod(fresh, 0o755);
      await rename(fresh, path);
    }),
  );
  return folder;
}

/** They live for a second. */
const flags = '-Xmx128m -XX:+UseSerialGC -XX:TieredStopAtLevel=1';

function scriptOf(tool: string, libsDir: string, javaPath: string): string {
  return `#!/bin/sh\nexec ${quoted(javaPath)} ${flags} -cp ${quoted(join(libsDir, '*'))} ${tool} "$@"\n`;
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
