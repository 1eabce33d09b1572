import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { findNodeExporter, requirePrometheus } from '../../../bench/monitoring/programs.ts';
import { prometheusConfig } from '../../../bench/monitoring/prometheus-config.ts';
import { scratchDir } from '../local/scratch.ts';

function pathWith(...programs: readonly string[]): { PATH: string } {
  const folder = scratchDir();
  for (const program of programs) {
    writeFileSync(join(folder, program), '#!/bin/sh\n');
    chmodSync(join(folder, program), 0o755);
  }
  return { PATH: folder };
}

it('says what is missing without Prometheus and how to get it', () => {
  expect(() => requirePrometheus(pathWith())).toThrow(/no prometheus on PATH/);
  try {
    requirePrometheus(pathWith());
  } catch (error) {
    expect(error).toMatchObject({ exitCode: 69, hint: expect.stringContaining('apt-get install') });
  }
  expect(requirePrometheus(pathWith('prometheus'))).toMatch(/\/prometheus$/);
});

it('does without a node exporter, and finds it by both of its names', () => {
  expect(findNodeExporter(pathWith())).toBeNull();
  expect(findNodeExporter(pathWith('node_exporter'))).toMatch(/node_exporter$/);
  expect(findNodeExporter(pathWith('prometheus-node-exporter'))).toMatch(/prometheus-node-exporter$/);
});

it('scrapes every broker under the labels that the boards use', () => {
  const config = parse(
    prometheusConfig({
      cluster: 'local',
      brokers: [1, 2].map((id) => ({ id, address: `127.0.0.1:1000${id}` })),
      node: '127.0.0.1:9100',
      harness: '127.0.0.1:19464',
      scrapeSec: 5,
      ruleFiles: ['alerts.yaml'],
    }),
  );
  expect(config.global).toEqual({ scrape_interval: '5s', evaluation_interval: '5s' });
  expect(config.scrape_configs[0]).toEqual({
    job_name: 'kafka',
    static_configs: [1, 2].map((id) => ({
      targets: [`127.0.0.1:1000${id}`],
      labels: { cluster: 'local', broker: String(id) },
    })),
  });
  expect(config.scrape_configs.map(({ job_name }: { job_name: string }) => job_name)).toEqual([
    'kafka',
    'node',
    'headroom',
  ]);
});
