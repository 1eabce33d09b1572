import { expect, it } from 'vitest';
import { scenarioPages } from '../../bin/scenario-pages.ts';
import type { ScenarioResult } from '../../lib/experiment/scenario-result.ts';
import { renderScenarioHtml } from '../../lib/report/scenario/html.ts';
import { renderScenarioMarkdown } from '../../lib/report/scenario/markdown.ts';
import { renderScenarioText } from '../../lib/report/scenario/text.ts';

const result: ScenarioResult = {
  schemaVersion: 1,
  scenario: 'acks',
  useCase: 'orders',
  topic: 'orderPlaced',
  question: 'which <acks> do we need?',
  method: 'One broker is killed.',
  tables: [
    {
      title: 'A broker dies',
      columns: ['acks', 'lost', 'longest, ms'],
      rows: [
        ['0', 12_345, null],
        ['all', 0, 6_000],
      ],
    },
  ],
  answer: { outcome: 'inconclusive', text: 'the broker lives.' },
  notes: ['the host was not quiet'],
  durationMs: 61_000,
  environment: {
    startedAt: '2026-11-21T10:00:00.000Z',
    target: 'local',
    clusterId: 'c',
    brokers: 3,
    versions: { node: 'v20', kafka: '4.3.1' },
    host: { cpus: 2, cpuModel: 'Model', os: 'Linux' },
    hostNoiseP99Ms: 0.2,
    seed: 7,
    commandLine: ['headroom', 'bench', 'acks', 'orders.yaml'],
  },
};

it.each([
  ['console', renderScenarioText(result)],
  ['Markdown', renderScenarioMarkdown(result)],
  ['HTML', renderScenarioHtml(result, null)],
])('%s shows answer, figures, a dash for what is not known, and the notes', (_, text) => {
  for (const part of [
    'Inconclusive: the broker lives.',
    '12,345',
    '6000',
    '-',
    'the host was not quiet',
    'Kafka'.toLowerCase(),
  ])
    expect(text).toContain(part);
});

it('tells when and where, and how to repeat it, and lets no text become markup', () => {
  const markdown = renderScenarioMarkdown(result);
  expect(markdown).toContain('2026-11-21 10:00 UTC');
  expect(markdown).toContain('headroom bench acks orders.yaml --seed 7');
  expect(renderScenarioHtml(result, null)).toContain('Which &lt;acks&gt; do we need?');
});

it('lists the answers of the scenarios that have a result, and a page each', () => {
  const pages = scenarioPages([result, { ...result, scenario: 'no-longer-shipped' }]);
  expect(Object.keys(pages)).toEqual(['README.md', 'acks.md']);
  expect(pages['README.md']).toContain('[acks](acks.md)');
});
