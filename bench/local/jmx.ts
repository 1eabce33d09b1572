/**
 * Opens JMX on a running broker. Java's start-up flags would do it too, but they also open a second, unwanted port on
 * every address of the machine; asked through `jcmd`, Java opens exactly one, on loopback.
 */
import { HeadroomError } from '../../lib/errors.ts';
import type { BrokerProcess } from './broker-process.ts';
import type { Java } from './java.ts';
import { loopback } from './ports.ts';
import { runProgram } from './run-program.ts';

/** Registry and calls share the broker's JMX port; no password, as for the broker itself. Throws BROKER_START_FAILED. */
export async function openJmx(java: Java, processes: readonly BrokerProcess[], signal?: AbortSignal): Promise<void> {
  await Promise.all(
    processes.map(async ({ broker, identity }) => {
      const { exitCode, lines } = await runProgram({
        file: java.jcmdPath,
        args: [
          '-J-XX:TieredStopAtLevel=1',
          String(identity?.pid),
          'ManagementAgent.start',
          `jmxremote.port=${broker.jmxPort}`,
          `jmxremote.rmi.port=${broker.jmxPort}`,
          `jmxremote.host=${loopback}`,
          'jmxremote.authenticate=false',
          'jmxremote.ssl=false',
        ],
        env: process.env,
        ...(signal === undefined ? {} : { signal }),
      });
      if (exitCode === 0 && lines.some((line) => line.includes('executed successfully'))) return;
      throw new HeadroomError(
        'BROKER_START_FAILED',
        `JMX of broker ${broker.id} could not be opened on port ${broker.jmxPort}:\n${lines.slice(-4).join('\n')}`,
        { hint: 'run the command again; other ports are chosen' },
      );
    }),
  );
}
