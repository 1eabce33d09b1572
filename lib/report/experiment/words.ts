/** Figures and findings of an experiment in words, the same for console, Markdown and HTML. */
import { figures } from '../../experiment/analyse.ts';
import type { ExperimentResult } from '../../experiment/result.ts';
import type { Comparison, Figure } from '../../experiment/types.ts';
import type { Interval } from '../../measurement/types.ts';
import { formatCount, formatDurationMs } from '../../units.ts';

/** Figures that at least one cell has, in the order of the table of figures. */
export function measuredFigures({ analysis }: ExperimentResult): readonly Figure[] {
  return (Object.keys(figures) as Figure[]).filter((figure) =>
    analysis.cells.some((cell) => cell.figures[figure] !== null),
  );
}

/** `publish p99, ms` */
export function columnName(figure: Figure): string {
  const { name, unit } = figures[figure];
  return unit === '' ? name : `${name}, ${unit}`;
}

export function valueText(value: number): string {
  if (value === 0) return '0';
  if (Math.abs(value) >= 100) return formatCount(Math.round(value));
  return String(Number(value.toPrecision(3)));
}

/** `4.2 (4 to 4.5)`; a dash where nothing was found. */
export function intervalText(interval: Interval | null): string {
  if (interval === null) return '-';
  const { median, low, high } = interval;
  return low === high ? valueText(median) : `${valueText(median)} (${valueText(low)} to ${valueText(high)})`;
}

/** `x0.62 (0.58 to 0.66)` */
export function ratioText({ ratio }: Comparison): string {
  if (ratio === null) return '-';
  return `x${ratio.median.toFixed(2)} (${ratio.low.toFixed(2)} to ${ratio.high.toFixed(2)})`;
}

export const outcomeText: Readonly<Record<Comparison['outcome'], string>> = {
  higher: 'higher',
  lower: 'lower',
  equal: 'equal',
  unknown: 'too few rounds',
};

/** What a factor does, one sentence a value: only what differs is named. */
export function effectSentences({ analysis, factors }: ExperimentResult): readonly string[] {
  return factors.flatMap(({ name, values }) =>
    values.slice(1).map((value) => {
      const own = analysis.comparisons.filter((found) => found.factor === name && found.value === value);
      const changed = own.filter(({ outcome }) => outcome === 'higher' || outcome === 'lower');
      const known = own.filter(({ outcome }) => outcome !== 'unknown');
      const what = `${name}=${value} against ${name}=${values[0]}`;
      if (known.length === 0) return `${what}: too few rounds to tell.`;
      if (changed.length === 0) return `${what}: no measurable difference in any figure.`;
      return `${what}: ${changed.map((found) => `${figures[found.figure].name} ${ratioText(found)}`).join(', ')}; the rest is equal.`;
    }),
  );
}

/** The answer in a sentence, and what each cheaper setting gives up. */
export function answerLines({ analysis }: ExperimentResult): readonly string[] {
  const { cell, reason, cheaper } = analysis.recommendation;
  return [
    cell === null ? `inconclusive: ${reason}` : `take ${cell}: ${reason}`,
    ...cheaper.map((other) => `${other.cell} gains ${other.gains}, but ${other.givesUp}`),
  ];
}

/** Where, with what and how it was measured. */
export function methodText(result: ExperimentResult): string {
  const { environment, rounds, warmUpMs, measureMs, analysis, topic } = result;
  const { brokers, target, host, versions, hostNoiseP99Ms } = environment;
  const kafka = versions.kafka === undefined ? '' : `, Kafka ${versions.kafka}`;
  return `${analysis.cells.length} cells x ${rounds} interleaved rounds of ${formatDurationMs(measureMs)} after ${formatDurationMs(warmUpMs)} of warm-up on ${topic}; ${brokers} brokers (${target})${kafka}, ${host.cpus} cores, host noise p99 ${formatDurationMs(hostNoiseP99Ms)}. Medians with bootstrap intervals; a difference is one that an interval of 99 % and the sign test over the rounds agree on.`;
}
