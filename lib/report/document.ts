/** One HTML file around a page: no script, no font, no picture from elsewhere, so it can be mailed and archived. */
import { Markup, markup } from './markup.ts';
import { style } from './style.ts';

export interface Page {
  readonly title: string;
  /** Above the heading. */
  readonly kind: string;
  readonly heading: string;
  /** Empty: none. */
  readonly lead: string;
  readonly facts: string;
  readonly body: Markup;
  readonly footer: string;
}

export function htmlDocument({ title, kind, heading, lead, facts, body, footer }: Page): string {
  return markup`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>${title}</title>
<style>${new Markup(style)}</style>
</head>
<body>
<header>
<p class="eyebrow">${kind}</p>
<h1>${heading}</h1>
${lead === '' ? null : markup`<p class="lead">${lead}</p>`}
<p class="facts">${facts}</p>
</header>
<main>
${body}</main>
<footer>${footer}</footer>
</body>
</html>
`.text;
}
