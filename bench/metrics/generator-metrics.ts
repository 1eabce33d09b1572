/** Whether the harness keeps up, second by second, as metrics: the same figures that void a run. */
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { Gauge, type Registry } from 'prom-client';
import { metricOf } from './metric-of.ts';

const everyMs = 1_000;
const resolutionMs = 5;

/** Starts watching; the returned function ends it. */
export function generatorMetrics(registry: Registry): () => void {
  const busy = new Gauge(metricOf(registry, 'generatorBusy'));
  const late = new Gauge(metricOf(registry, 'generatorDelay'));
  const delay = monitorEventLoopDelay({ resolution: resolutionMs });
  delay.enable();
  let before = performance.eventLoopUtilization();
  busy.set(0);
  late.set(0);
  const timer = setInterval(() => {
    const now = performance.eventLoopUtilization();
    busy.set(performance.eventLoopUtilization(now, before).utilization);
    before = now;
    // The monitor counts its own interval as delay.
    late.set(Math.max(0, delay.percentile(99) / 1e9 - resolutionMs / 1000));
    delay.reset();
  }, everyMs);
  timer.unref();
  return () => {
    clearInterval(timer);
    delay.disable();
  };
}
