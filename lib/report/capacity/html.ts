/** The capacity report as one HTML file: one page for a lead, then what it rests on. */
import { htmlDocument } from '../document.ts';
import { type Markup, markup } from '../markup.ts';
import { calibrationSection } from './calibration-section.ts';
import { costSection } from './cost-section.ts';
import { detailSections } from './detail-sections.ts';
import { growthSection } from './growth-section.ts';
import { resourcesSection } from './resources-section.ts';
import { summarySection } from './summary-section.ts';
import type { CapacityReport } from './types.ts';
import { loadText } from './words.ts';

/** The same report gives the same page, byte for byte. */
export function renderCapacityHtml(report: CapacityReport): string {
  const { plan } = report;
  return htmlDocument({
    title: `${plan.useCase}: capacity report`,
    kind: 'Headroom capacity report',
    heading: plan.useCase,
    lead: plan.description,
    facts: `${plan.cluster.target}${plan.cost.region === null ? '' : `, ${plan.cost.region}`} · ${loadText(plan)}`,
    body: sections(report),
    footer: 'The same figures for programs: capacity.json beside this page.',
  });
}

function sections(report: CapacityReport): Markup {
  return markup`${summarySection(report)}${resourcesSection(report)}${calibrationSection(report)}${growthSection(report)}${costSection(report)}${detailSections(report)}`;
}
