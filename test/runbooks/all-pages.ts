/** The pages as they are in the repository. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../bench/package-root.ts';
import { type RunbookPage, readPage, type ShellBlock } from '../../lib/runbooks/page.ts';

export interface NamedPage {
  readonly id: string;
  readonly text: string;
  readonly page: RunbookPage;
}

export const pages: readonly NamedPage[] = readdirSync(join(packageRoot, 'runbooks'))
  .filter((name) => name.endsWith('.md') && name !== 'README.md')
  .map((name) => {
    const text = readFileSync(join(packageRoot, 'runbooks', name), 'utf8');
    return { id: name.slice(0, -'.md'.length), text, page: readPage(text) };
  });

/** Every shell block of every page, with where it stands, such as `runbooks/KafkaBrokerMissing.md:42`. */
export const blocks: readonly (ShellBlock & { readonly place: string })[] = pages.flatMap(({ id, page }) =>
  page.blocks.map((block) => ({ ...block, place: `runbooks/${id}.md:${block.line}` })),
);
