import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startMetricPush } from '../../../bench/metrics/metric-push.ts';
import { type MetricServer, startMetricServer } from '../../../bench/metrics/metric-server.ts';
import { hasProgram } from '../../monitoring/programs.ts';

const slo = { publishP99Ms: 42, endToEndP99Ms: null, lagMaxRecords: null, costMaxUsdPerMonth: null };

async function metrics(): Promise<MetricServer> {
  const server = await startMetricServer({ port: 0, slo });
  onTestFinished(() => server.close());
  return server;
}

/** A receiver that answers as it is told and keeps what it got. */
async function receiver(
  status: () => number,
): Promise<{ url: string; got: { path: string; method: string; body: string }[] }> {
  const got: { path: string; method: string; body: string }[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const piece of request) body += String(piece);
    got.push({ path: request.url ?? '', method: request.method ?? '', body });
    response.writeHead(status()).end('said so');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, got };
}

describe('pushed metrics', () => {
  it('go out at once, from time to time, and at the end', async () => {
    const source = await metrics();
    const { url, got } = await receiver(() => 200);
    const push = await startMetricPush(source, { url: `${url}/gate`, cluster: 'orders', everyMs: 20 });
    expect(got).toHaveLength(1);
    while (got.length < 3) await sleep(5);
    source.observer.targetRate('orders', 200);
    expect(await push.close()).toBeNull();
    expect(got.at(-1)).toMatchObject({ path: '/gate/metrics/job/headroom/cluster/orders', method: 'PUT' });
    expect(got.at(-1)?.body).toContain('bench_target_records_per_second{topic="orders"} 200');
    const count = got.length;
    await sleep(60);
    expect(got).toHaveLength(count);
  });

  it('that a gateway refuses during the run are told at the end and harm nothing', async () => {
    let status = 200;
    const { url } = await receiver(() => status);
    const push = await startMetricPush(await metrics(), { url, cluster: 'orders', everyMs: 60_000 });
    status = 503;
    expect(await push.close()).toMatch(/^http:\/\/127\.0\.0\.1:\d+ did not take the metrics 1 times, at last: .*503/);
  });

  it.each([
    ['refuses', async () => (await receiver(() => 403)).url, /takes no metrics: .*403/],
    [
      'is not there',
      async () => 'http://user:secret@127.0.0.1:1',
      /Pushgateway at http:\/\/127\.0\.0\.1:1 takes no metrics/,
    ],
  ])('are refused before the run when the gateway %s', async (_what, url, message) => {
    const refused = startMetricPush(await metrics(), { url: await url(), cluster: 'orders' });
    await expect(refused).rejects.toMatchObject({ code: 'TARGET_UNREACHABLE', exitCode: 69 });
    await expect(refused).rejects.toThrow(message);
    await expect(refused).rejects.not.toThrow(/secret/);
  });
});

describe.skipIf(!hasProgram('prometheus-pushgateway'))('a real Pushgateway', () => {
  it('takes them under the labels that the boards ask for', async () => {
    const port = 19_700 + Math.floor(Math.random() * 200);
    const gateway = spawn('prometheus-pushgateway', [`--web.listen-address=127.0.0.1:${port}`], { stdio: 'ignore' });
    onTestFinished(() => void gateway.kill());
    const url = `http://127.0.0.1:${port}`;
    while (!(await fetch(`${url}/-/ready`).catch(() => null))?.ok) await sleep(50);
    const source = await metrics();
    source.observer.acknowledged('orders', 3);
    const push = await startMetricPush(source, { url, cluster: 'course-events' });
    expect(await push.close()).toBeNull();
    const text = await (await fetch(`${url}/metrics`)).text();
    expect(text).toMatch(
      /^bench_records_acknowledged_total\{cluster="course-events",instance="",job="headroom",topic="orders"\} 1$/m,
    );
    expect(text).toMatch(/^bench_slo_records_total\{cluster="course-events",.*outcome="good".*\} 1$/m);
    expect(text).toMatch(/^push_failure_time_seconds\{cluster="course-events",instance="",job="headroom"\} 0$/m);
  });
});
