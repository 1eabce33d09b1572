import { describe, expect, it } from 'vitest';
import { palette } from '../../lib/report/charts/palette.ts';
import { renderHtml } from '../../lib/report/html.ts';
import { generatorSection } from '../../lib/report/sections/generator.ts';
import { loadSections } from '../../lib/report/sections/load.ts';
import { verdictSection } from '../../lib/report/sections/verdict.ts';
import { clientLimitedCase, courseCase, emptyCase, notMetCase, ordersCase, runOf } from '../fixtures/run.ts';
import { brokerLost, withMeasurement } from '../verdict/planted.ts';

const page = renderHtml(runOf(courseCase));

function all(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map((match) => match[1] ?? match[0]);
}

describe('the report', () => {
  it('needs nothing from elsewhere', () => {
    expect(all(page, /https?:\/\/[^"'\s<]+/g).filter((url) => url !== 'http://www.w3.org/2000/svg')).toEqual([]);
    expect(page).not.toMatch(/<script|<link|<img|<iframe|@import|url\((?!#)|\bsrc=|\son\w+=/);
    expect(page).toContain("default-src 'none'");
  });

  it('is the same for the same run', () => {
    expect(renderHtml(runOf(courseCase))).toBe(page);
  });

  it('puts the verdict first, then what it rests on', () => {
    const order = [
      'class="verdict met"',
      '<h2>Requirements',
      '<h2>Latency',
      '<h2>Throughput',
      '<h2>What ack',
      '<h2>Storage on',
      '<h2>Was the gen',
      '<h2>Plan',
      '<h2>Settings',
      '<h2>How to repeat',
    ];
    const places = order.map((part) => page.indexOf(part));
    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });

  it('says every outcome in words', () => {
    const run = runOf(notMetCase);
    const outcomes = all(verdictSection(run).text, /<td data-label="outcome"><span[^>]*><span[^>]*>.<\/span>([^<]+)</g);
    expect(outcomes).toHaveLength(run.verdict.lines.length);
    expect(outcomes.filter((word) => word === 'not met')).toHaveLength(1);
  });

  it('says by how much a requirement is missed', () => {
    expect(verdictSection(runOf(notMetCase)).text).toMatch(
      /class="verdict notMet"[\s\S]*11 met, 1 not met: publish p99 is [\d.]+\u00a0ms, required ≤ 0\.1\u00a0ms: \d+× over\./,
    );
  });

  it('shows an empty run as inconclusive', () => {
    expect(renderHtml(runOf(emptyCase))).toMatch(/class="verdict inconclusive"[\s\S]*No phase was measured/);
  });

  it('shows every group of every topic', () => {
    expect(loadSections(runOf(ordersCase)).text).toMatch(
      /CGR-accounting-order-PaymentApproved[\s\S]*CGR-statistics-shop/,
    );
  });

  it('says that the generator was the limit', () => {
    expect(generatorSection(runOf(clientLimitedCase)).text).toMatch(
      /Yes: at the peak rate, the harness was busy 99\u00a0%/,
    );
  });

  it('puts a lost broker right under the verdict', () => {
    const lost = withMeasurement(courseCase, { incidents: [brokerLost] });
    expect(verdictSection(runOf(lost)).text).toMatch(
      /During the run[\s\S]*12\.3\u00a0s into the run: broker 2[\s\S]*Requirements/,
    );
  });
});

describe('what comes from a user', () => {
  const hostile = `<script>alert("x")</script><img src=x onerror='y'>`;

  it('is inert wherever it is shown', () => {
    const run = runOf(
      withMeasurement(courseCase, { notes: [hostile], incidents: [{ ...brokerLost, message: hostile }] }),
    );
    const text = renderHtml({
      ...run,
      plan: { ...run.plan, useCase: hostile, description: hostile },
      environment: {
        ...run.environment,
        commandLine: ['headroom', 'prove', hostile],
        versions: { [hostile]: hostile },
      },
    });
    expect(text).not.toMatch(/<script|<img/);
    expect(all(text, /&lt;script&gt;/g).length).toBeGreaterThanOrEqual(6);
  });
});

describe('charts', () => {
  it('are there for both phases, wide and narrow', () => {
    for (const kind of ['percentiles', 'latency', 'throughput', 'lag', 'slip']) {
      for (const phase of ['average', 'peak']) {
        expect(page).toContain(`id="${kind}-${phase}-wide-title"`);
        expect(page).toContain(`id="${kind}-${phase}-narrow-title"`);
      }
    }
    for (const id of ['trade-off', 'storage', 'growth']) expect(page).toContain(`id="${id}-wide-title"`);
  });

  it('have a title and a description that their id leads to', () => {
    const ids = all(page, / id="([^"]+)"/g);
    expect(new Set(ids).size).toBe(ids.length);
    const references = [
      ...all(page, /aria-labelledby="([^"]+)"/g).flatMap((list) => list.split(' ')),
      ...all(page, /url\(#([^)]+)\)/g),
    ];
    expect(references.length).toBeGreaterThan(20);
    for (const reference of references) expect(ids).toContain(reference);
  });

  it('take their colours from the page', () => {
    for (const placeholder of Object.values(palette)) expect(page).not.toContain(placeholder);
    const used = new Set(all(page, /var\((--chart-[\w-]+)\)/g));
    for (const name of used) expect(all(page, new RegExp(`${name}:`, 'g')).length, name).toBeGreaterThanOrEqual(2);
    expect(page).not.toMatch(/zr\d+-|ecmeta/);
  });

  it('draw no number that is not one', () => {
    expect(page).not.toMatch(/NaN|Infinity|undefined/);
    expect(renderHtml(runOf(emptyCase))).not.toMatch(/NaN|Infinity|undefined/);
  });
});
