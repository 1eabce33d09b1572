/** What the rounds of a grid say, as a sentence: each value against the first one, in the figures that answer the question. */
import { figures } from '../../lib/experiment/analyse.ts';
import { type Answer, answered, inconclusive } from '../../lib/experiment/scenario-result.ts';
import type { Analysis, Comparison, Figure } from '../../lib/experiment/types.ts';

export function effects(analysis: Analysis, shown: readonly Figure[]): Answer {
  const found = analysis.comparisons.filter(({ figure }) => shown.includes(figure));
  const known = found.filter(({ outcome }) => outcome !== 'unknown');
  if (known.length === 0) {
    const doubts = [...new Set(analysis.cells.flatMap((cell) => cell.doubts))];
    return inconclusive(`too few sound rounds to tell${doubts.length > 0 ? `: ${doubts.join('; ')}` : ''}.`);
  }
  const settings = [...new Set(known.map(nameOf))];
  const sentences = settings.map((name) => `${name}: ${listed(known.filter((one) => nameOf(one) === name))}`);
  return answered(`${sentences.join('; ')}.`);
}

function nameOf({ factor, value, against }: Comparison): string {
  return `${factor}=${value} against ${against}`;
}

function listed(comparisons: readonly Comparison[]): string {
  const changed = comparisons.filter(({ outcome }) => outcome !== 'equal');
  const equal = comparisons.filter(({ outcome }) => outcome === 'equal');
  const parts = changed.map(({ figure, ratio }) => `${figures[figure].name} x${ratio?.median.toFixed(2)}`);
  if (equal.length > 0) parts.push(`${equal.map(({ figure }) => figures[figure].name).join(' and ')} equal`);
  return parts.join(', ');
}
