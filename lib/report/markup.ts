/**
 * HTML as a value. Every text that goes into a page passes through here and is escaped; only markup made by this
 * module is taken as it is, so a use case whose description is a script stays a description.
 */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Part = Markup | string | number | null | readonly Part[];

/** Tagged template: literal parts are markup, values are text unless they are `Markup`; null is nothing, lists are joined. */
export function markup(literals: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  const text = literals.reduce((page, literal, index) => page + render(parts[index - 1] ?? null) + literal);
  return new Markup(text);
}

function render(part: Part): string {
  if (part === null) return '';
  if (part instanceof Markup) return part.text;
  if (typeof part === 'string' || typeof part === 'number') return escapeText(unbroken(String(part)));
  return part.map(render).join('');
}

/** A figure and its unit stay on one line. */
function unbroken(text: string): string {
  return text.replaceAll(/(\d) (?=%|(?:[kKMGTP]i?)?B(?:\/s)?\b|(?:USD|ms|s|min|h|d)\b)/g, '$1\u00a0');
}

/** To be copied as it stands, such as a command. */
export function verbatim(text: string): Markup {
  return new Markup(escapeText(text));
}

/** A name or path that may be broken after its dots and slashes and between its words, and nowhere else. */
export function dottedName(name: string): Markup {
  return new Markup(escapeText(name).replace(/[./]|[a-z](?=[A-Z])/g, '$&<wbr>'));
}

/** Safe as text and inside quoted attributes. */
export function escapeText(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
