/** Looks at the alerts of a Prometheus all the time and keeps when each began and ended to fire. */
import { setTimeout as sleep } from 'node:timers/promises';
import { firingAlerts } from '../monitoring/prometheus-api.ts';

export interface Firing {
  readonly alert: string;
  /** Its labels when it was first seen, the alert's name left out. */
  readonly labels: Readonly<Record<string, string>>;
  readonly fromMs: number;
  /** null: it fires still. */
  readonly toMs: number | null;
}

const lookMs = 500;

export class AlertWatch {
  readonly #url: string;
  readonly #ending = new AbortController();
  readonly #past: Firing[] = [];
  readonly #now = new Map<string, Firing>();
  readonly #looking: Promise<void>;
  #looks = 0;

  constructor(prometheusUrl: string) {
    this.#url = prometheusUrl;
    this.#looking = this.#look();
  }

  /** Ids of the alerts that fire now. */
  firing(): ReadonlySet<string> {
    return new Set(this.#now.keys());
  }

  /** Everything that fired at some time since then, in the order it began. */
  since(sinceMs: number): readonly Firing[] {
    return [...this.#past, ...this.#now.values()].filter(({ toMs }) => toMs === null || toMs >= sinceMs);
  }

  /** Waits until it is so; false when the time is up. Asked after every look. */
  async until(isSo: () => boolean, boundMs: number, signal: AbortSignal): Promise<boolean> {
    const untilMs = performance.now() + boundMs;
    const first = this.#looks;
    // What is known may be older than the question.
    while (this.#looks < first + 2 || !isSo()) {
      if (performance.now() > untilMs) return false;
      await sleep(lookMs, undefined, { signal });
    }
    return true;
  }

  /** Waits until it has been so for a while; false when the time is up. */
  async untilSteady(isSo: () => boolean, steadyMs: number, boundMs: number, signal: AbortSignal): Promise<boolean> {
    let sinceMs = performance.now();
    const isSteady = (): boolean => {
      if (!isSo()) sinceMs = performance.now();
      return performance.now() - sinceMs >= steadyMs;
    };
    return await this.until(isSteady, boundMs, signal);
  }

  async stop(): Promise<void> {
    this.#ending.abort();
    await this.#looking;
  }

  async #look(): Promise<void> {
    while (!this.#ending.signal.aborted) {
      const firing = await firingAlerts(this.#url).catch(() => null);
      if (firing !== null) this.#keep(firing);
      await sleep(lookMs, undefined, { signal: this.#ending.signal }).catch(() => {});
    }
  }

  #keep(firing: Awaited<ReturnType<typeof firingAlerts>>): void {
    const atMs = performance.now();
    for (const { alert, labels } of firing) {
      const { alertname: _, ...rest } = labels;
      if (!this.#now.has(alert)) this.#now.set(alert, { alert, labels: rest, fromMs: atMs, toMs: null });
    }
    for (const [alert, each] of this.#now) {
      if (firing.some((found) => found.alert === alert)) continue;
      this.#now.delete(alert);
      this.#past.push({ ...each, toMs: atMs });
    }
    this.#looks += 1;
  }
}
