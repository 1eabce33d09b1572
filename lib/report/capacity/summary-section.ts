/** The first page: verdict, the four figures a lead asks for, risks, assumptions. */
import { formatPercent } from '../../units.ts';
import { type Markup, markup } from '../markup.ts';
import type { CapacityReport, CapacityState, CapacitySummary } from './types.ts';
import { monthText, resourceName, usdText } from './words.ts';

/** More would not fit on the first page; what cannot be kept comes first. */
export const risksShown = 5;

/** Style of the run's report, sign and word of each state. */
export const states: Readonly<Record<CapacityState, { readonly style: string; readonly sign: string; word: string }>> =
  {
    fits: { style: 'met', sign: '✓', word: 'planned and proven' },
    planned: { style: 'inconclusive', sign: '?', word: 'planned, not proven' },
    missed: { style: 'notMet', sign: '✕', word: 'not met' },
  };

/** What a lead asks for, as label, figure and a few words; the same in every renderer. */
export function keyFigures(summary: CapacitySummary): readonly (readonly [string, string, string])[] {
  const { headroom, runsOut, monthsPlanned } = summary;
  return [
    [
      'headroom today',
      headroom === null ? 'not known' : formatPercent(headroom.today),
      headroom === null ? 'nothing was sized' : `${resourceName(headroom.binds)} is used most`,
    ],
    [
      'after the loss',
      headroom?.afterLoss == null ? 'not asked for' : formatPercent(headroom.afterLoss),
      headroom?.bindsAfterLoss == null ? '' : `${resourceName(headroom.bindsAfterLoss)} is used most`,
    ],
    [
      'runs out',
      runsOut === null ? 'not in sight' : monthText(runsOut.month),
      runsOut === null ? `nothing within ${monthsPlanned} months` : (runsOut.limits[0]?.split(':')[0] ?? ''),
    ],
    ['cost a month', usdText(summary.monthlyUsd), summary.costBasis],
  ];
}

export function summarySection({ summary }: CapacityReport): Markup {
  const { style, sign, word } = states[summary.state];
  return markup`<div class="first-page"><section class="verdict ${style}" aria-label="Verdict">
<span class="badge ${style}"><span aria-hidden="true">${sign}</span>${word}</span>
<p>${summary.verdict}.</p>
</section>
<section class="key-figures" aria-label="Key figures">
${keyFigures(summary).map(([label, figure, words]) => markup`<div><p class="label">${label}</p><p class="figure">${figure}</p><p class="words">${words}</p></div>\n`)}</section>
<section>
<h2>Risks</h2>
${risks(summary)}
<h3>What this rests on</h3>
<ul class="plain">${summary.assumptions.map((text) => markup`<li>${text}</li>`)}</ul>
</section></div>
`;
}

function risks({ risks: all }: CapacitySummary): Markup {
  if (all.length === 0) return markup`<p>None that the plan knows of.</p>`;
  const left = all.length - risksShown;
  return markup`<ul class="plain">${all.slice(0, risksShown).map(({ risk, remedy }) => markup`<li>${risk}${remedy === '' ? null : markup`. <span class="remedy">What to do: ${remedy}.</span>`}</li>`)}${left > 0 ? markup`<li>${left} more under “What was planned”.</li>` : null}</ul>`;
}
