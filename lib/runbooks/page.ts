/**
 * A runbook page as data: sections, steps, shell blocks. Form of a page (docs/monitoring.md has it for people):
 * `#` title, fixed `##` sections, `### 2. What to do (MSK)` a step; in brackets where it is done. Blocks are ```sh fences.
 * Regions between `<!-- generated NAME -->` and `<!-- /generated NAME -->` come from tables, the one between
 * `<!-- drill -->` and `<!-- /drill -->` from the drill; the rest is written by hand.
 */

/** Where the commands of a step run; `anywhere`: on a client machine, against either deployment. */
export type Place = 'anywhere' | 'selfManaged' | 'brokerHost' | 'msk';

const places: Readonly<Record<string, Place>> = {
  'self-managed': 'selfManaged',
  'on the broker': 'brokerHost',
  MSK: 'msk',
};

export const alertSections = [
  'Meaning',
  'Impact',
  'How soon',
  'Check',
  'Decide',
  'Act',
  'False alarms',
  'Keep',
  'Exercised',
] as const;
export const procedureSections = ['Before', 'Do', 'Verify', 'Roll back', 'Risks', 'Exercised'] as const;

/** Sections whose commands change something; those of all others only read. */
const changing: readonly string[] = ['Act', 'Do', 'Roll back'];

export interface ShellBlock {
  readonly section: string;
  readonly step: string;
  readonly where: Place;
  /** False: it only reads. */
  readonly changes: boolean;
  /** Of the fence, from 1. */
  readonly line: number;
  readonly text: string;
}

export interface Step {
  readonly section: string;
  readonly title: string;
  readonly where: Place;
  readonly line: number;
  /** Its lines without the heading. */
  readonly text: string;
}

export interface RunbookPage {
  readonly title: string;
  readonly sections: readonly { readonly name: string; readonly line: number; readonly text: string }[];
  readonly steps: readonly Step[];
  readonly blocks: readonly ShellBlock[];
}

export function readPage(text: string): RunbookPage {
  const lines = text.split('\n');
  const headings = headingsOf(lines);
  const body = (from: number, level: number): string => {
    const next = headings.find(({ index, depth }) => index > from && depth <= level);
    return lines
      .slice(from + 1, next?.index)
      .join('\n')
      .trim();
  };
  const sections = headings
    .filter(({ depth }) => depth === 2)
    .map(({ index, name }) => ({ name, line: index + 1, text: body(index, 2) }));
  const sectionAt = (line: number): string => sections.findLast((section) => section.line <= line)?.name ?? '';
  const steps = headings
    .filter(({ depth }) => depth === 3)
    .map(({ index, name }) => ({
      section: sectionAt(index + 1),
      ...placeOf(name),
      line: index + 1,
      text: body(index, 3),
    }));
  return {
    title: headings.find(({ depth }) => depth === 1)?.name ?? '',
    sections,
    steps,
    blocks: blocksOf(lines).map(({ line, text: block }) => {
      const section = sectionAt(line);
      const step = steps.findLast((each) => each.line <= line && each.section === section);
      return {
        section,
        step: step?.title ?? '',
        where: step?.where ?? 'anywhere',
        changes: changing.includes(section),
        line,
        text: block,
      };
    }),
  };
}

/** The page with a region rewritten; `name` is `drill` or `generated NAME`. A page without the region stays as it is. */
export function withRegion(page: string, name: string, content: string): string {
  const [opening, closing] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const from = page.indexOf(opening);
  const to = page.indexOf(closing, from);
  if (from < 0 || to < 0) return page;
  return `${page.slice(0, from)}${region(name, content)}${page.slice(to + closing.length)}`;
}

export function region(name: string, content: string): string {
  return `<!-- ${name} -->\n${content.trim()}\n<!-- /${name} -->`;
}

function placeOf(heading: string): { readonly title: string; readonly where: Place } {
  const [, title = heading, place = ''] = /^(.*) \(([^()]+)\)$/.exec(heading) ?? [];
  const where = places[place];
  return where === undefined ? { title: heading, where: 'anywhere' } : { title, where };
}

interface Heading {
  readonly index: number;
  readonly depth: number;
  readonly name: string;
}

function headingsOf(lines: readonly string[]): readonly Heading[] {
  let fenced = false;
  return lines.flatMap((line, index) => {
    if (line.startsWith('```')) fenced = !fenced;
    const [, marks = '', name = ''] = (fenced ? null : /^(#{1,3}) (.+)$/.exec(line)) ?? [];
    return marks === '' ? [] : [{ index, depth: marks.length, name: name.trim() }];
  });
}

function blocksOf(lines: readonly string[]): readonly { readonly line: number; readonly text: string }[] {
  const blocks: { line: number; text: string }[] = [];
  let from = -1;
  for (const [index, line] of lines.entries()) {
    if (from < 0 && line === '```sh') from = index;
    else if (from >= 0 && line === '```') {
      blocks.push({ line: from + 1, text: lines.slice(from + 1, index).join('\n') });
      from = -1;
    }
  }
  return blocks;
}
