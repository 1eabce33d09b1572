/** A page for one cluster: its names filled in, the steps of the other deployment left out, what is unknown told. */
import { type Place, readPage } from './page.ts';
import { fillPlaceholders, type PlaceholderName, type PlaceholderValues, placeholdersIn } from './placeholders.ts';

export type Deployment = 'selfManaged' | 'msk';

export interface RenderedPage {
  readonly text: string;
  /** Placeholders that stand in the text and have no value. */
  readonly open: readonly PlaceholderName[];
}

/** `deployment` null: not known, all steps stay. */
export function renderPage(page: string, values: PlaceholderValues, deployment: Deployment | null): RenderedPage {
  const kept = deployment === null ? page : withoutStepsOf(page, otherPlaces[deployment]);
  const plain = kept.replaceAll(/^<!-- .* -->\n/gm, '').replaceAll(/\n{3,}/g, '\n\n');
  const text = fillPlaceholders(plain, values);
  return { text, open: placeholdersIn(text) };
}

const otherPlaces: Readonly<Record<Deployment, readonly Place[]>> = {
  selfManaged: ['msk'],
  msk: ['selfManaged', 'brokerHost'],
};

function withoutStepsOf(page: string, places: readonly Place[]): string {
  const { steps, sections } = readPage(page);
  const starts = [...steps, ...sections].map(({ line }) => line).sort((a, b) => a - b);
  const lines = page.split('\n');
  const dropped = new Set<number>();
  for (const { line, where } of steps) {
    if (!places.includes(where)) continue;
    const end = starts.find((start) => start > line) ?? lines.length + 1;
    for (let each = line; each < end; each += 1) dropped.add(each);
  }
  return lines.filter((_, index) => !dropped.has(index + 1)).join('\n');
}
