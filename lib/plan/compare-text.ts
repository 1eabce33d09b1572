/** Comparisons as text for the console: the same values that `--json` prints. */
import { formatBytes, formatCount, formatPercent } from '../units.ts';
import type { TargetOption } from './compare.ts';
import type { Outcome, Sensitivity } from './sensitivity.ts';
import { renderTable } from './table.ts';

/** One line a target, then what is not possible or not known, then the cost of later months. */
export function renderComparison(useCase: string, options: readonly TargetOption[]): string {
  const table = renderTable([
    ['target', 'smallest that holds', 'USD a month', 'USD a GB in', 'headroom', 'binds'],
    ...options.map((option) => [
      option.name,
      option.chosen ?? 'not possible',
      usd(option.monthlyUsd),
      option.usdPerProducedGb === null ? '-' : option.usdPerProducedGb.toFixed(3),
      percent(option.headroom),
      option.bindingConstraint ?? '-',
    ]),
  ]);
  const notes = options.flatMap(({ name, notes: each }) => each.map((note) => `  ${name}: ${note}`));
  const known = new Map(options.map(({ target, caveats }) => [target, caveats.map((each) => `  ${target}: ${each}`)]));
  const dates = [...new Set(options.flatMap(({ pricesAsOf }) => (pricesAsOf === null ? [] : [pricesAsOf])))];
  const title = `${useCase} on every target${dates.length === 0 ? '' : `, prices of ${dates.join(', ')}`}`;
  const months = options.find(({ curve }) => curve.length > 0)?.curve.map(({ month }) => month) ?? [];
  const curve =
    months.length === 0
      ? []
      : renderTable([
          ['USD a month in', ...months.map((month) => `month ${month}`)],
          ...options
            .filter((option) => option.curve.length > 0)
            .map((option) => [
              option.name,
              ...option.curve.map(({ chosen, monthlyUsd }) => (chosen === null ? 'nothing fits' : usd(monthlyUsd))),
            ]),
        ]);
  return sections([title], table, notes.length === 0 ? [] : ['notes', ...notes], curve, [
    'to know before choosing',
    ...[...known.values()].flat(),
  ]);
}

/** The plan as it is beside the plan as it would be. */
export function renderWhatIf(
  useCase: string,
  change: string,
  { base, changed }: { readonly base: Outcome; readonly changed: Outcome },
): string {
  const row = (label: string, show: (outcome: Outcome) => string): string[] => [label, show(base), show(changed)];
  const table = renderTable([
    ['', 'as it is', change],
    row('smallest', ({ chosen }) => chosen ?? 'nothing fits'),
    row('brokers', ({ brokers }) => (brokers === null ? '-' : String(brokers))),
    row('partitions', ({ partitions }) => (partitions === null ? '-' : formatCount(partitions))),
    row('required', ({ requiredBytes }) => (requiredBytes === null ? '-' : formatBytes(requiredBytes))),
    row('USD a month', ({ monthlyUsd }) => usd(monthlyUsd)),
    row('headroom', ({ headroom }) => percent(headroom)),
  ]);
  const reasons = [base, changed].flatMap(({ reason }) => (reason === null ? [] : [`  ${reason}`]));
  const known = new Set(base.warnings.map(({ code, path }) => `${code} ${path}`));
  const warned = changed.warnings.filter(({ code, path }) => !known.has(`${code} ${path}`));
  const more = (changed.partitions ?? 0) > (base.partitions ?? Number.POSITIVE_INFINITY);
  return sections(
    [`${useCase}, what if`],
    table,
    reasons,
    warned.length === 0 ? [] : ['warned of then', ...warned.map(({ path, message }) => `  ${path}: ${message}`)],
    more ? ['more partitions move keys: create the topic with them, or order per key breaks across the change'] : [],
  );
}

export function renderSensitivity(useCase: string, { base, inputs }: Sensitivity): string {
  const table = renderTable([
    ['input', 'change', 'smallest then', 'USD a month', 'difference', 'headroom'],
    ['as it is', '', base.chosen ?? 'nothing fits', usd(base.monthlyUsd), '', percent(base.headroom)],
    ...inputs.map(({ input, change, outcome, extraUsd }) => [
      input,
      change,
      outcome.chosen ?? 'nothing fits',
      usd(outcome.monthlyUsd),
      extraUsd === null ? '-' : `${extraUsd >= 0 ? '+' : ''}${usd(extraUsd)}`,
      percent(outcome.headroom),
    ]),
  ]);
  return sections([`${useCase}: what moves the result most, each changed alone, brokers free to choose`], table);
}

function sections(...parts: readonly (readonly string[])[]): string {
  return `${parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

/** Whole dollars. */
function usd(amount: number | null): string {
  return amount === null ? 'unknown' : formatCount(Math.round(amount));
}

function percent(fraction: number | null): string {
  return fraction === null ? '-' : formatPercent(fraction);
}
