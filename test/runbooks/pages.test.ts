/** The form of the pages, and that what the tables know stands in them as the tables say it. */
import { describe, expect, it } from 'vitest';
import { alerts } from '../../lib/metrics.ts';
import { generatePage, regionsOf, type Subject, subjects } from '../../lib/runbooks/generated.ts';
import { alertSections, procedureSections, readPage, region, withRegion } from '../../lib/runbooks/page.ts';
import { type NamedPage, pages } from './all-pages.ts';

/** What is wrong with the form of a page. */
function formFaults({ id, text, page }: NamedPage): readonly string[] {
  const subject = subjects.get(id);
  if (subject === undefined) return [`${id} is the page of no alert and no procedure`];
  const wanted = 'alert' in subject ? alertSections : procedureSections;
  const found = page.sections.map(({ name }) => name);
  return [
    ...(found.join() === wanted.join()
      ? []
      : [`${id} has the sections ${found.join(', ')}: expected ${wanted.join(', ')}`]),
    ...page.sections.filter((section) => section.text === '').map(({ name }) => `${id}: ${name} says nothing`),
    ...(generatePage(id, text) === text ? [] : [`${id} is not as npm run generate writes it`]),
    ...Object.keys(regionsOf(subject)).flatMap((name) =>
      text.includes(`<!-- generated ${name} -->`) ? [] : [`${id} lacks the region generated ${name}`],
    ),
    ...(text.includes('<!-- drill -->') ? [] : [`${id} lacks the region drill`]),
    ...('alert' in subject ? alertFaults(id, subject, page) : []),
  ];
}

function alertFaults(
  id: string,
  subject: Extract<Subject, { alert: object }>,
  page: NamedPage['page'],
): readonly string[] {
  const { alert } = subject;
  const checks = page.steps.filter(({ section }) => section === 'Check');
  const acts = page.steps.filter(({ section }) => section === 'Act');
  const count = (places: readonly string[]): number => checks.filter(({ where }) => places.includes(where)).length;
  const decisions = page.sections.find(({ name }) => name === 'Decide')?.text ?? '';
  return [
    ...(alert.condition !== null && count(['anywhere', 'selfManaged', 'brokerHost']) < 3
      ? [`${id} has fewer than three checks for a self-managed cluster`]
      : []),
    ...(count(['anywhere', 'msk']) < 3 ? [`${id} has fewer than three checks for MSK`] : []),
    ...(decisions.startsWith('| seen | cause | do |') ? [] : [`${id}: Decide is no table of seen, cause, do`]),
    ...(decisions.split('\n').length >= 4 ? [] : [`${id}: Decide has fewer than two rows`]),
    ...(acts.length > 0 ? [] : [`${id} has no action`]),
    ...acts
      .filter(({ text }) => !/\bRisk: /.test(text) || !/\bRoll back: /.test(text))
      .map(({ title }) => `${id}: the action "${title}" lacks Risk: or Roll back:`),
  ];
}

describe('the pages', () => {
  it('have the form of their kind', () => {
    expect(pages.flatMap(formFaults)).toEqual([]);
  });

  it('lead to pages there are', () => {
    const links = pages.flatMap(({ id, text }) =>
      [...text.matchAll(/\]\(([^)#]+\.md)\)/g)].map(([, target = '']) => ({ id, target })),
    );
    expect(links.length).toBeGreaterThan(3);
    const known = new Set([...subjects.keys(), 'README'].map((id) => `${id}.md`));
    expect(links.filter(({ target }) => !known.has(target))).toEqual([]);
  });
});

describe('planted faults', () => {
  const [good] = pages.filter(({ id }) => id === 'KafkaOfflinePartitions');
  if (good === undefined) throw new Error('no page to plant faults into');
  const planted = (text: string): string => formFaults({ ...good, text, page: readPage(text) }).join('\n');

  it.each([
    ['a section is gone', (text: string) => text.replace('## False alarms', ''), 'has the sections'],
    ['a section is empty', (text: string) => text.replace(/(## Impact\n)[^#]+/, '$1\n'), 'Impact says nothing'],
    ['another meaning', (text: string) => text.replace('Nobody can write', 'All can write'), 'npm run generate'],
    ['an action without a way back', (text: string) => text.replace(/Roll back: impossible/, ''), 'lacks Risk: or'],
    ['no decisions', (text: string) => text.replace('| seen |', '| what |'), 'Decide is no table'],
    ['no place for the drill', (text: string) => text.replace('<!-- drill -->', ''), 'lacks the region drill'],
  ])('%s', (_what, plant, fault) => {
    expect(planted(good.text)).toBe('');
    expect(planted(plant(good.text))).toContain(fault);
  });

  it('a page of no alert', () => {
    expect(formFaults({ ...good, id: 'KafkaGone' })).toEqual(['KafkaGone is the page of no alert and no procedure']);
  });
});

describe('a page that nobody wrote', () => {
  it('begins with what the table knows, and is found to be empty', () => {
    const text = generatePage('KafkaAtMinIsr', null);
    expect(text).toContain(alerts.find(({ id }) => id === 'KafkaAtMinIsr')?.meaning);
    const faults = formFaults({ id: 'KafkaAtMinIsr', text, page: readPage(text) });
    expect(faults).toContain('KafkaAtMinIsr: Impact says nothing');
    expect(faults).not.toContain('KafkaAtMinIsr is not as npm run generate writes it');
  });
});

describe('reading a page', () => {
  it('gives the steps, their place, and their blocks', () => {
    const text =
      '# T\n\n## Check\n\n### 2. Look (MSK)\n\n```sh\na\n# b\n```\n\n## Act\n\n### A. Do (on the broker)\n\nx\n\n```sh\nc\n```\n';
    const { title, steps, blocks } = readPage(text);
    expect(title).toBe('T');
    expect(steps.map(({ section, title: step, where }) => [section, step, where])).toEqual([
      ['Check', '2. Look', 'msk'],
      ['Act', 'A. Do', 'brokerHost'],
    ]);
    expect(blocks).toMatchObject([
      { section: 'Check', where: 'msk', changes: false, line: 7, text: 'a\n# b' },
      { section: 'Act', where: 'brokerHost', changes: true, line: 18, text: 'c' },
    ]);
  });

  it('rewrites one region and nothing else', () => {
    const page = `a\n${region('drill', 'old')}\nb\n`;
    expect(withRegion(page, 'drill', 'new $1')).toBe('a\n<!-- drill -->\nnew $1\n<!-- /drill -->\nb\n');
    expect(withRegion('a', 'drill', 'new')).toBe('a');
  });
});
