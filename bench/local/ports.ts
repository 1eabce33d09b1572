/** Chooses loopback ports, four a broker: clients, controller, JMX, exporter; and two more where it has secured listeners. */
import { createServer } from 'node:net';
import { HeadroomError } from '../../lib/errors.ts';

export const loopback = '127.0.0.1';
/** Beside Kafka's usual 9092, which the user's own broker may hold. */
export const defaultBasePort = 19_092;
/** Controllers, JMX and exporters stand this far above the brokers' ports, when free there. */
const roleGap = 100;
/** Below the range from which Linux gives ports to outgoing connections (32768 and up). */
const highestPort = 32_767;

export interface BrokerPorts {
  readonly port: number;
  readonly controllerPort: number;
  readonly jmxPort: number;
  /** For Prometheus; held free also where no exporter runs, so that one can be added. */
  readonly exporterPort: number;
  /** Left out: the broker has the plain listener only. */
  readonly secured?: SecuredPorts;
}

/** For clients with TLS, and with TLS and SASL. */
export interface SecuredPorts {
  readonly tlsPort: number;
  readonly saslPort: number;
}

export interface PortRequest {
  readonly brokers: number;
  /** First of the brokers' client ports, as the user named it; null to choose freely. */
  readonly namedPort: number | null;
  /** Where to begin to look when nothing is named. */
  readonly firstPort: number;
  readonly secured?: boolean;
  /** Ports that other local clusters hold or are about to bind. */
  readonly reserved: ReadonlySet<number>;
}

/** Free ports for each broker. Throws PORT_TAKEN when a named one is in use, RESOURCE_MISSING when none are left. */
export async function choosePorts(request: PortRequest): Promise<readonly BrokerPorts[]> {
  const taken = new Set(request.reserved);
  const first = request.namedPort ?? request.firstPort;
  const ports =
    request.namedPort === null
      ? await nextFree(first, request.brokers, taken)
      : await requireFree(request.namedPort, request.brokers, taken);
  for (const port of ports) taken.add(port);
  const controllers = await nextFree(first + roleGap, request.brokers, taken);
  for (const port of controllers) taken.add(port);
  const jmx = await nextFree(first + 2 * roleGap, request.brokers, taken);
  for (const port of jmx) taken.add(port);
  const exporters = await nextFree(first + 3 * roleGap, request.brokers, taken);
  for (const port of exporters) taken.add(port);
  const secured = await securedPorts(request, first, taken);
  return ports.map((port, index) => ({
    port,
    controllerPort: controllers[index] ?? 0,
    jmxPort: jmx[index] ?? 0,
    exporterPort: exporters[index] ?? 0,
    ...secured[index],
  }));
}

async function securedPorts(
  { brokers, secured }: PortRequest,
  first: number,
  taken: ReadonlySet<number>,
): Promise<readonly { readonly secured: SecuredPorts }[]> {
  if (secured !== true) return [];
  const found = await nextFree(first + 4 * roleGap, 2 * brokers, taken);
  return Array.from({ length: brokers }, (_, index) => ({
    secured: { tlsPort: found[2 * index] ?? 0, saslPort: found[2 * index + 1] ?? 0 },
  }));
}

/** Whether a server could listen on the port of 127.0.0.1 now. */
export async function isPortFree(port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: loopback, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

async function requireFree(first: number, count: number, taken: ReadonlySet<number>): Promise<readonly number[]> {
  const ports = Array.from({ length: count }, (_, index) => first + index);
  for (const port of ports) {
    if (!taken.has(port) && (await isPortFree(port))) continue;
    throw new HeadroomError(
      'PORT_TAKEN',
      `port ${port} on ${loopback} is in use; ports ${ports.join(', ')} are needed`,
      {
        hint: 'name another first port, or none: free ports are then chosen',
      },
    );
  }
  return ports;
}

async function nextFree(first: number, count: number, taken: ReadonlySet<number>): Promise<readonly number[]> {
  const found: number[] = [];
  for (let port = first; found.length < count; port++) {
    if (port > 65_535) {
      throw new HeadroomError('RESOURCE_MISSING', `fewer than ${count} free ports on ${loopback} from ${first} up`, {
        hint: 'stop what holds them, such as leftover local clusters (headroom status)',
      });
    }
    if (!taken.has(port) && (await isPortFree(port))) found.push(port);
  }
  return found;
}

/** Another place to look after two clusters chose the same ports at the same moment; random so that they part. */
export function elsewhere(random: () => number): number {
  const lowest = defaultBasePort + 1_000;
  return lowest + Math.floor(random() * (highestPort - 1_000 - lowest));
}

/** The first free port from this one on. */
export async function freePort(from: number): Promise<number> {
  for (let port = from; ; port += 1) if (await isPortFree(port)) return port;
}
