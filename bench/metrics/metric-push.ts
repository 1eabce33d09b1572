/** A run's metrics sent to a Pushgateway, where Prometheus cannot reach the harness: behind a firewall, or a job that is short. */
import { Pushgateway, type Registry } from 'prom-client';
import { HeadroomError } from '../../lib/errors.ts';

export interface PushTarget {
  /** Of the gateway, without `/metrics`. */
  readonly url: string;
  /** Label of what is pushed, as the boards ask for it. */
  readonly cluster: string;
  /** @default 5 seconds, as a local Prometheus scrapes */
  readonly everyMs?: number;
}

export interface MetricPush {
  /** Pushes a last time. What the gateway did not take since the start: how often, and why the last time; null: it took all. */
  close(): Promise<string | null>;
}

interface MetricSource {
  readonly registry: Registry;
  /** Brings up to date what is read only when asked for. */
  refresh(): Promise<void>;
}

const defaultEveryMs = 5_000;
const answerWithinMs = 5_000;

/** Pushes at once, so that a gateway that is not there is found before the run: throws TARGET_UNREACHABLE. */
export async function startMetricPush(source: MetricSource, target: PushTarget): Promise<MetricPush> {
  const { url, cluster, everyMs = defaultEveryMs } = target;
  const { registry } = source;
  const gateway = new Pushgateway(
    url,
    { timeout: answerWithinMs, headers: { 'Content-Type': registry.contentType } },
    registry,
  );
  const push = async (): Promise<void> => {
    // A cluster that does not answer must not hide what the harness itself knows.
    await source.refresh().catch(() => {});
    await gateway.push({ jobName: 'headroom', groupings: { cluster } });
  };
  try {
    await push();
  } catch (cause) {
    throw new HeadroomError(
      'TARGET_UNREACHABLE',
      `the Pushgateway at ${placeOf(url)} takes no metrics: ${reasonOf(cause)}`,
      {
        hint: 'check the address given with --metrics-push, or leave it out',
        cause,
      },
    );
  }
  let failed = 0;
  let reason = '';
  let underWay: Promise<void> | null = null;
  const pushOnce = async (): Promise<void> => {
    // A slow gateway gets the next ones later, never two at a time.
    underWay ??= push()
      .catch((error: unknown) => {
        failed += 1;
        reason = reasonOf(error);
      })
      .finally(() => {
        underWay = null;
      });
    await underWay;
  };
  const timer = setInterval(() => void pushOnce(), everyMs);
  return {
    close: async () => {
      clearInterval(timer);
      await underWay;
      await pushOnce();
      return failed === 0 ? null : `${placeOf(url)} did not take the metrics ${failed} times, at last: ${reason}`;
    },
  };
}

/** Without user and password. */
function placeOf(url: string): string {
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname === '/' ? '' : pathname}`;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? (error.message.split('\n')[0] ?? error.message) : String(error);
}
