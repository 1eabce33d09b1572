/** The pages: complete, the same each time, safe, and in agreement with each other. */
import { describe, expect, it } from 'vitest';
import { renderCapacityHtml } from '../../../lib/report/capacity/html.ts';
import { renderCapacityMarkdown } from '../../../lib/report/capacity/markdown.ts';
import { keyFigures, risksShown } from '../../../lib/report/capacity/summary-section.ts';
import { renderCapacityText } from '../../../lib/report/capacity/text.ts';
import { palette } from '../../../lib/report/charts/palette.ts';
import { markup } from '../../../lib/report/markup.ts';
import { growing, reportOf } from './reports.ts';

const report = reportOf(growing);
const page = renderCapacityHtml(report);
const markdown = renderCapacityMarkdown(report);

/** One of each kind: nothing to choose, nothing that fits, no region, several topics, everything compacted. */
const variants: readonly (readonly [string, string])[] = [
  ['growing', growing],
  ['serverless', growing.replace('target: msk,', 'target: msk-serverless,')],
  ['express', growing.replace('target: msk,', 'target: msk-express,')],
  ['ec2', growing.replace('target: msk,', 'target: ec2,')],
  ['existing, no region', growing.replace('target: msk, region: us-east-1', 'target: existing, brokers: 3')],
  ['nothing fits', growing.replace('rate: 4000/s, peak: 8000/s', 'rate: 2000000/s')],
  ['survives nothing', growing.replace('survive: zone', 'survive: none')],
  [
    'compacted',
    growing.replace('size: 1 KB', 'size: 1 KB, key: id').replace('time: 3d', 'cleanup: compact, keys: 5000'),
  ],
];

describe('the page', () => {
  it('needs nothing from elsewhere', () => {
    const urls = [...page.matchAll(/https?:\/\/[^"'\s<]+/g)].map(([url]) => url);
    expect(urls.filter((url) => url !== 'http://www.w3.org/2000/svg')).toEqual([]);
    expect(page).not.toMatch(/<script|<link|<img|<iframe|@import|url\((?!#)|\bsrc=|\son\w+=/);
  });

  it('is the same for the same report', () => {
    expect(renderCapacityHtml(reportOf(growing))).toBe(page);
  });

  it('puts the verdict first, then what a lead asks for, then what it rests on', () => {
    const order = [
      'class="verdict ',
      'class="key-figures"',
      'Risks<',
      'rests on<',
      'Where the room is<',
      'Until when it lasts<',
      'What it costs<',
      'What the disks hold<',
      'How each figure came to be<',
    ];
    const places = order.map((part) => page.indexOf(part));
    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });

  it('draws use, growth, cost and disk, each for wide and narrow pages, each told in words', () => {
    for (const id of ['utilisation', 'runway', 'target-costs', 'disk-totals', 'disk-parts'])
      for (const size of ['wide', 'narrow']) expect(page, id).toContain(`id="${id}-${size}-desc"`);
    for (const colour of Object.values(palette)) expect(page).not.toContain(colour);
  });

  it('shows the first risks on the first page, and how many more there are', () => {
    const risk = (index: number) => ({ risk: `risk ${index}`, remedy: '' });
    const summary = { ...report.summary, risks: Array.from({ length: risksShown + 2 }, (_, index) => risk(index)) };
    const first = renderCapacityHtml({ ...report, summary });
    expect(first).toContain(`<li>risk ${risksShown - 1}</li><li>2 more under “What was planned”.</li>`);
    expect(page).not.toContain('more under “What was planned”');
  });

  it('shows a description that is markup as text', () => {
    expect(page).toContain('Orders &lt;b&gt;grow&lt;/b&gt;');
    expect(markdown).toContain('Orders &lt;b&gt;grow&lt;/b&gt;');
  });
});

describe.each(variants)('%s', (_name, text) => {
  const given = reportOf(text);
  const rendered = [renderCapacityHtml(given), renderCapacityMarkdown(given), renderCapacityText(given)];

  it('has a figure or a reason everywhere', () => {
    for (const each of rendered) expect(each).not.toMatch(/NaN|undefined|Infinity|\bnull\b|\[object/);
  });

  it('says the same in HTML, Markdown and text', () => {
    const [html = '', md = '', console = ''] = rendered;
    for (const [, figure] of keyFigures(given.summary)) {
      expect(html).toContain(markup`<p class="figure">${figure}</p>`.text);
      expect(md).toContain(figure);
      expect(console).toContain(figure);
    }
    expect(console).toContain(given.summary.verdict);
  });
});

it('JSON is the value that the others render', () => {
  const again = JSON.parse(JSON.stringify(report)) as typeof report;
  expect(renderCapacityHtml(again)).toBe(page);
  expect(renderCapacityMarkdown(again)).toBe(markdown);
});
