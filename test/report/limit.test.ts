import { describe, expect, it } from 'vitest';
import { brief } from '../../bin/commands/limit.ts';
import type { LimitMeasurement } from '../../lib/measurement/limit/types.ts';
import { renderHtml } from '../../lib/report/html.ts';
import { answerText, causeText, conditionsText } from '../../lib/report/limit.ts';
import { renderMarkdown } from '../../lib/report/markdown.ts';
import { renderText } from '../../lib/report/text.ts';
import { courseCase, runOf } from '../fixtures/run.ts';
import { limitOf } from '../measurement/limit/found.ts';
import { latencyOf, probeOf, topicOf } from '../measurement/limit/probes.ts';
import { withMeasurement } from '../verdict/planted.ts';

const slow = probeOf({
  ratePerSec: 4_200,
  sustained: false,
  misses: ['orders: publish p99 80 ms, allowed 50 ms', 'lag grew by 120 records a second'],
  topics: [topicOf({ publish: latencyOf(80) })],
  resources: { ...probeOf().resources, diskBusy: 0.97 },
});
const limit = limitOf({ kind: 'rate', ratePerSec: 4_000, highPerSec: 4_200 }, [
  probeOf({ ratePerSec: 4_000 }),
  slow,
  slow,
]);
const runWith = (found: LimitMeasurement) =>
  runOf(withMeasurement(courseCase, { phases: [], tradeOff: null, retention: null, limit: found }));

describe('a search', () => {
  it('stands in the text with its answer, its cause and its conditions', () => {
    const text = renderText(runWith(limit));
    expect(text).toContain('4,000/s sustained and confirmed, 4,200/s not');
    expect(text).toContain("limited by the brokers' disks: the brokers' busiest disk was 97 % busy");
    expect(text).toContain('3 probes, 1.63 min of load; sustained means 99.5 % of the rate acknowledged');
    expect(text).toContain('sustainable rate');
    expect(text).not.toContain('trade-off');
  });

  it('stands in the page and in Markdown with every probe, in place of the phases', () => {
    for (const page of [renderHtml(runWith(limit)).replaceAll('\u00a0', ' '), renderMarkdown(runWith(limit))]) {
      expect(page).toContain('Highest sustained rate');
      expect(page.match(/publish p99 80 ms, allowed 50 ms \(and 1 more\)/g)).toHaveLength(2);
      expect(page).not.toContain('No phase was measured');
      expect(page).not.toContain('What acknowledgements cost');
    }
    expect(renderHtml(runWith(limit))).toContain('Publish p99 by offered rate');
  });

  it('on a cluster that others started says in every form what it could not see', () => {
    const blind = { host: null, brokerCpu: null, diskBusy: null, networkUsed: null };
    const probes = limit.probes.map((probe) => ({ ...probe, resources: { ...probe.resources, ...blind } }));
    const run = runWith(limitOf(limit.answer, probes));
    const words =
      "not at their limit: generator, replication; not seen from here, so not ruled out: brokers' CPU, disks, network";
    expect(renderText(run)).toContain(`limited by nothing that could be seen from here: ${words}`);
    for (const page of [renderHtml(run), renderMarkdown(run)])
      expect(page.replaceAll('\u00a0', ' ').replaceAll('&#39;', "'")).toContain(words);
    expect(brief(run)).toMatchObject({ cause: { place: 'unknown' }, notSeen: ['brokerCpu', 'disk', 'network'] });
    const short = runWith(limitOf({ kind: 'rate', ratePerSec: 800, highPerSec: 840 }, probes));
    expect(short.verdict.lines[0]?.reason).toContain("not ruled out: brokers' CPU, disks, network");
  });

  it('shows the use of the network where its bandwidth is stated', () => {
    const probes = limit.probes.map((probe) => ({ ...probe, resources: { ...probe.resources, networkUsed: 0.43 } }));
    const [stated, unstated] = [limitOf(limit.answer, probes), limit].map((found) => renderHtml(runWith(found)));
    expect(stated?.replaceAll('\u00a0', ' ')).toMatch(/>network<.*43 %/s);
    expect(unstated).not.toContain('>network<');
  });

  it('without a probe has no chart and claims nothing', () => {
    const none = limitOf({ kind: 'unresolved', lowPerSec: null, highPerSec: null }, []);
    expect(renderHtml(runWith(none))).not.toContain('Publish p99 by offered rate');
    expect(answerText(none)).toBe('not resolved, no rate sustained yet, none failed');
    expect(causeText(none)).toBe('no rate failed, so nothing was at its limit');
    expect(conditionsText(none)).toMatch(/^0 probes/);
  });
});
