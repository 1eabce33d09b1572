/**
 * A run as one HTML file: no script, no font, no picture from elsewhere, so it can be mailed and archived.
 * The verdict comes first, for somebody who reads nothing else; what it rests on follows.
 */
import { figureText } from './figures.ts';
import { Markup, markup } from './markup.ts';
import { experimentSections } from './sections/experiments.ts';
import { generatorSection } from './sections/generator.ts';
import { limitSection } from './sections/limit.ts';
import { loadSections } from './sections/load.ts';
import { planSection } from './sections/plan.ts';
import { recordSections } from './sections/record.ts';
import { verdictSection } from './sections/verdict.ts';
import { style } from './style.ts';
import { clusterText } from './summary.ts';
import type { Run } from './types.ts';

/** The same run gives the same page, byte for byte. */
export function renderHtml(run: Run): string {
  return page(run).text;
}

function page(run: Run): Markup {
  const { plan, environment } = run;
  return markup`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>${plan.useCase}: Headroom report</title>
<style>${new Markup(style)}</style>
</head>
<body>
<header>
<p class="eyebrow">Headroom report</p>
<h1>${plan.useCase}</h1>
${plan.description === '' ? null : markup`<p class="lead">${plan.description}</p>`}
<p class="facts">${clusterText(run)} · ${timeText(environment.startedAt)} · ${loadText(run)}</p>
</header>
<main>
${verdictSection(run)}${measuredSections(run)}${planSection(run)}${recordSections(run)}</main>
<footer>Run ${environment.runId}. The same figures for programs: verdict.json, measurement.json, plan.json and environment.json beside this page.</footer>
</body>
</html>
`;
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
