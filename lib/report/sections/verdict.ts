/** The verdict in one sentence, what happened during the run, and each requirement with what was found. */
import { formatDurationMs } from '../../units.ts';
import type { Outcome, VerdictLine } from '../../verdict/types.ts';
import { evidenceText, foundText, marginText, outcomeWords, requiredText, typographic } from '../figures.ts';
import { countsText, headline } from '../headline.ts';
import { type Markup, markup } from '../markup.ts';
import type { Run } from '../types.ts';

/** A sign beside the word, so that neither colour nor font decides. */
const signs: Readonly<Record<Outcome, string>> = { met: '✓', notMet: '✕', inconclusive: '?' };

export function verdictSection(run: Run): Markup {
  const { outcome, lines, notes } = run.verdict;
  return markup`<section class="verdict ${outcome}" aria-label="Verdict">
${badge(outcome)}
<p>${sentence(headline(run))}</p>
</section>
${incidents(run)}
<section>
<h2>Requirements</h2>
<p class="lead">${countsText(run)}. Margin is how much room is left: required / found for upper bounds, found / required for lower ones.</p>
<div class="scroll"><table class="cards requirements" aria-label="Requirements">
<thead><tr><th scope="col">requirement</th><th scope="col">outcome</th><th scope="col" class="number">required</th><th scope="col" class="number">found</th><th scope="col" class="number">margin</th><th scope="col">evidence</th></tr></thead>
<tbody>
${lines.map((line) => rows(line, run))}</tbody>
</table></div>
${notes.length === 0 ? null : markup`<h3>What this verdict does not say</h3><ul class="plain">${notes.map((note) => markup`<li>${note}</li>`)}</ul>`}
</section>
`;
}

function rows(line: VerdictLine, run: Run): Markup {
  return markup`<tr class="${line.outcome}"><th scope="row">${line.requirement}</th><td data-label="outcome">${badge(line.outcome)}</td><td class="number" data-label="required">${typographic(requiredText(line))}</td><td class="number" data-label="found">${foundText(line, run)}</td><td class="number" data-label="margin">${typographic(marginText(line))}</td><td data-label="evidence">${evidenceText(line)}</td></tr>
<tr class="why"><td colspan="6">${line.reason}</td></tr>
`;
}

function badge(outcome: Outcome): Markup {
  return markup`<span class="badge ${outcome}"><span aria-hidden="true">${signs[outcome]}</span>${outcomeWords[outcome]}</span>`;
}

/** What happened to the run stands right under the verdict: nobody may read the figures without it. */
function incidents({ measurement }: Run): Markup | null {
  if (measurement.incidents.length === 0) return null;
  return markup`<section class="callout" aria-label="Incidents">
<h2>During the run</h2>
<ul class="plain">${measurement.incidents.map(({ atMs, message }) => markup`<li>${formatDurationMs(atMs)} into the run: ${message}</li>`)}</ul>
</section>
`;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${typographic(text.slice(1))}.`;
}
