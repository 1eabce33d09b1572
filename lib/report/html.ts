/**
 * A run as one HTML file. The verdict comes first, for somebody who reads nothing else; what it rests on follows.
 */
import { htmlDocument } from './document.ts';
import { figureText } from './figures.ts';
import { type Markup, markup } from './markup.ts';
import { experimentSections } from './sections/experiments.ts';
import { generatorSection } from './sections/generator.ts';
import { limitSection } from './sections/limit.ts';
import { loadSections } from './sections/load.ts';
import { planSection } from './sections/plan.ts';
import { recordSections } from './sections/record.ts';
import { verdictSection } from './sections/verdict.ts';
import { clusterText } from './summary.ts';
import type { Run } from './types.ts';

/** The same run gives the same page, byte for byte. */
export function renderHtml(run: Run): string {
  const { plan, environment } = run;
  return htmlDocument({
    title: `${plan.useCase}: Headroom report`,
    kind: 'Headroom report',
    heading: plan.useCase,
    lead: plan.description,
    facts: `${clusterText(run)} · ${timeText(environment.startedAt)} · ${loadText(run)}`,
    body: markup`${verdictSection(run)}${measuredSections(run)}${planSection(run)}${recordSections(run)}`,
    footer: `Run ${environment.runId}. The same figures for programs: verdict.json, measurement.json, plan.json and environment.json beside this page.`,
  });
}

function measuredSections(run: Run): Markup {
  const { limit } = run.measurement;
  if (limit !== undefined) return limitSection(limit);
  return markup`${loadSections(run)}${experimentSections(run)}${generatorSection(run)}`;
}

/** `2026-11-21 04:10 UTC`. */
function timeText(startedAt: string): string {
  const match = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})/.exec(startedAt);
  return match === null ? startedAt : `${match[1]} ${match[2]} UTC`;
}

function loadText({ plan }: Run): string {
  const peak = plan.topics.reduce((sum, { load }) => sum + load.peakPerSec, 0);
  return `${plan.topics.length} ${plan.topics.length === 1 ? 'topic' : 'topics'}, ${figureText(peak, 'records/s')} at peak`;
}
