/** `/metrics` of a run, on loopback: load, lag and the harness itself, for as long as the run lasts. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { HeadroomError } from '../../lib/errors.ts';
import type { Slo } from '../../lib/requirements/types.ts';
import type { LoadObserver } from '../load/observer.ts';
import { loopback } from '../local/ports.ts';
import { createAdmin } from '../target/connect.ts';
import { generatorMetrics } from './generator-metrics.ts';
import { GroupLag, type WatchedGroups } from './group-lag.ts';
import { loadMetrics } from './load-metrics.ts';
import { metricOf } from './metric-of.ts';

export interface MetricServer {
  readonly registry: Registry;
  /** Reads the lag anew, which a scrape does by itself. */
  refresh(): Promise<void>;
  readonly url: string;
  /** Give it to the load. */
  readonly observer: LoadObserver;
  /** Tells which fault is injected now; null: none. */
  fault(name: string | null): void;
  close(): Promise<void>;
}

export interface MetricServerOptions {
  /** 0: any free one. */
  readonly port: number;
  readonly slo: Slo;
}

/** Shorter than any scrape: brokers that do not answer must not hide what the harness itself knows. */
const lagWaitMs = 1_000;

/** Where the Prometheus of `headroom up --monitoring` looks for a run. */
export const defaultMetricsPort = 19_464;

/** Throws PORT_TAKEN when the port is in use. */
export async function startMetricServer({ port, slo }: MetricServerOptions): Promise<MetricServer> {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const stopGenerator = generatorMetrics(registry);
  const lag = new GroupLag(registry);
  const faults = new Gauge({ ...metricOf(registry, 'benchFault'), labelNames: ['fault'] });
  const sessions = new Sessions();
  let reading: Promise<void> | null = null;
  // Scrapes that come while one is under way share it.
  const refresh = async (): Promise<void> => {
    if (sessions.current === null) return;
    reading ??= lag.read(sessions.current).finally(() => {
      reading = null;
    });
    await reading;
  };
  const server = createServer((request, response) => {
    void answer(request, response, registry, refresh);
  });
  server.unref();
  server.listen(port, loopback);
  try {
    await once(server, 'listening');
  } catch (cause) {
    stopGenerator();
    throw new HeadroomError('PORT_TAKEN', `port ${port} on ${loopback} is in use; --metrics-port needs it`, {
      hint: 'name another one, or stop what holds it',
      cause,
    });
  }
  const address = server.address();
  const bound = typeof address === 'object' && address !== null ? address.port : port;
  return {
    registry,
    refresh,
    url: `http://${loopback}:${bound}/metrics`,
    observer: { ...loadMetrics(registry, slo), opened: sessions.opened, closed: sessions.closed },
    fault: (name) => {
      faults.reset();
      if (name !== null) faults.set({ fault: name }, 1);
    },
    close: async () => {
      stopGenerator();
      await sessions.closed();
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Lag is read with a connection of its own, so that a slow answer holds up no record. */
class Sessions {
  current: WatchedGroups | null = null;

  readonly opened: LoadObserver['opened'] = ({ bootstrap }, topics) => {
    void this.closed();
    this.current = { admin: createAdmin(bootstrap), topics };
  };

  readonly closed = async (): Promise<void> => {
    const { current } = this;
    this.current = null;
    await current?.admin.close().catch(() => {});
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  registry: Registry,
  refresh: () => Promise<void>,
): Promise<void> {
  if (request.method !== 'GET' || request.url?.split('?')[0] !== '/metrics') {
    response.writeHead(404).end('only GET /metrics\n');
    return;
  }
  await Promise.race([refresh().catch(() => {}), sleep(lagWaitMs, undefined, { ref: false })]);
  response.writeHead(200, { 'content-type': registry.contentType }).end(await registry.metrics());
}
