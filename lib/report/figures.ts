/** Figures of a verdict line as a reader wants them, the same in text, Markdown and HTML. */
import { formatBytes, formatCount, formatDurationMs, formatRate, formatSignedPercent } from '../units.ts';
import type { Outcome, VerdictLine } from '../verdict/types.ts';
import type { Run } from './types.ts';

export const outcomeWords: Readonly<Record<Outcome, string>> = {
  met: 'met',
  notMet: 'not met',
  inconclusive: 'inconclusive',
};

/** How a bound is to be read: the finding must not exceed it, must reach it, or must lie around it. */
export function boundOf({ required, unit }: VerdictLine): 'upper' | 'lower' | 'around' | 'exact' {
  if (typeof required === 'string' || required === 0) return 'exact';
  if (unit === '%') return 'around';
  return unit === 'records/s' || unit === 'bytes' ? 'lower' : 'upper';
}

/** `<= 50 ms`, `>= 200/s`, `+-3 %`, `0`. */
export function requiredText(line: VerdictLine): string {
  const sign = { upper: '<= ', lower: '>= ', around: '+-', exact: '' }[boundOf(line)];
  if (line.unit === '%') return `${sign}${line.required} %`;
  return `${sign}${figureText(line.required, line.unit)}`;
}

/** `4.4 ms`, `0 of 78,000`, `+1.1 %`; `-` when nothing was found. */
export function foundText(line: VerdictLine, { measurement }: Run): string {
  if (line.found === null) return '-';
  const topic = /^topics\.(.+)\.(loss|duplicates|order)$/.exec(line.id)?.[1];
  const total = measurement.integrity.find((integrity) => integrity.topic === topic)?.acknowledged;
  const figure = figureText(line.found, line.unit);
  return total === undefined ? figure : `${figure} of ${formatCount(total)}`;
}

/** `11.4x`; empty where there is none. */
export function marginText({ margin }: VerdictLine): string {
  if (margin === null) return '';
  if (margin >= 100) return `${formatCount(Math.round(margin))}x`;
  return margin >= 0.95 ? `${formatCount(Math.round(margin * 10) / 10)}x` : `${formatCount(margin)}x`;
}

export function evidenceText({ evidence, target, found }: VerdictLine): string {
  if (found === null) return 'no evidence';
  return evidence === 'predicted' ? `predicted for ${target}` : `${evidence} on ${target}`;
}

/** With real signs, where the reader's font surely has them. */
export function typographic(text: string): string {
  return text
    .replace('<= ', '≤ ')
    .replace('>= ', '≥ ')
    .replace('+-', '±')
    .replace(/(\d)x\b/g, '$1×');
}

export function figureText(value: number | string, unit: string): string {
  if (typeof value === 'string') return value;
  switch (unit) {
    case 'ms':
      return formatDurationMs(value);
    case '%':
      return formatSignedPercent(value / 100);
    case 'records/s':
      return formatRate(value);
    case 'bytes':
      return formatBytes(value);
    case 'USD/month':
      return `${formatCount(value)} USD/month`;
    default:
      return formatCount(value);
  }
}
