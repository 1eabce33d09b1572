import { createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { latencyEdges } from '../../../bench/metrics/buckets.ts';
import { type MetricServer, startMetricServer } from '../../../bench/metrics/metric-server.ts';
import { isAvailable } from '../../../lib/metrics/types.ts';
import { signals } from '../../../lib/metrics.ts';

const slo = { publishP99Ms: 42, endToEndP99Ms: null, lagMaxRecords: null, costMaxUsdPerMonth: null };

async function serve(port = 0): Promise<MetricServer> {
  const server = await startMetricServer({ port, slo });
  onTestFinished(() => server.close());
  return server;
}

async function scrape({ url }: MetricServer): Promise<string> {
  const response = await fetch(url);
  expect(response.headers.get('content-type')).toContain('text/plain');
  return await response.text();
}

describe('the metrics of a run', () => {
  it('count what every record did', async () => {
    const server = await serve();
    const { observer } = server;
    observer.targetRate('orders', 200);
    observer.phase('peak measuring');
    observer.sent('orders', 1);
    observer.acknowledged('orders', 3);
    observer.acknowledged('orders', 100);
    observer.failed('orders', 30_000);
    observer.received('orders', 'readers', 7);
    const text = await scrape(server);
    expect(text).toContain('bench_target_records_per_second{topic="orders"} 200');
    expect(text).toContain('bench_phase{phase="peak measuring"} 1');
    expect(text).toContain('bench_records_sent_total{topic="orders"} 1');
    expect(text).toContain('bench_records_acknowledged_total{topic="orders"} 2');
    expect(text).toContain('bench_records_failed_total{topic="orders"} 1');
    expect(text).toContain('bench_records_received_total{topic="orders",consumergroup="readers"} 1');
    expect(text).toContain('bench_publish_seconds_count{topic="orders"} 3');
  });

  it('judge against the objective: late and failed are bad', async () => {
    const server = await serve();
    server.observer.acknowledged('orders', 42);
    server.observer.acknowledged('orders', 43);
    server.observer.failed('orders', 1);
    const text = await scrape(server);
    expect(text).toContain('bench_slo_records_total{topic="orders",outcome="good"} 1');
    expect(text).toContain('bench_slo_records_total{topic="orders",outcome="bad"} 2');
  });

  it('forget the phase before', async () => {
    const server = await serve();
    server.observer.phase('average measuring');
    server.observer.phase('peak warming up');
    const text = await scrape(server);
    expect(text).toContain('bench_phase{phase="peak warming up"} 1');
    expect(text).not.toContain('average measuring');
  });

  it('have the names of the signal table, and only those beside the defaults of the process', async () => {
    const server = await serve();
    const names = [...(await scrape(server)).matchAll(/^# TYPE (\w+)/gm)].map(([, name]) => name ?? '');
    const known = signals.map(({ sources }) => (isAvailable(sources.selfManaged) ? sources.selfManaged.metric : ''));
    const ours = names.filter((name) => /^(bench|kafka)_/.test(name));
    expect(ours.length).toBeGreaterThan(18);
    expect(ours.filter((name) => !known.includes(name))).toEqual([]);
    expect(names).toContain('process_cpu_seconds_total');
  });

  it('answer nothing but GET /metrics', async () => {
    const { url } = await serve();
    expect((await fetch(url.replace('/metrics', '/'))).status).toBe(404);
    expect((await fetch(url, { method: 'POST' })).status).toBe(404);
  });

  it('refuse a port that is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void other.close());
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as { port: number };
    await expect(startMetricServer({ port, slo })).rejects.toMatchObject({ code: 'PORT_TAKEN', exitCode: 64 });
  });
});

describe('the edges of the histograms', () => {
  it('have every objective among them, once, in order', () => {
    const edges = latencyEdges([0.042, null, 0.05]);
    expect(edges).toContain(0.042);
    expect(edges.filter((edge) => edge === 0.05)).toHaveLength(1);
    expect([...edges].sort((a, b) => a - b)).toEqual(edges);
  });
});
