/** Tables of the report: headers that say what a column is, and labels that stay when a narrow page makes cards of rows. */
import { type Markup, markup } from '../markup.ts';

export interface Column<Row> {
  readonly name: string;
  readonly cell: (row: Row) => string | Markup;
  readonly kind?: 'number' | 'formula' | 'wrap';
}

/** The first column names the row. Becomes cards on narrow pages; `layout` is a class of the style sheet. */
export function table<Row>(
  caption: string,
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  layout: 'formulas' | '' = '',
): Markup {
  return markup`<div class="scroll"><table class="cards ${layout}" aria-label="${caption}">
<thead><tr>${columns.map(({ name, kind }) => markup`<th scope="col" class="${kind ?? ''}">${name}</th>`)}</tr></thead>
<tbody>
${rows.map((row) => markup`<tr>${columns.map((column, index) => cell(column, row, index === 0))}</tr>\n`)}</tbody>
</table></div>
`;
}

function cell<Row>({ name, kind, cell }: Column<Row>, row: Row, isFirst: boolean): Markup {
  return isFirst
    ? markup`<th scope="row">${cell(row)}</th>`
    : markup`<td class="${kind ?? ''}" data-label="${name}">${cell(row)}</td>`;
}
