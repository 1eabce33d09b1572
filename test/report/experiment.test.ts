import { describe, expect, it } from 'vitest';
import { analyse } from '../../lib/experiment/analyse.ts';
import { type ExperimentResult, experimentSchemaVersion } from '../../lib/experiment/result.ts';
import { renderExperimentHtml } from '../../lib/report/experiment/html.ts';
import { renderExperimentMarkdown } from '../../lib/report/experiment/markdown.ts';
import { renderExperimentText } from '../../lib/report/experiment/text.ts';
import { planned } from '../bench/experiment/planned.ts';
import { simulate } from '../experiment/simulated.ts';

const { spec } = planned(['acks=all,1', 'linger.ms=5,0']);
const truth = Object.fromEntries(
  spec.cells.map(({ id, settings }) => [
    id,
    { publishP99Ms: settings.acks === 'all' ? 10 : 5, recordsPerSec: 1000, clientCpuMicrosPerRecord: 4 },
  ]),
);

function result(repeats = simulate(truth, 2)): ExperimentResult {
  const { plan, topic, question, factors, grid, lengths } = spec;
  return {
    schemaVersion: experimentSchemaVersion,
    useCase: plan.useCase,
    question,
    topic: topic.name,
    factors,
    grid,
    refused: [{ id: 'acks=1 x', settings: {}, reason: 'breaks a <rule> | of Kafka' }],
    ...lengths,
    repeats,
    analysis: analyse({ ...spec, driver: spec.driver.name }, repeats),
    notes: ['a remark'],
    environment: {
      startedAt: '2026-11-21T04:10:22.000Z',
      target: 'local',
      clusterId: 'id',
      brokers: 3,
      versions: { kafka: '4.3.1' },
      host: { cpus: 2, cpuModel: 'model', os: 'Linux' },
      hostNoiseP99Ms: 0.3,
      seed: 1,
      commandLine: ['headroom', 'bench', 'examples/course-events.yaml'],
    },
  };
}

const renderers = { text: renderExperimentText, markdown: renderExperimentMarkdown, html: renderExperimentHtml };

describe.each(Object.entries(renderers))('as %s', (name, render) => {
  it('gives the answer, the effects, what was not run, and how it was measured', () => {
    const rendered = render(result());
    expect(rendered).toContain('take acks=all linger.ms=5');
    expect(rendered).toMatch(/acks=1 against acks=all: publish p99 x0\.\d\d/);
    expect(rendered).toContain('linger.ms=0 against linger.ms=5: no measurable difference in any figure.');
    expect(rendered).toContain(name === 'html' ? 'breaks a &lt;rule&gt; | of Kafka' : 'breaks a <rule>');
    expect(rendered).toContain('2 interleaved rounds');
    expect(rendered).toContain('a remark');
  });

  it('says that nothing can be told from nothing', () => {
    const rendered = render(result([]));
    expect(rendered).toContain('inconclusive: no cell was measured without doubts');
    expect(rendered).toContain('too few rounds to tell');
  });
});

it('draws effects, the Pareto set and two factors as a map', () => {
  const html = renderExperimentHtml(result());
  for (const id of ['effects-wide', 'pareto-wide', 'heatmap-narrow']) expect(html).toContain(`${id}-title`);
  expect(renderExperimentHtml(result([]))).not.toContain('<svg class="wide"');
});

it('keeps a table row in Markdown whole', () => {
  const tables = renderExperimentMarkdown(result())
    .split('\n\n')
    .filter((block) => block.startsWith('| '));
  expect(tables).toHaveLength(2);
  for (const table of tables) {
    const rows = table.split('\n');
    expect(rows.length).toBeGreaterThan(4);
    expect(new Set(rows.map((row) => row.split(' | ').length)).size).toBe(1);
  }
});
