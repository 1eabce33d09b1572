import { describe, expect, it } from 'vitest';
import { renderMarkdown } from '../../lib/report/markdown.ts';
import { courseCase, emptyCase, ordersCase, runOf } from '../fixtures/run.ts';

/** Cells of a table row, escaped bars left inside. */
function cells(row: string): number {
  return row.split(/(?<!\\)\|/).length;
}

describe('the Markdown of a run', () => {
  it('has a row for each requirement, in tables of even width', () => {
    const run = runOf(ordersCase);
    const text = renderMarkdown(run);
    for (const { requirement } of run.verdict.lines) expect(text).toContain(`| ${requirement} |`);
    for (const block of text.split('\n\n').filter((part) => part.startsWith('|'))) {
      const widths = block
        .split('\n')
        .filter((row) => row.startsWith('|'))
        .map(cells);
      expect(new Set(widths).size).toBe(1);
    }
  });

  it('begins with the verdict', () => {
    expect(renderMarkdown(runOf(courseCase)).split('\n')[0]).toBe('# course-events: met');
    expect(renderMarkdown(runOf(emptyCase))).toContain('No phase was measured.');
  });

  it('keeps texts of the user inert', () => {
    const run = runOf(courseCase);
    const description = 'a | b <script>alert(1)</script>\n# heading [x](javascript:1) `c`';
    const text = renderMarkdown({ ...run, plan: { ...run.plan, description } });
    expect(text).not.toMatch(/<script|\n# heading|\[x\]\(javascript/);
    expect(text).toContain('a \\| b &lt;script&gt;');
  });
});
