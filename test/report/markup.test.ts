import { describe, expect, it } from 'vitest';
import { dottedName, escapeText, type Markup, markup } from '../../lib/report/markup.ts';

describe('markup', () => {
  it('escapes texts and numbers, keeps markup, joins lists, leaves out null', () => {
    const item = (text: string): Markup => markup`<li>${text}</li>`;
    expect(markup`<ul title="${'a"b'}">${['<b>', 'c'].map(item)}${null}${7}</ul>`.text).toBe(
      '<ul title="a&quot;b"><li>&lt;b&gt;</li><li>c</li>7</ul>',
    );
  });

  it('escapes what could end an attribute or begin an entity', () => {
    expect(escapeText(`<>&"'`)).toBe('&lt;&gt;&amp;&quot;&#39;');
  });

  it('breaks dotted names after their dots, escaped', () => {
    expect(dottedName('a.<b>').text).toBe('a.<wbr>&lt;b&gt;');
  });
});
