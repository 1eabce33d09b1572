/** A report of changes as text for the console: the same value that `--json` prints. */
import { renderTable } from '../../plan/table.ts';
import { counted } from '../../units.ts';
import { type Change, type ChangeReport, type Effect, isError, type Step, shortPath } from './types.ts';

const effectWords: Readonly<Record<Effect, string>> = {
  add: 'add',
  remove: 'remove',
  replace: 'replace',
  rolling: 'rolling',
  inPlace: 'in place',
  refused: 'refused',
};

/** Ends in a line break. */
export function renderChanges(report: ChangeReport): string {
  const { before, after, changes, errors, steps } = report;
  const title = `${before} -> ${after}: `;
  if (changes.length === 0) return `${title}no change\n`;
  const sections = [
    [`${title}${counted(changes.length, 'change')}, ${counted(errors.length, 'error')}`],
    renderTable([['effect', 'of', 'what', 'from -> to'], ...rowsOf(changes)]).map((line) => line.trimEnd()),
    report.forbiddenTogether.map(
      ({ cluster, groups }) =>
        `forbidden together on ${cluster}: ${groups.join(', ')}; MSK takes one of them an update`,
    ),
    notesOf(changes),
    steps.length > 1 ? ['steps, each a deployment of its own:', ...steps.map(stepLine)] : [],
    errors.length > 0 ? ['errors, not to be deployed:', ...errors.map(errorLine)] : [],
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

/** What concerns data, brokers or clients line by line; of the rest, how many of each type. */
function rowsOf(changes: readonly Change[]): readonly (readonly string[])[] {
  const alone = changes.filter(matters);
  const rest = changes.filter((change) => !matters(change));
  const kinds = new Map<string, number>();
  for (const { effect, type } of rest) kinds.set(`${effect} ${type}`, (kinds.get(`${effect} ${type}`) ?? 0) + 1);
  return [
    ...alone.map((change) => [
      effectWords[change.effect],
      change.resource,
      change.path === '' ? `the ${change.type.split('::').at(-1)?.toLowerCase()}` : shortPath(change.path),
      change.path === '' ? '' : `${change.before ?? 'none'} -> ${change.after ?? 'none'}`,
    ]),
    ...[...kinds].map(([kind, n]) => {
      const [effect = '', type = ''] = kind.split(' ');
      return [effectWords[effect as Effect], `${n} x ${type}`, '', ''];
    }),
  ];
}

function matters({ holdsData, group, effect, type }: Change): boolean {
  return holdsData || group !== null || effect === 'refused' || type === 'clients';
}

/** Each remark once, with all that it is about; what stands among the errors is not said twice. */
function notesOf(changes: readonly Change[]): readonly string[] {
  const about = new Map<string, Set<string>>();
  for (const change of changes.filter((one) => one.reason !== '' && !isError(one))) {
    const name = change.path === '' ? change.resource : shortPath(change.path);
    about.set(change.reason, (about.get(change.reason) ?? new Set()).add(name));
  }
  const notes = [...about].map(([reason, names]) => `  ${[...names].join(', ')}: ${reason}`);
  return notes.length > 0 ? ['to mind:', ...notes] : [];
}

function stepLine({ step, what, effect, note }: Step): string {
  const wait = note === '' ? '' : `; ${note}`;
  return `  ${step}. ${what.join(', ')} (${effectWords[effect]})${wait}`;
}

function errorLine({ effect, resource, path, before, after, reason }: Change): string {
  const what = path === '' ? resource : `${shortPath(path)} of ${resource}, ${before ?? 'none'} -> ${after ?? 'none'}`;
  return `  ${effectWords[effect]}: ${what}${reason === '' ? '' : `\n    ${reason}`}`;
}
